// The header of a sealed file, `tbid-seal/1` (crypto.md §2.2, §10.4), and the head: magic ‖ u32be(L) ‖ header ‖ salt ‖ commitment.
import { type Bytes, concat, equal, hex, readU32be, u32be, utf8 } from './bytes.ts'
import { bodyHeadBytes, saltBytes } from './chunked.ts'
import { canonical, canonicalBytes, parseCanonical } from './jcs.ts'
import { base64Text, type Check, expectShape, hex32, hex64, integer, list, name128, oneOf, record, rfc3339z } from './schema.ts'
import type { Suite, SuiteId, Suites } from './suite.ts'
import type { Wrap, WrapBind } from './wrap.ts'

export interface SealBind extends WrapBind {
  fileId: string
  role: string
}

export interface ShareWrap extends Wrap {
  /** H(`tbid-seal/1 share\0` ‖ share), hex. */
  commit: string
}

export interface SealParts {
  b?: { to: Wrap[] }
  c?: { k: number; shares: ShareWrap[] }
}

export type PartName = 'b' | 'c'
/** OR of AND-lists: the parts of one list XOR to K_stage. */
export type Release = PartName[][]
export type ReleaseMode = 'bidder' | 'custody' | 'both' | 'rescue'

export interface SealHeader {
  v: 'tbid-seal/1'
  suite: SuiteId
  bind: SealBind
  release: Release
  parts: SealParts
}

export const releaseOf: Record<ReleaseMode, Release> = {
  bidder: [['b']],
  custody: [['c']],
  both: [['b', 'c']],
  rescue: [['b'], ['c']],
}

const allowedReleases = new Set(Object.values(releaseOf).map(release => canonical(release)))
const isRelease: Check<Release> = (value): value is Release => Array.isArray(value) && allowedReleases.has(canonical(value))

const bindShape = record({
  project: name128,
  lot: name128,
  round: integer(1),
  stage: name128,
  fileId: hex32,
  role: name128,
  deadline: rfc3339z,
  bidderCert: hex64,
  policy: hex64,
})

const ct = base64Text(1, 1024)
const enc = base64Text(65, 65)
const sm2Wrap = { alg: oneOf('SM2'), kid: hex64, ct }
const hpkeWrap = { alg: oneOf('HPKE-P256'), kid: hex64, ct, enc }
const rsaWrap = { alg: oneOf('RSA-OAEP-256'), kid: hex64, ct }
const either =
  <A, B>(a: Check<A>, b: Check<B>): Check<A | B> =>
  (value): value is A | B =>
    a(value) || b(value)

const bOf: Record<SuiteId, Check<Wrap>> = { intl: either(record(hpkeWrap), record(rsaWrap)), gm: record(sm2Wrap) }
const cOf: Record<SuiteId, Check<ShareWrap>> = {
  intl: record({ ...hpkeWrap, commit: hex64 }),
  gm: record({ ...sm2Wrap, commit: hex64 }),
}

const outline = record({
  v: oneOf('tbid-seal/1'),
  suite: oneOf('intl', 'gm'),
  bind: bindShape,
  release: isRelease,
  parts: (value: unknown): value is object => typeof value === 'object' && value !== null,
})

/** The header in these bytes. Throws unless they are canonical JSON with exactly the fields of crypto.md §10.4. */
export function parseHeader(bytes: Uint8Array): SealHeader {
  const header = expectShape(outline, parseCanonical(bytes), 'header')
  const used = new Set(header.release.flat())
  const partsShape = record({
    ...(used.has('b') ? { b: record({ to: list(bOf[header.suite], 1, 4) }) } : {}),
    ...(used.has('c') ? { c: record({ k: integer(2, 9), shares: list(cOf[header.suite], 2, 9) }) } : {}),
  })
  const parts: SealParts = expectShape(partsShape, header.parts, 'header parts')
  if (parts.c && parts.c.k > parts.c.shares.length) throw new Error('header parts: k above n')
  return { ...header, parts }
}

const magic = utf8('TBIDSEAL')
const maxHeader = 65_536

/** Magic, length and header: everything before the body, and so the body's context. */
export function headerBytes(header: SealHeader): Bytes {
  const json = canonicalBytes(header)
  parseHeader(json)
  if (json.length > maxHeader) throw new Error('header: too long')
  return concat(magic, u32be(json.length), json)
}

/** The first bytes of a sealed file, read. */
export interface Head {
  header: SealHeader
  suite: Suite
  /** All 12 + L + 56 of them. */
  bytes: Uint8Array
  /** Salt ‖ commitment. */
  bodyHead: Uint8Array
  salt: Uint8Array
  commitment: Uint8Array
  /** H(all before the body): binds the body to the header. */
  context: Uint8Array
  /** H(bytes), hex: `head` in a statement. */
  hash: string
}

/** Length of a file's head, from its first 12 bytes. Throws when it is no sealed file. */
export function headLength(first: Uint8Array): number {
  if (first.length < 12 || !equal(first.subarray(0, 8), magic)) throw new Error('not a TBIDSEAL file')
  const length = readU32be(first, 8)
  if (length < 2 || length > maxHeader) throw new Error('header: length out of range')
  return 12 + length + bodyHeadBytes
}

/** Reads the head at the start of the given bytes; what follows is ignored. Throws when it is cut short or malformed. */
export function parseHead(suites: Suites, file: Uint8Array): Head {
  const length = headLength(file)
  if (file.length < length) throw new Error('head: cut short')
  const bytes = file.subarray(0, length)
  const bodyAt = length - bodyHeadBytes
  const header = parseHeader(bytes.subarray(12, bodyAt))
  const suite = suites[header.suite]
  const bodyHead = bytes.subarray(bodyAt)
  return {
    header,
    suite,
    bytes,
    bodyHead,
    salt: bodyHead.subarray(0, saltBytes),
    commitment: bodyHead.subarray(saltBytes),
    context: suite.hash(bytes.subarray(0, bodyAt)),
    hash: hex(suite.hash(bytes)),
  }
}

/** What all wraps of a stage are bound to: bind without fileId and role. */
export function wrapBindOf({ project, lot, round, stage, deadline, bidderCert, policy }: SealBind): WrapBind {
  return { project, lot, round, stage, deadline, bidderCert, policy }
}
