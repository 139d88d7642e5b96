// The opening as a bidder and its host live through it.
import { base64, unhex } from '../../crypto/bytes'
import { signDigest } from '../../crypto/cms'
import { canonical } from '../../crypto/jcs'
import { messageHash } from '../../crypto/messages'
import { type Api, codeOf, until } from './api'
import { readPublicLot } from './bid'
import { signerOf, signText } from './keys'
import type { Guest, Party } from './party'
import { readAnchors } from './release'

export interface HallBid {
  no: number
  organisation: string
  statement: string
  state: string
  isUnlocked: boolean
  read: { priceFen: string; priceWords: string; durationDays: number } | null
  /** Roles of what its first envelope holds; null where there is but one. */
  contents: string[] | null
  failure: { failure: string; fault: string } | null
  answer: { answer: string; text: string } | null
  reply: string | null
}

export interface Opening {
  lotId: string
  lotName: string
  now: string
  phase: string
  biddingEndsAt: string | null
  counted: number | null
  recordHash: string | null
  record: string | null
  /** `envelope`: which of two (双信封) it is about; null where one act opens everything. */
  hall: { bids: HallBid[]; envelope: 1 | 2 | null; proposal: { act: string } | null }
}

export const readOpening = (api: Api, lotId: string): Promise<Opening> => api.get<Opening>(`/lots/${lotId}/opening`)

/** Waits until the opening has come to one of these phases. */
export const waitForPhase = (api: Api, lotId: string, phases: string[], seconds: number): Promise<Opening> =>
  until({ what: `opening of ${lotId} to be ${phases.join(' or ')}`, seconds, everyMs: 250 }, async () => {
    const opening = await readOpening(api, lotId)
    return phases.includes(opening.phase) ? opening : null
  })

/** A bidder's signed word on the record it has read. Throws when the record does not have the hash it is served under. */
export async function answerRecord(party: Party, lotId: string, answer: 'no-objection' | 'objection', text = ''): Promise<void> {
  const [lot, opening, { platform }] = [
    await readPublicLot(party, lotId),
    await readOpening(party.api, lotId),
    await readAnchors(party),
  ]
  const { record, recordHash } = opening
  if (!record || messageHash(record) !== recordHash) throw new Error('opening: the record does not fit its hash')
  const scope = { platform, project: lot.project.id, lot: lotId, round: lot.round, org: party.organisationId }
  const word = canonical({ t: 'tbid/opening.confirm@1', ...scope, recordHash, answer, text })
  await party.api.post(`/lots/${lotId}/confirmations`, { answer, text, cms: await signText(party.keys, word) })
}

export const replyObjection = (agency: Party, lotId: string, organisationId: string, text: string): Promise<unknown> =>
  agency.api.post(`/lots/${lotId}/objections/${organisationId}/reply`, { text })

/** The agency calls the second envelope (开启第二信封), for now. Refused until the first is reviewed. */
export const callEnvelope = (agency: Guest, lotId: string): Promise<unknown> =>
  agency.api.post(`/lots/${lotId}/opening/acts`, { kind: 'second-envelope', cause: 'document', reason: '第一信封评审完毕' })

/** The supervisor agrees that it is opened. */
export const allowEnvelope = (supervisor: Guest, lotId: string): Promise<unknown> =>
  supervisor.api.post(`/lots/${lotId}/opening/acts/decision`, { kind: 'second-envelope', approved: true })

const signTries = 60

/** Signs the record where it is this party's turn; who comes second signs again what the first has signed. */
export async function signRecord(party: Party, lotId: string): Promise<void> {
  for (let left = signTries; ; left--) {
    const { room, sha256 } = await party.api.post<{ room: string; sha256: string }>(`/lots/${lotId}/record/room`)
    const cms = base64(await signDigest({ digest: unhex(sha256) }, signerOf(party.keys)))
    try {
      await party.api.post(`/lots/${lotId}/record/signatures`, { room, cms })
      return
    } catch (error) {
      if (codeOf(error) !== 'record-moved' || left === 0) throw error
      await new Promise(resolve => setTimeout(resolve, 50 + Math.random() * 250))
    }
  }
}
