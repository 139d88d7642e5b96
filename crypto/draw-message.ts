// tbid-draw/1, what the parties say: six signed messages with exactly the listed fields (crypto.md §10.6, §10.10).
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { canonical } from './jcs.ts'

export type DrawScope = { platform: string; project: string; lot: string; round: number; drawId: string }
export type Digest = { hash: string; size: number }
/** A party's registered keys, both base64 SPKI: Ed25519 to sign, P-256 to receive shares. */
export type PartyKeys = { party: string; sign: string; wrap: string }
export type WrappedShare = { hash: string; enc: string; ct: string }

/** Opens a draw. Sizes are rows for E and excluded, bytes of JCS for rules; `revealAfter` is in seconds. */
export type DrawPrelude = DrawScope & {
  t: 'tbid/draw.prelude@1'
  kind: string
  number: number
  pool: { root: string; size: number }
  eligible: Digest
  excluded: Digest
  rules: Digest
  parties: PartyKeys[]
  supervisor: string
  log: string
  witness: string
  revealAfter: number
}
export type DrawCommit = DrawScope & { t: 'tbid/draw.commit@1'; party: string; c: string; shares: Record<string, WrappedShare> }
export type DrawAck = DrawScope & { t: 'tbid/draw.ack@1'; from: string; to: string; hash: string }
/** `checkpoint` is the whole note; `previousSize` the size the witness had cosigned before it. */
export type DrawV = DrawScope & { t: 'tbid/draw.v@1'; checkpoint: string; previousSize: number }
export type DrawShare = DrawScope & { t: 'tbid/draw.share@1'; from: string; to: string; by: string; share: string }
/** Ends a draw for a stated reason; two different persons must have decided it. */
export type DrawVoid = DrawScope & { t: 'tbid/draw.void@1'; reason: string; by: string[] }
export type DrawMessage = DrawPrelude | DrawCommit | DrawAck | DrawV | DrawShare | DrawVoid
export type Signed<M extends DrawMessage = DrawMessage> = { msg: M; sig: string }

const idText = /^[A-Za-z0-9._-]{1,64}$/
const drawIdText = /^[A-Za-z0-9._-]{1,200}$/
const hex64 = /^[0-9a-f]{64}$/

type Check = (value: unknown) => boolean
const matches =
  (pattern: RegExp): Check =>
  value =>
    typeof value === 'string' && pattern.test(value)
const isId = matches(idText)
const isHash = matches(hex64)
const isKeyName = matches(/^\S+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/)
const isCount: Check = value => Number.isSafeInteger(value) && (value as number) >= 0
const isPositive: Check = value => Number.isSafeInteger(value) && (value as number) >= 1
const isText: Check = value => typeof value === 'string' && value.length >= 1 && value.length <= 65_536
const isBase64 =
  (size?: number): Check =>
  value =>
    typeof value === 'string' && Buffer.from(value, 'base64').toString('base64') === value && sizeIs(value, size)
const sizeIs = (value: string, size?: number) => size === undefined || Buffer.from(value, 'base64').length === size

const record =
  (fields: Record<string, Check>): Check =>
  value =>
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === Object.keys(fields).length &&
    Object.entries(fields).every(([name, check]) => Object.hasOwn(value, name) && check((value as Record<string, unknown>)[name]))

const isDigest = record({ hash: isHash, size: isCount })
const isPartyKeys = record({ party: isId, sign: isBase64(44), wrap: isBase64(91) })
const isShares: Check = value =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(([to, share]) => isId(to) && record({ hash: isHash, enc: isBase64(65), ct: isBase64(48) })(share))
const isPartyList: Check = value => Array.isArray(value) && value.length >= 4 && value.every(isPartyKeys) && isAscending(value)
const isAscending = (parties: PartyKeys[]) => parties.every((one, at) => at === 0 || parties[at - 1]!.party < one.party)
const isPair: Check = value => Array.isArray(value) && value.length === 2 && value.every(isText) && value[0] !== value[1]

const scope = { platform: isId, project: isId, lot: isId, round: isPositive, drawId: matches(drawIdText) }
const exactly =
  (text: string): Check =>
  value =>
    value === text

const forms: Record<DrawMessage['t'], Check> = {
  'tbid/draw.prelude@1': record({
    ...scope,
    t: exactly('tbid/draw.prelude@1'),
    kind: isId,
    number: isPositive,
    pool: record({ root: isHash, size: isPositive }),
    eligible: isDigest,
    excluded: isDigest,
    rules: isDigest,
    parties: isPartyList,
    supervisor: isId,
    log: isKeyName,
    witness: isKeyName,
    revealAfter: isCount,
  }),
  'tbid/draw.commit@1': record({ ...scope, t: exactly('tbid/draw.commit@1'), party: isId, c: isHash, shares: isShares }),
  'tbid/draw.ack@1': record({ ...scope, t: exactly('tbid/draw.ack@1'), from: isId, to: isId, hash: isHash }),
  'tbid/draw.v@1': record({ ...scope, t: exactly('tbid/draw.v@1'), checkpoint: isText, previousSize: isCount }),
  'tbid/draw.share@1': record({ ...scope, t: exactly('tbid/draw.share@1'), from: isId, to: isId, by: isId, share: isBase64(32) }),
  'tbid/draw.void@1': record({ ...scope, t: exactly('tbid/draw.void@1'), reason: isText, by: isPair }),
}

/** The draw's one name, unique on the platform (crypto.md §10.11). */
export const drawIdOf = (at: { platform: string; lot: string; round: number; kind: string; number: number }): string =>
  `${at.platform}-${at.lot}-${at.round}-${at.kind}-${at.number}`

/** Reads a signed message of the asked kind: exactly its fields and their forms, nothing more. Throws when malformed; proves no signature. */
export function readSigned<T extends DrawMessage['t']>(value: unknown, t: T): Signed<Extract<DrawMessage, { t: T }>> {
  if (!record({ msg: forms[t], sig: isBase64(64) })(value)) throw new Error(`malformed ${t}`)
  const signed = value as Signed<Extract<DrawMessage, { t: T }>>
  const msg: DrawMessage = signed.msg
  if (msg.t === 'tbid/draw.prelude@1') checkPrelude(msg)
  return signed
}

function checkPrelude(msg: DrawPrelude) {
  if (msg.drawId !== drawIdOf(msg)) throw new Error('malformed prelude: drawId')
  if (!msg.parties.some(({ party }) => party === msg.supervisor)) throw new Error('malformed prelude: supervisor')
  if (msg.eligible.size + msg.excluded.size !== msg.pool.size) throw new Error('malformed prelude: sizes')
}

/** Signs a message's JCS bytes with a party's Ed25519 key. */
export const signMessage = <M extends DrawMessage>(msg: M, key: KeyObject): Signed<M> => ({
  msg,
  sig: sign(null, Buffer.from(canonical(msg)), key).toString('base64'),
})

/** Whether the signature over the message's JCS bytes is by this base64 SPKI Ed25519 key. */
export function isSignedBy(signed: Signed, spki: string): boolean {
  const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' })
  return (
    key.asymmetricKeyType === 'ed25519' &&
    verify(null, Buffer.from(canonical(signed.msg)), key, Buffer.from(signed.sig, 'base64'))
  )
}

/** The registered keys of a party in this draw; throws for a stranger. */
export function keysOf(prelude: DrawPrelude, party: string): PartyKeys {
  const keys = prelude.parties.find(one => one.party === party)
  if (!keys) throw new Error(`not a party of this draw: ${party}`)
  return keys
}

/** True when both messages speak of the same draw of the same lot and round on the same platform. */
export const isSameDraw = (a: DrawScope, b: DrawScope): boolean =>
  a.platform === b.platform && a.project === b.project && a.lot === b.lot && a.round === b.round && a.drawId === b.drawId

/** Who signs which message: the platform opens, parties speak for themselves, the supervisor names V. */
export function signerOf(prelude: DrawPrelude, msg: DrawMessage): string {
  switch (msg.t) {
    case 'tbid/draw.prelude@1':
    case 'tbid/draw.void@1':
      return 'platform'
    case 'tbid/draw.commit@1':
      return msg.party
    case 'tbid/draw.ack@1':
      return msg.to
    case 'tbid/draw.v@1':
      return prelude.supervisor
    case 'tbid/draw.share@1':
      return msg.by
  }
}
