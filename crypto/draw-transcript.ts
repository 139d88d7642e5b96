// tbid/draw.transcript@1: everything an outsider needs to replay a draw, and the replay (crypto.md §4 step 10, §10.9–10.11).
import { drawPanel, hashOf, partyCommitment, readDraw, seedOf, shareHash } from './draw.ts'
import { checkFixed, type Finding, type FixedDraw, isMember, type TrustedKeys } from './draw-fixed.ts'
import { type DrawPrelude, type DrawShare, isSameDraw, isSignedBy, keysOf, readSigned, type Signed } from './draw-message.ts'
import { secretOf } from './draw-party.ts'
import {
  applyEvent,
  type Candidate,
  type ContactEvent,
  type Panel,
  panelOf,
  type Rules,
  type Seated,
  type Selection,
} from './draw-rules.ts'

export type ContactProof = { c: string; index: number; proof: string[] }

export type DrawTranscript = FixedDraw & {
  t: 'tbid/draw.transcript@1'
  drawId: string
  rules: Rules
  eligible: unknown[]
  shares: Signed<DrawShare>[]
  attempt: number
  selected: Seated[]
  alternates: { seat: string; cs: string[] }[]
  events: ContactEvent[]
  panel: Panel['places']
  contacted: ContactProof[]
}

export type Verdict = { broken: Finding[]; unproven: Finding[]; proven: Finding[] }

/** The outcome a set of revealed secrets leads to; null when no attempt seats a panel. */
export type Outcome = { selection: Selection; ranking: Candidate[]; seed: Uint8Array }

/**
 * Seed, selection and the ranking of the winning attempt, from what the parties revealed. The lists must be those whose hashes the prelude
 * names. Throws while a share is missing.
 */
export function outcomeOf(
  prelude: DrawPrelude,
  draw: { rules: unknown; eligible: unknown; shares: Signed<DrawShare>[] },
  v: Uint8Array,
): Outcome | null {
  const { rules, people } = readDraw(draw.rules, draw.eligible)
  const secrets: Record<string, Uint8Array> = {}
  for (const { party } of prelude.parties) {
    const r = secretOf(prelude, draw.shares, party)
    if (!r) throw new Error(`draw: shares of ${party} are missing`)
    secrets[party] = r
  }
  const seed = seedOf({
    drawId: prelude.drawId,
    poolRoot: prelude.pool.root,
    eligible: prelude.eligible.hash,
    rules: prelude.rules.hash,
    secrets,
    v,
  })
  const found = drawPanel(seed, rules, people)
  return found && { seed, ...found }
}

/** The panel after all contact events in log order. Throws on an event that the rules do not allow. */
export const replayEvents = (rules: Rules, outcome: Outcome, events: ContactEvent[]): Panel =>
  events.reduce((panel, event) => applyEvent(rules, outcome.ranking, panel, event), panelOf(outcome.selection))

const same = (a: unknown, b: unknown) => hashOf(a) === hashOf(b)

/** Each revealed share against its commit: signed by who published it, and the committed bytes. */
function checkShares(transcript: DrawTranscript, prelude: DrawPrelude): Finding[] {
  return transcript.shares.flatMap((one): Finding[] => {
    const { msg } = readSigned(one, 'tbid/draw.share@1')
    const commit = transcript.commits.find(entry => entry.payload.msg.party === msg.from)?.payload.msg
    const isAuthor = (msg.by === msg.from || msg.by === msg.to) && isSignedBy(one, keysOf(prelude, msg.by).sign)
    if (!isSameDraw(msg, prelude) || !isAuthor) return [{ code: 'share-signature', about: `${msg.from} → ${msg.to}` }]
    const fits = commit?.shares[msg.to]?.hash === shareHash(msg.drawId, msg.from, msg.to, Buffer.from(msg.share, 'base64'))
    return fits ? [] : [{ code: 'share-hash', about: `${msg.from} → ${msg.to}` }]
  })
}

/** A c_j that does not fit its shares is misconduct on record; the XOR counts all the same (crypto.md §10.10). */
function misfits(transcript: DrawTranscript, prelude: DrawPrelude): Finding[] {
  return transcript.commits.flatMap(({ payload: { msg } }): Finding[] => {
    const r = secretOf(prelude, transcript.shares, msg.party)
    return r && partyCommitment(msg.drawId, msg.party, r) === msg.c ? [] : [{ code: 'commitment-misfit', about: msg.party }]
  })
}

function checkLists(transcript: DrawTranscript, prelude: DrawPrelude): Finding[] {
  const broken: Finding[] = []
  if (hashOf(transcript.rules) !== prelude.rules.hash) broken.push({ code: 'rules-hash', about: '' })
  if (hashOf(transcript.eligible) !== prelude.eligible.hash) broken.push({ code: 'eligible-hash', about: '' })
  if (transcript.eligible.length !== prelude.eligible.size) broken.push({ code: 'eligible-size', about: '' })
  return broken
}

function checkContacts(transcript: DrawTranscript, prelude: DrawPrelude, panel: Panel): Finding[] {
  const proofs = new Map(transcript.contacted.map(one => [one.c, one]))
  if (proofs.size !== panel.contacted.length) return [{ code: 'contacted', about: '' }]
  return panel.contacted.flatMap((c): Finding[] => {
    const found = proofs.get(c)
    const root = Buffer.from(prelude.pool.root, 'hex')
    const stands = found && isMember(Buffer.from(c, 'hex'), found.index, prelude.pool.size, found.proof, root)
    return stands ? [] : [{ code: 'pool-proof', about: c }]
  })
}

function checkOutcome(transcript: DrawTranscript, prelude: DrawPrelude, v: Uint8Array): Finding[] {
  const outcome = outcomeOf(prelude, transcript, v)
  if (!outcome) return [{ code: 'infeasible', about: '' }]
  const { selection } = outcome
  const broken: Finding[] = []
  if (selection.attempt !== transcript.attempt) broken.push({ code: 'attempt', about: String(selection.attempt) })
  if (!same(selection.seated, transcript.selected)) broken.push({ code: 'selected', about: '' })
  if (!same(selection.alternates, transcript.alternates)) broken.push({ code: 'alternates', about: '' })
  const panel = replayEvents(transcript.rules, outcome, transcript.events)
  if (!same(panel.places, transcript.panel)) broken.push({ code: 'panel', about: '' })
  return [...broken, ...checkContacts(transcript, prelude, panel)]
}

const names = ['t', 'drawId', 'rules', 'eligible', 'prelude', 'commits', 'acks', 'previous', 'checkpoint', 'consistency', 'v']
const outcomeNames = ['shares', 'attempt', 'selected', 'alternates', 'events', 'panel', 'contacted']

function readTranscript(value: unknown): DrawTranscript {
  const found = typeof value === 'object' && value !== null ? Object.keys(value).sort().join() : ''
  if (found !== [...names, ...outcomeNames].sort().join()) throw new Error('transcript fields')
  const transcript = value as DrawTranscript
  if (transcript.t !== 'tbid/draw.transcript@1') throw new Error('transcript version')
  return transcript
}

/** Replays a whole draw. Broken: something does not hold. Unproven: consistent, but its issuer was not checked against anchors. */
export function verifyTranscript(value: unknown, trusted: TrustedKeys | null): Verdict {
  try {
    const transcript = readTranscript(value)
    const fixed = checkFixed(transcript, trusted)
    if (!fixed.v || fixed.broken.length > 0) return { broken: fixed.broken, unproven: fixed.unproven, proven: [] }
    const { prelude, v } = fixed
    const listed = [...checkLists(transcript, prelude), ...checkShares(transcript, prelude)]
    const broken = listed.length > 0 ? listed : checkOutcome(transcript, prelude, v)
    if (prelude.drawId !== transcript.drawId) broken.push({ code: 'draw-id', about: transcript.drawId })
    const proven: Finding[] = broken.length > 0 ? [] : [...fixed.proven, { code: 'replayed', about: prelude.drawId }]
    return { broken, unproven: fixed.unproven, proven: [...proven, ...(broken.length > 0 ? [] : misfits(transcript, prelude))] }
  } catch (error) {
    return { broken: [{ code: 'malformed', about: error instanceof Error ? error.message : '' }], unproven: [], proven: [] }
  }
}
