// The signed messages of sealing and opening (crypto.md §10.6): canonical JSON with exactly these fields, signed as detached CMS over the bytes.
import { sha256 } from '@noble/hashes/sha2.js'
import { hex, unbase64, unhex, utf8 } from './bytes.ts'
import { pointOfSpki } from './ec-key.ts'
import { canonical, parseCanonicalText } from './jcs.ts'
import { treeRoot } from './merkle.ts'
import {
  base64Text,
  type Check,
  type Checked,
  described,
  expectShape,
  hex32,
  hex64,
  integer,
  type JsonSchema,
  list,
  name128,
  nullable,
  oneOf,
  record,
  text,
} from './schema.ts'

const scope = { platform: name128, project: name128, lot: name128, round: integer(1) }
const bytes91 = base64Text(91, 91)
/** An uncompressed point of P-256 or SM2 by its named curve. */
const spki = described(bytes91.schema ?? {}, (value): value is string => bytes91(value) && pointOfSpki(unbase64(value)) !== null)
const instant = described({ type: 'string', format: 'date-time' }, (value): value is string => {
  return typeof value === 'string' && !Number.isNaN(new Date(value).getTime()) && new Date(value).toISOString() === value
})
const checkpoint = record({ size: integer(0), root: hex64 })

/** A custodian's public key for one lot and round, signed with its certificate. */
const lotKey = record({ t: oneOf('tbid/lotkey@1'), ...scope, org: name128, spki })

const custodian = record({ org: name128, group: name128, cert: hex64, lotKey: spki })
const policyStage = record({
  stage: name128,
  roles: list(name128, 1, 64),
  mode: oneOf('bidder', 'custody', 'both', 'rescue'),
  k: integer(0, 9),
  custodians: list(custodian, 0, 9),
})

/** The lot's sealing policy, signed by the agency and cosigned by each custodian. It holds no deadline. */
const policy = record({
  t: oneOf('tbid/policy@1'),
  ...scope,
  suite: oneOf('intl', 'gm'),
  stages: list(policyStage, 1, 9),
  /** Fingerprints of accepted time-stamping certificates. */
  tsa: list(hex64, 0, 9),
  /** Verifier keys of accepted witnesses (C2SP vkey). */
  witnesses: list(text(/^\S+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/), 0, 9),
  prev: nullable(hex64),
})

const submittedFile = record({
  fileId: hex32,
  role: name128,
  stage: name128,
  size: integer(1),
  root: hex64,
  head: hex64,
  twin: hex64,
})

/** A bid, its replacement (prev = SHA-256 of the former statement) or, with no files, its withdrawal. */
const submit = record({
  t: oneOf('tbid/submit@1'),
  ...scope,
  policy: hex64,
  org: name128,
  cert: hex64,
  seq: integer(1),
  prev: nullable(hex64),
  files: list(submittedFile, 0, 64),
})

/** Keeps a sealed bid after a change that leaves policy and keys as they were. */
const confirm = record({
  t: oneOf('tbid/confirm@1'),
  ...scope,
  policy: hex64,
  org: name128,
  cert: hex64,
  statement: hex64,
  /** The correction notice, by id and SHA-256 of its text. */
  notice: name128,
  noticeHash: hex64,
})

const partName = text(/^(?:b|c[0-8])$/)

/** Parts of keys, given out after the lot has closed. `value`: the bare secret, or the share y ‖ x. */
const release = record({
  t: oneOf('tbid/release@1'),
  ...scope,
  org: name128,
  stage: name128,
  checkpoint,
  releases: list(record({ statement: hex64, part: partName, value: base64Text(1, 64) }), 1),
})

/** A custodian's report of wraps it could not use; each counts as a missing release (crypto.md §10.7). */
const report = record({
  t: oneOf('tbid/report@1'),
  ...scope,
  org: name128,
  stage: name128,
  checkpoint,
  reports: list(record({ statement: hex64, part: partName, code: oneOf('dealt-wrong', 'damaged', 'wrong-binding') }), 1),
})

const closedLeaf = record(
  { idx: integer(0), leaf: hex64, state: oneOf('counted', 'replaced', 'withdrawn', 'void', 'confirmation') },
  { by: integer(0) },
)

/** What stood in the lot when it closed. Bidders and custodians take the deadline only from here (crypto.md §10.6). */
const lotClose = record({
  t: oneOf('tbid/lot.close@1'),
  ...scope,
  closedAt: instant,
  checkpoint,
  leaves: list(closedLeaf),
  lotRoot: hex64,
  counted: integer(0),
})

/**
 * Opens the second envelope (双信封) of the bids that passed the first; the others stay sealed. Holders of keys give out a later
 * stage only on this entry, cosigned, and only of the bids it names.
 */
const envelope = record({
  t: oneOf('tbid/envelope@1'),
  ...scope,
  stage: name128,
  /** Statements by SHA-256. */
  passed: list(hex64, 1),
  unopened: list(hex64),
})

const shapes = {
  'tbid/lotkey@1': lotKey,
  'tbid/policy@1': policy,
  'tbid/submit@1': submit,
  'tbid/confirm@1': confirm,
  'tbid/release@1': release,
  'tbid/report@1': report,
  'tbid/lot.close@1': lotClose,
  'tbid/envelope@1': envelope,
}

/**
 * JSON Schema (2020-12) of every message by its type, from the very checks that read them. What a schema cannot say (canonical bytes,
 * fields that must agree) the reader checks beside it.
 */
export const messageSchemas: Record<string, JsonSchema> = Object.fromEntries(
  Object.entries(shapes).map(([t, check]) => [
    t,
    { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: `urn:${t.replace('/', ':')}`, title: t, ...check.schema },
  ]),
)

export type LotKeyMessage = Checked<typeof lotKey>
export type PolicyMessage = Checked<typeof policy>
export type PolicyStage = Checked<typeof policyStage>
export type SubmitMessage = Checked<typeof submit>
export type ConfirmMessage = Checked<typeof confirm>
export type ReleaseMessage = Checked<typeof release>
export type ReportMessage = Checked<typeof report>
export type LotCloseMessage = Checked<typeof lotClose>
export type EnvelopeMessage = Checked<typeof envelope>
export type ClosedLeaf = Checked<typeof closedLeaf>
export type MessageType = keyof typeof shapes
export type Message<T extends MessageType = MessageType> = { [K in T]: Checked<(typeof shapes)[K]> }[T]

const isUnique = (values: (string | number)[]) => new Set(values).size === values.length

const isSoundPolicy = ({ stages }: PolicyMessage) =>
  isUnique(stages.map(stage => stage.stage)) &&
  isUnique(stages.flatMap(stage => stage.roles)) &&
  stages.every(({ mode, k, custodians }) =>
    mode === 'bidder' ? k === 0 && custodians.length === 0 : k >= 2 && k <= custodians.length,
  )

const isSoundSubmit = ({ seq, prev, files }: SubmitMessage) =>
  (seq === 1) === (prev === null) &&
  (seq > 1 || files.length > 0) &&
  isUnique(files.map(file => file.fileId)) &&
  isUnique(files.map(file => file.role))

function isSoundClose({ leaves, lotRoot, counted, checkpoint }: LotCloseMessage): boolean {
  const ordered = leaves.every((leaf, at) => (at === 0 || leaf.idx > leaves[at - 1]!.idx) && leaf.idx < checkpoint.size)
  const replaced = leaves.every(
    leaf => (leaf.state === 'replaced') === (leaf.by !== undefined) && (leaf.by ?? leaf.idx + 1) > leaf.idx,
  )
  return (
    ordered && replaced && counted === leaves.filter(leaf => leaf.state === 'counted').length && lotRoot === lotRootOf(leaves)
  )
}

/** RFC 9162 root over the leaf hashes of the counted leaves, in index order, hex; `hash` is SHA-256, whosever is at hand. */
export const lotRootOf = (leaves: ClosedLeaf[], hash: (bytes: Uint8Array) => Uint8Array = sha256): string => {
  const counted = leaves.filter(leaf => leaf.state === 'counted')
  return hex(
    treeRoot(
      counted.map(leaf => unhex(leaf.leaf)),
      hash,
    ),
  )
}

function isSound(message: Message): boolean {
  if (message.t === 'tbid/policy@1') return isSoundPolicy(message)
  if (message.t === 'tbid/submit@1') return isSoundSubmit(message)
  if (message.t === 'tbid/lot.close@1') return isSoundClose(message)
  if (message.t === 'tbid/envelope@1') return isUnique([...message.passed, ...message.unopened])
  if (message.t === 'tbid/release@1') return isUnique(message.releases.map(one => one.statement + one.part))
  return true
}

/** Reads a message of one type from its canonical text. Throws on another type, another form, or fields that contradict each other. */
export function readMessage<T extends MessageType>(type: T, canonicalText: string): Message<T> {
  return checkMessage(type, parseCanonicalText(canonicalText))
}

function checkMessage<T extends MessageType>(type: T, value: unknown): Message<T> {
  const shape: Check<Message<T>> = (given): given is Message<T> => shapes[type](given)
  const message = expectShape(shape, value, type)
  if (!isSound(message)) throw new Error(`${type}: contradicts itself`)
  return message
}

/** The canonical text of a message: what is signed and logged. Throws when it is not a sound message of its type. */
export const messageText = <T extends MessageType>(message: Message<T> & { t: T }): string =>
  canonical(checkMessage(message.t, message))

/** SHA-256 of a canonical text, hex: how statements and policies are referred to, in both suites. */
export const messageHash = (canonicalText: string): string => hex(sha256(utf8(canonicalText)))
