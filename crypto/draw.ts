// tbid-draw/1: commitments, seed, tickets and the ranking (crypto.md §4, §10.9–10.11). Everything is SHA-256 in both suites.
import { hash } from 'node:crypto'
import { checkFeasible } from './draw-feasible.ts'
import { type Candidate, maxAttempt, type Rules, readEligible, readRules, type Selection, seatRanking } from './draw-rules.ts'
import { canonical } from './jcs.ts'
import { treeRoot } from './merkle.ts'

/** What is committed to of one expert; v1 records have neither region nor status and one code. */
export type ExpertRecord =
  | { id: string; name: string; disc: string; emp: string }
  | { id: string; name: string; disc: string[]; region: string; emp: string; status: string }

const sha256 = (...parts: (string | Uint8Array)[]): Buffer => hash('sha256', Buffer.concat(parts.map(bytes)), 'buffer')
const bytes = (part: string | Uint8Array): Uint8Array => (typeof part === 'string' ? Buffer.from(part, 'utf8') : part)

// HMAC (RFC 2104) over crypto.hash: a third of the cost of createHmac, which the ranking of a large list feels.
const pad = (key: Uint8Array, byte: number) => Buffer.alloc(64, byte).map((value, at) => value ^ (key[at] ?? 0))
function hmacWith(key: Uint8Array): (message: Uint8Array) => Buffer {
  if (key.length > 64) throw new Error('draw: hmac key longer than a block')
  const [inner, outer] = [pad(key, 0x36), pad(key, 0x5c)]
  return message => hash('sha256', Buffer.concat([outer, hash('sha256', Buffer.concat([inner, message]), 'buffer')]), 'buffer')
}

/** SHA-256 over the RFC 8785 form, in hex: how rules, E and the excluded list are committed to. */
export const hashOf = (value: unknown): string => sha256(canonical(value)).toString('hex')

/** The salt of one expert's commitment; only the holder of the snapshot key can make or open it. */
export const expertSalt = (snapshotKey: Uint8Array, id: string): Uint8Array => hmacWith(snapshotKey)(Buffer.from(`salt\0${id}`))

/** Commitment C to one expert, in hex; it is at once the RFC 9162 leaf hash of the pool tree. */
export const expertLeaf = (salt: Uint8Array, record: ExpertRecord): string =>
  sha256(Buffer.of(0), 'tbid-draw/1 expert\0', salt, canonical(record)).toString('hex')

/** The same employer has the same tag within one draw and unlinkable tags between draws: 32 hex digits. */
export const employerTag = (snapshotKey: Uint8Array, drawId: string, employer: string): string =>
  hmacWith(snapshotKey)(Buffer.from(`emp\0${drawId}\0${employer}`))
    .toString('hex')
    .slice(0, 32)

/** RFC 9162 root over the commitments in ascending order, in hex. Throws on a repeat. */
export function poolRoot(leaves: string[]): string {
  const sorted = leaves.toSorted()
  if (sorted.some((leaf, at) => leaf === sorted[at - 1])) throw new Error('draw pool: repeated commitment')
  return Buffer.from(
    treeRoot(
      sorted.map(leaf => Buffer.from(leaf, 'hex')),
      sha256,
    ),
  ).toString('hex')
}

/** c_j: what a party logs before V, in hex. */
export const partyCommitment = (drawId: string, party: string, r: Uint8Array): string =>
  sha256(`tbid-draw/1 commit\0${drawId}\0${party}\0`, r).toString('hex')

/** Hash of one share of r_from held by `to`, in hex (crypto.md §10.10). */
export const shareHash = (drawId: string, from: string, to: string, share: Uint8Array): string =>
  sha256(`tbid-draw/1 share\0${drawId}\0${from}\0${to}\0`, share).toString('hex')

/** r_j is by definition the XOR of its 32-byte shares. */
export function joinShares(shares: Uint8Array[]): Uint8Array {
  if (shares.length === 0 || shares.some(share => share.length !== 32)) throw new Error('draw: shares of 32 bytes')
  return shares.reduce((all, share) => all.map((byte, at) => byte ^ share[at]!), new Uint8Array(32))
}

/** V from the witnessed checkpoint's root and the witness's cosignature line (from — to the end of its base64), crypto.md §10.9. */
export function publicValue(root: Uint8Array, cosignatureLine: string): Uint8Array {
  if (root.length !== 32 || !/^— \S+ [A-Za-z0-9+/]+={0,2}$/.test(cosignatureLine))
    throw new Error('draw: root or cosignature line')
  return sha256('tbid-draw/1 v\0', root, cosignatureLine)
}

/** What the seed is made of: hashes of E and rules as `hashOf` makes them; `secrets` maps each party to its r. */
export type SeedInputs = {
  drawId: string
  poolRoot: string
  eligible: string
  rules: string
  secrets: Record<string, Uint8Array>
  v: Uint8Array
}

/** The seed of step 6; parties contribute in ascending byte order of their ids. */
export function seedOf(inputs: SeedInputs): Uint8Array {
  const secrets = Object.entries(inputs.secrets).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return sha256(
    'tbid-draw/1 seed\0',
    sha256(inputs.drawId),
    Buffer.from(inputs.poolRoot, 'hex'),
    Buffer.from(inputs.eligible, 'hex'),
    Buffer.from(inputs.rules, 'hex'),
    ...secrets.map(([, r]) => r),
    inputs.v,
  )
}

/** People in ticket order of one attempt: HMAC under the seed, ascending as 256-bit numbers, ties by commitment. */
export function rank<P extends { c: string }>(seed: Uint8Array, people: P[], attempt: number): P[] {
  // The HMAC of hmacWith over two buffers made once: only C and the inner hash change from ticket to ticket.
  const inner = Buffer.concat([pad(seed, 0x36), Buffer.from('tbid-draw/1 ticket\0'), Buffer.alloc(4 + 32)])
  const outer = Buffer.concat([pad(seed, 0x5c), Buffer.alloc(32)])
  inner.writeUInt32BE(attempt, 64 + 19)
  const tickets = people.map(person => {
    inner.write(person.c, 64 + 19 + 4, 'hex')
    hash('sha256', inner, 'buffer').copy(outer, 64)
    return { person, key: hash('sha256', outer, 'hex') + person.c }
  })
  return tickets.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ person }) => person)
}

/**
 * Seats a panel from the seed: the first attempt whose ranking fills every seat, with that ranking; null when infeasible or attempt 999
 * fails.
 */
export function drawPanel(
  seed: Uint8Array,
  rules: Rules,
  people: Candidate[],
): { selection: Selection; ranking: Candidate[] } | null {
  for (let attempt = 0; attempt <= maxAttempt; attempt++) {
    const ranking = rank(seed, people, attempt)
    const selection = seatRanking(rules, ranking, attempt)
    if (selection) return { selection, ranking }
    // No attempt can seat a panel that does not exist; almost always the first one has seated it, and nobody need ask.
    if (attempt === 0 && !checkFeasible(rules, people).feasible) return null
  }
  return null
}

/** As `drawPanel`, the selection alone. */
export const selectPanel = (seed: Uint8Array, rules: Rules, people: Candidate[]): Selection | null =>
  drawPanel(seed, rules, people)?.selection ?? null

/** Rules and eligible list as they stand in a prelude or a transcript, checked against each other. Throws when malformed. */
export function readDraw(rulesJson: unknown, eligibleJson: unknown): { rules: Rules; people: Candidate[] } {
  const rules = readRules(rulesJson)
  return { rules, people: readEligible(eligibleJson, rules.v) }
}
