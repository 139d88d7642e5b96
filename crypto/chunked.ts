// C2SP chunked-encryption (c2sp.org/chunked-encryption@v1), streaming: body = salt(24) ‖ commitment(32) ‖ chunks of 16 KiB, the last one shorter.
import { type Bytes, concat, equal } from './bytes.ts'
import { hkdfExpand } from './hkdf.ts'
import type { Aead, ChunkedInstance, Maybe } from './suite.ts'

export const chunkBytes = 16_384
export const saltBytes = 24
export const commitmentBytes = 32
export const bodyHeadBytes = saltBytes + commitmentBytes
const tagBytes = 16
const sealedChunkBytes = chunkBytes + tagBytes
const maxChunks = 2 ** 38
// Work in runs of 64 chunks (1 MiB): enough for WebCrypto to overlap, small enough to hold.
const runChunks = 64

/** Takes bytes as they come and answers with what is ready. After finish nothing may be pushed. */
export interface ByteStream {
  push(bytes: Uint8Array): Promise<Bytes[]>
  /** The rest; throws when the whole was cut short. */
  finish(): Promise<Bytes[]>
}

interface Derived {
  key: Bytes
  nonce: Bytes
  commitment: Bytes
}

function derive(instance: ChunkedInstance, key: Uint8Array, salt: Uint8Array, context: Uint8Array): Derived {
  if (key.length !== instance.keyBytes) throw new Error(`chunked: key of ${instance.keyBytes} bytes`)
  if (salt.length !== saltBytes) throw new Error('chunked: salt of 24 bytes')
  const info = concat(`c2sp.org/chunked-encryption@v1+${instance.aeadName}\0`, salt, context)
  const okm = hkdfExpand(instance.kdf, key, info, instance.keyBytes + 12 + commitmentBytes)
  const at = instance.keyBytes
  return { key: okm.slice(0, at), nonce: okm.slice(at, at + 12), commitment: okm.slice(at + 12) }
}

/** The 32 bytes that commit a body to its key and context: tells a right key from a wrong one without decrypting. */
export const commitmentOf = (instance: ChunkedInstance, key: Uint8Array, salt: Uint8Array, context: Uint8Array): Bytes =>
  derive(instance, key, salt, context).commitment

/** Length of the body of a message. */
export const bodySize = (plain: number): number => bodyHeadBytes + plain + tagBytes * (Math.floor(plain / chunkBytes) + 1)

/** Length of the message in a body. Throws when no message has a body of that length. */
export function plainSize(body: number): number {
  const chunks = body - bodyHeadBytes
  const last = chunks % sealedChunkBytes
  if (chunks < tagBytes || last < tagBytes) throw new Error('chunked: truncated')
  return Math.floor(chunks / sealedChunkBytes) * chunkBytes + last - tagBytes
}

function nonceAt(base: Uint8Array, index: number): Bytes {
  if (index >= maxChunks) throw new Error('chunked: too many chunks')
  const nonce = new Uint8Array(base)
  const view = new DataView(nonce.buffer)
  view.setUint32(8, view.getUint32(8) ^ (index >>> 0))
  view.setUint32(4, view.getUint32(4) ^ Math.floor(index / 2 ** 32))
  return nonce
}

interface Run {
  base: Uint8Array
  first: number
  from: number
  to: number
  act: Aead['seal']
}

/** Transforms consecutive chunks of one size into another, all at once: every chunk has its own nonce. */
function transform({ base, first, from, to, act }: Run, input: Uint8Array): Maybe<Bytes[]> {
  const count = Math.max(1, Math.ceil(input.length / from))
  const out = new Uint8Array(input.length + count * (to - from))
  const waiting: Promise<void>[] = []
  for (let i = 0; i < count; i++) {
    const done = act(nonceAt(base, first + i), input.subarray(i * from, (i + 1) * from), out.subarray(i * to, (i + 1) * to))
    if (done) waiting.push(done)
  }
  return waiting.length > 0 ? Promise.all(waiting).then(() => [out]) : [out]
}

/** Opens consecutive chunks, each into memory of its own. */
function openEach(base: Uint8Array, first: number, sealed: Uint8Array, opened: NonNullable<Aead['opened']>): Bytes[] {
  const out: Bytes[] = []
  for (let at = 0; at < sealed.length; at += sealedChunkBytes)
    out.push(opened(nonceAt(base, first + out.length), sealed.subarray(at, at + sealedChunkBytes)))
  return out
}

function grown(held: Bytes | null, filled: number, size: number): Bytes {
  const larger = new Uint8Array(size)
  if (held) larger.set(held.subarray(0, filled))
  return larger
}

/** Bytes that wait to become a whole run; no more memory than twice what came, for most files are small. */
function holder(size: number) {
  let held: Bytes | null = null
  let filled = 0
  return {
    isEmpty: () => filled === 0,
    isFull: () => filled === size,
    /** Takes what fits and says how much that was. */
    add(bytes: Uint8Array): number {
      const piece = bytes.subarray(0, size - filled)
      if (!held || held.length < filled + piece.length) held = grown(held, filled, Math.min(size, 2 * filled + piece.length))
      held.set(piece, filled)
      filled += piece.length
      return piece.length
    },
    take(): Uint8Array {
      const bytes = held?.subarray(0, filled) ?? new Uint8Array()
      filled = 0
      return bytes
    },
  }
}

/** Collects pushed bytes into whole runs of chunks; what is left over waits, always less than a run. */
function runs(size: number, act: (first: number, run: Uint8Array) => Maybe<Bytes[]>): ByteStream {
  const runSize = size * runChunks
  const held = holder(runSize)
  let next = 0
  const take = (run: Uint8Array) => {
    const first = next
    next += Math.max(1, Math.ceil(run.length / size))
    return act(first, run)
  }
  return {
    async push(bytes) {
      const out: Bytes[] = []
      for (let at = 0; at < bytes.length; ) {
        // A whole run at hand needs no copy.
        const direct = held.isEmpty() && bytes.length - at >= runSize
        if (direct) out.push(...(await take(bytes.subarray(at, at + runSize))))
        at += direct ? runSize : held.add(bytes.subarray(at))
        if (held.isFull()) out.push(...(await take(held.take())))
      }
      return out
    },
    // Whole chunks first, then exactly one short one.
    async finish() {
      const rest = held.take()
      const whole = rest.length - (rest.length % size)
      const out = whole ? await take(rest.subarray(0, whole)) : []
      return [...out, ...(await take(rest.subarray(whole)))]
    },
  }
}

/** Starts sealing a message. `head` (salt ‖ commitment) goes before what push and finish give. A salt never repeats under one key. */
export async function chunkSealer(instance: ChunkedInstance, key: Uint8Array, salt: Uint8Array, context: Uint8Array) {
  const derived = derive(instance, key, salt, context)
  const aead = await instance.aead(derived.key)
  const seal: Aead['seal'] = (nonce, plain, out) => aead.seal(nonce, plain, out)
  const run = { base: derived.nonce, from: chunkBytes, to: sealedChunkBytes, act: seal }
  const stream: ByteStream = runs(chunkBytes, (first, plain) => transform({ ...run, first }, plain))
  return { head: concat(salt, derived.commitment), ...stream }
}

/** Starts opening a body whose first 56 bytes are given; null when key or context are not the ones it was sealed with. */
export async function chunkOpener(
  instance: ChunkedInstance,
  key: Uint8Array,
  head: Uint8Array,
  context: Uint8Array,
): Promise<ByteStream | null> {
  const derived = derivedOf(instance, key, head, context)
  if (!derived) return null
  const open = opener(derived.nonce, await instance.aead(derived.key))
  return runs(sealedChunkBytes, open)
}

/** As `chunkOpener`, for a body that is there whole: what follows its first 56 bytes. Throws on damage. */
export async function openChunks(
  instance: ChunkedInstance,
  key: Uint8Array,
  head: Uint8Array,
  context: Uint8Array,
  sealed: Uint8Array,
): Promise<Bytes[] | null> {
  const derived = derivedOf(instance, key, head, context)
  if (!derived) return null
  if (sealed.length % sealedChunkBytes === 0) throw new Error('chunked: truncated')
  return opener(derived.nonce, await instance.aead(derived.key))(0, sealed)
}

/** What key and head derive, or null when the head commits to another key or context. */
function derivedOf(instance: ChunkedInstance, key: Uint8Array, head: Uint8Array, context: Uint8Array): Derived | null {
  if (head.length !== bodyHeadBytes) throw new Error('chunked: truncated')
  const derived = derive(instance, key, head.subarray(0, saltBytes), context)
  return equal(derived.commitment, head.subarray(saltBytes)) ? derived : null
}

/** Opens consecutive chunks from the given one on, of which the last may be short. */
function opener(nonce: Uint8Array, aead: Aead) {
  const open: Aead['seal'] = (at, sealed, out) => aead.open(at, sealed, out)
  const run = { base: nonce, from: sealedChunkBytes, to: chunkBytes, act: open }
  return (first: number, sealed: Uint8Array): Maybe<Bytes[]> => {
    const last = sealed.length % sealedChunkBytes
    // A last chunk without even a tag means the end is missing: whole chunks never end a message.
    if (sealed.length === 0 || (last > 0 && last < tagBytes)) throw new Error('chunked: truncated')
    return aead.opened ? openEach(nonce, first, sealed, aead.opened) : transform({ ...run, first }, sealed)
  }
}
