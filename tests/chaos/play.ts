// An opening as its parties play it: each does its part as soon as it can, trying again through every failure.
import { codeOf, until } from '@/bin/client/api'
import { listCustody, releaseCustody } from '@/bin/client/custodian'
import { readEvaluation } from '@/bin/client/evaluation'
import { ownUnwrap } from '@/bin/client/keys'
import { allowEnvelope, answerRecord, callEnvelope, type Opening, readOpening, signRecord } from '@/bin/client/opening'
import type { Party } from '@/bin/client/party'
import { releaseWith } from '@/bin/client/release'
import { pause } from './arena'
import type { Cast, ChaosLot } from './cast'
import { expertActs } from './committee'

/** Of two envelopes (双信封) each has its sitting. */
type Sitting = 1 | 2
/** Something to be done; it is done once it gives anything. */
type Act = (opening: Opening) => Promise<unknown>

const everyMs = 150
const isEnd = (phase: string) => phase === 'recorded' || phase === 'aborted'

/** Runs an act until it has been done, whatever happens to the site meanwhile. */
async function insist(done: () => boolean, act: () => Promise<unknown>): Promise<void> {
  while (!done()) {
    if (await act().catch(() => null)) return
    await pause(everyMs)
  }
}

/** Where an opening stands to one of its sittings. */
function standing({ phase, hall }: Opening, sitting: Sitting): 'before' | 'now' | 'over' {
  if (isEnd(phase)) return 'over'
  if (sitting === 2) return hall.envelope === 2 ? 'now' : 'before'
  return hall.envelope === 2 || phase === 'intermission' ? 'over' : 'now'
}

/** What the hall shows, asked for by one for all. */
function watch({ agency }: Cast, { id }: ChaosLot, done: () => boolean) {
  let last: Opening | null = null
  const watching = insist(done, async () => {
    last = await readOpening(agency.api, id)
    return isEnd(last.phase)
  })
  return { last: () => last, watching }
}

/** Both envelopes of a lot are signed by everybody who may; where one act opens everything the platform's seal is left alone on the record. */
const signersOf = ({ agency, supervisor }: Cast, { envelopes }: ChaosLot, bidders: Party[]) =>
  envelopes === 2 ? [agency, supervisor, ...bidders] : []

/** The acts of one sitting. Who did not pass the first envelope gives no key for the second, and has no word on it. */
function actsOf(cast: Cast, lot: ChaosLot, sitting: Sitting): Act[] {
  const bidders = cast.bidders.filter(({ organisationId }) => sitting === 1 || organisationId !== lot.failing?.organisationId)
  const share = (party: Party) => async () => {
    const item = (await listCustody(party)).find(one => one.lotId === lot.id)
    return item && releaseCustody(party, item)
  }
  const own = (party: Party) => async () => releaseWith(party, lot.id, await ownUnwrap(party.keys))
  const agree = (party: Party) => async (opening: Opening) => {
    if (!opening.recordHash) return null
    await answerRecord(party, lot.id, 'no-objection')
    return true
  }
  const sign = (party: Party) => async (opening: Opening) => {
    if (opening.phase !== 'signing') return null
    return signRecord(party, lot.id).then(
      () => true,
      (error: unknown) => codeOf(error) === 'already-done',
    )
  }
  return [
    ...cast.custodians.map(share),
    ...(lot.mode === 'both' ? bidders.map(own) : []),
    ...bidders.map(agree),
    ...signersOf(cast, lot, bidders).map(sign),
  ]
}

/** Between the sittings the agency calls the second envelope once every sheet is locked, and the supervisor agrees; done once it is opened. */
function callActs({ agency, supervisor }: Cast, { id }: ChaosLot): Act[] {
  const call = async ({ phase, hall }: Opening) => {
    if (phase !== 'intermission' || hall.proposal) return null
    const { members } = await readEvaluation({ api: agency.api, lotId: id })
    if (members.length > 0 && members.every(member => member.lockedAt !== null)) await callEnvelope(agency, id)
    return null
  }
  const allow = async ({ hall }: Opening) => {
    if (hall.proposal?.act === 'second-envelope') await allowEnvelope(supervisor, id)
    return null
  }
  return [call, allow]
}

/** Every party plays its part of the opening of a lot. `done` ends it. */
export async function playOpening(cast: Cast, lot: ChaosLot, done: () => boolean): Promise<void> {
  const { last, watching } = watch(cast, lot, done)
  const during = (sitting: Sitting, wanted: 'before' | 'now', act: Act) =>
    insist(done, async () => {
      const opening = last()
      if (!opening) return null
      const stands = standing(opening, sitting)
      if (stands === wanted) return act(opening)
      return stands === 'over' || wanted === 'before'
    })
  const sittings: Sitting[] = lot.envelopes === 2 ? [1, 2] : [1]
  const between = lot.envelopes === 2 ? callActs(cast, lot) : []
  const committee = lot.envelopes === 2 ? cast.experts.flatMap(expert => expertActs(expert, lot)) : []
  await Promise.all([
    watching,
    ...sittings.flatMap(sitting => actsOf(cast, lot, sitting).map(act => during(sitting, 'now', act))),
    ...[...between, ...committee].map(act => during(2, 'before', act)),
  ])
}

/** Waits for the published record, of two envelopes that of the second. Null when it does not come. */
export const recorded = (cast: Cast, lot: ChaosLot, seconds: number) =>
  until({ what: 'the published record', seconds, everyMs: 300 }, async () => {
    const opening = await readOpening(cast.agency.api, lot.id).catch(() => null)
    return opening && isEnd(opening.phase) ? opening : null
  }).catch(() => null)
