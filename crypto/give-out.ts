// What a holder of keys gives out after the close (crypto.md §10.6–10.7): only for bids counted in the proven lot.close. Node and browser.
import { base64, unbase64, unhex } from './bytes.ts'
import { type Head, parseHead, wrapBindOf } from './header.ts'
import { type Json, parseCanonicalText } from './jcs.ts'
import { KeyError } from './keyprovider.ts'
import { verifyInclusion } from './merkle.ts'
import {
  type EnvelopeMessage,
  type LotCloseMessage,
  messageHash,
  messageText,
  type ReleaseMessage,
  type ReportMessage,
  readMessage,
} from './messages.ts'
import { noteHolds, readCheckpoint } from './note.ts'
import { shareCommit } from './seal.ts'
import type { Suites } from './suite.ts'
import { leafHex, ledgerLeaf } from './tlog.ts'
import { bindingHash, type UnwrapKey, unwrapSecret } from './wrap.ts'

/** An entry of the log (lot.close, or the one that opens a second envelope) with all that proves it. */
export interface ServedClose {
  payload: string
  salt: string
  idx: number
  proof: string[]
  checkpoint: string
}

export interface ServedBid {
  statementHash: string
  statement: string
  /** Its entry in the log, as lot.close lists it. */
  leaf: { idx: number; salt: string; payload: string } | null
  files: { fileId: string; role: string; stage: string; head: string }[]
}

export interface Bundle {
  close: ServedClose
  policy: { payload: string }
  /** Of a lot sealed in two envelopes (双信封): what opens the second, once it is opened. */
  envelope?: ServedClose | null
  bids: ServedBid[]
}

/** Whom the holder trusts. */
export interface TrustedKeys {
  log: { vkey: string }
  witnesses: { vkey: string }[]
}

export interface ProvenClose {
  message: LotCloseMessage
  checkpoint: { size: number; root: string }
  envelope: EnvelopeMessage | null
}

/** Throws unless the entry is in a checkpoint that the log signed and a witness cosigned; the checkpoint. */
function proveEntry(served: ServedClose, trusted: TrustedKeys, allowUncosigned: boolean): ProvenClose['checkpoint'] {
  const { salt, idx, proof, checkpoint: note } = served
  if (!noteHolds(note, trusted.log.vkey)) throw new Error('close: the log has not signed this checkpoint')
  const isCosigned = trusted.witnesses.some(({ vkey }) => noteHolds(note, vkey))
  if (!isCosigned && !allowUncosigned) throw new Error('close: no witness has cosigned this checkpoint')
  const { size, root } = readCheckpoint(note)
  const payload = parseCanonicalText(served.payload) as Record<string, Json>
  const leaf = ledgerLeaf(unhex(salt), payload)
  const isIn = verifyInclusion({ index: idx, size, leaf, proof: proof.map(unhex), root: unhex(root) })
  if (!isIn) throw new Error('close: not in this checkpoint')
  return { size, root }
}

/**
 * The close of a lot, or throws: nothing but its proven entry tells a holder of keys that the deadline has passed (crypto.md
 * §10.6). `allowUncosigned` is the supervisor's recorded act of §10.8. A second envelope is opened by an entry proved alike.
 */
export function proveClose(
  bundle: Pick<Bundle, 'close' | 'envelope'>,
  trusted: TrustedKeys,
  allowUncosigned = false,
): ProvenClose {
  const { close, envelope: served } = bundle
  const checkpoint = proveEntry(close, trusted, allowUncosigned)
  const message = readMessage('tbid/lot.close@1', close.payload)
  if (!served) return { message, checkpoint, envelope: null }
  proveEntry(served, trusted, allowUncosigned)
  const envelope = readMessage('tbid/envelope@1', served.payload)
  const isOfLot = envelope.platform === message.platform && envelope.lot === message.lot && envelope.round === message.round
  if (!isOfLot) throw new Error('envelope: of another lot')
  return { message, checkpoint, envelope }
}

/**
 * Throws unless it is this stage's turn: of a lot sealed in several (双信封) a holder gives out the first after the close, and a
 * later one only where a proven entry opens it, for the bids named there. The order of the stages is the sealed policy's.
 */
export function checkTurn(
  { policy, envelope }: { policy: Bundle['policy']; envelope: EnvelopeMessage | null },
  statement: string,
  { header: { bind } }: Head,
): void {
  if (messageHash(policy.payload) !== bind.policy) throw new Error('bundle: not the policy it was sealed under')
  const [first] = readMessage('tbid/policy@1', policy.payload).stages
  if (first!.stage === bind.stage) return
  if (envelope?.stage !== bind.stage || !envelope.passed.includes(statement))
    throw new Error('bundle: this envelope is not opened')
}

/** Throws unless the statement stands behind a leaf that lot.close counts: withdrawn and replaced bids stay closed. */
function checkCounted({ statement, statementHash, leaf }: ServedBid, close: LotCloseMessage): void {
  if (messageHash(statement) !== statementHash) throw new Error('bundle: the statement does not fit its hash')
  const listed = close.leaves.find(one => one.idx === leaf?.idx)
  if (!leaf || listed?.state !== 'counted') throw new Error('bundle: not a counted bid')
  const payload = parseCanonicalText(leaf.payload) as Record<string, Json>
  if (leafHex(leaf.salt, payload) !== listed.leaf || payload.statement !== statement)
    throw new Error('bundle: not the statement of its leaf')
}

/** The heads of a counted bid's files. Throws unless statement and heads are the ones that were committed. */
export function headsOf(suites: Suites, bid: ServedBid, close: LotCloseMessage): Head[] {
  checkCounted(bid, close)
  const stated = readMessage('tbid/submit@1', bid.statement)
  return bid.files.map(({ fileId, head }) => {
    const parsed = parseHead(suites, unbase64(head))
    if (stated.files.find(file => file.fileId === fileId)?.head !== parsed.hash)
      throw new Error('bundle: a head is not the one that was committed')
    return parsed
  })
}

type Part = ReleaseMessage['releases'][number]

/** A part, and whether a spare lock (备用锁, any but the first) gave it out. */
interface Found {
  part: Part
  isSpare: boolean
}

/** The bidder's part of a stage, if this key is among its locks. */
async function partB(statement: string, { header, suite }: Head, key: UnwrapKey): Promise<Found | null> {
  const locks = header.parts.b?.to ?? []
  const at = locks.findIndex(one => one.kid === key.kid)
  const wrap = locks[at]
  const secret = wrap && (await unwrapSecret(key, wrap, bindingHash(suite, wrapBindOf(header.bind), 'b')))
  return secret ? { part: { statement, part: 'b', value: base64(secret) }, isSpare: at > 0 } : null
}

type Slip = ReportMessage['reports'][number]

/** A part that was found, or why a wrap made for this key is of no use (crypto.md §10.7). */
type Tried = { found: Found } | { slip: Slip } | null

/** This key's share of a stage; null when none was dealt to it. */
async function share(statement: string, { header, suite }: Head, key: UnwrapKey): Promise<Tried> {
  const shares = header.parts.c?.shares ?? []
  const at = shares.findIndex(one => one.kid === key.kid)
  const wrap = shares[at]
  if (!wrap) return null
  const part = `c${at}`
  const useless = (code: Slip['code']): Tried => ({ slip: { statement, part, code } })
  const binding = bindingHash(suite, wrapBindOf(header.bind), part)
  const bytes = await unwrapSecret(key, wrap, binding).catch(damagedUnlessKey)
  if (bytes === 'damaged') return useless('damaged')
  if (!bytes) return useless('wrong-binding')
  if (shareCommit(suite, bytes) !== wrap.commit) return useless('dealt-wrong')
  return { found: { part: { statement, part, value: base64(bytes) }, isSpare: false } }
}

export interface GivenOut {
  /** Canonical text of tbid/release@1, to be signed; null when this key has nothing to give. */
  message: string | null
  /** Canonical text of tbid/report@1, to be signed, of shares dealt to this key that are of no use; null when there are none. */
  report: string | null
  given: number
  /** How many of them a spare lock gave out, the main key being lost. */
  bySpare: number
  /** Bids whose wrap this key could not use. */
  unusable: string[]
}

/** What this key can give out of a proven bundle. `progress` is told after each bid. */
export async function giveOut(
  suites: Suites,
  { bundle, close, org, keys }: { bundle: Bundle; close: ProvenClose; org: string; keys: UnwrapKey[] },
  progress: (done: number, total: number) => void = () => {},
): Promise<GivenOut> {
  const given: Found[] = []
  const reports: Slip[] = []
  const unusable: string[] = []
  let stage = ''
  for (const [at, bid] of bundle.bids.entries()) {
    const [head] = headsOf(suites, bid, close.message)
    if (head) checkTurn({ policy: bundle.policy, envelope: close.envelope }, bid.statementHash, head)
    const tried = head ? await firstPart(bid.statementHash, head, keys) : null
    if (tried && 'found' in tried) given.push(tried.found)
    else unusable.push(bid.statementHash)
    if (tried && 'slip' in tried) reports.push(tried.slip)
    stage ||= head?.header.bind.stage ?? ''
    progress(at + 1, bundle.bids.length)
  }
  const { platform, project, lot, round } = close.message
  const common = { platform, project, lot, round, org, stage, checkpoint: close.checkpoint }
  const releases = given.map(({ part }) => part)
  const message = releases.length > 0 ? messageText({ t: 'tbid/release@1', ...common, releases }) : null
  const report = reports.length > 0 ? messageText({ t: 'tbid/report@1', ...common, reports }) : null
  return { message, report, given: given.length, bySpare: given.filter(({ isSpare }) => isSpare).length, unusable }
}

/** What a wrap that does not open is; a key that cannot be used (no USB key, a wrong PIN) ends the release. */
function damagedUnlessKey(error: unknown): 'damaged' {
  if (error instanceof KeyError) throw error
  return 'damaged'
}

async function firstPart(statement: string, head: Head, keys: UnwrapKey[]): Promise<Tried> {
  let slip: Tried = null
  for (const key of keys) {
    const own = await partB(statement, head, key).catch(damagedUnlessKey)
    if (own && own !== 'damaged') return { found: own }
    const tried = await share(statement, head, key)
    if (tried && 'found' in tried) return tried
    slip ??= tried
  }
  return slip
}
