// Sealing a stage of a bid (crypto.md §2.2, §10.4–10.5): one secret for the stage, dealt once, and a streaming sealer per file.
import { type Bytes, concat, hex, xor } from './bytes.ts'
import { type ByteStream, bodySize, chunkSealer } from './chunked.ts'
import { type FrameMeta, frameHead, frameSize } from './frame.ts'
import { headerBytes, type Release, type ReleaseMode, releaseOf, type SealHeader, type SealParts } from './header.ts'
import { hkdfExpand } from './hkdf.ts'
import { sliceTree } from './merkle.ts'
import { deal } from './shamir.ts'
import type { Random, Suite } from './suite.ts'
import { bindingHash, type Recipient, type WrapBind, wrapSecret } from './wrap.ts'

export interface StageToSeal {
  suite: Suite
  /** Fresh randomness; a fixed source reproduces a vector. */
  random: Random
  bind: WrapBind
  mode: ReleaseMode
  /** 1–4 encryption certificates of the bidder (main and spare locks); none in mode `custody`. */
  bidderKeys: Recipient[]
  /** The custodians' lot keys in the policy's order; none in mode `bidder`. */
  lotKeys: Recipient[]
  k: number
}

export interface FileToSeal {
  role: string
  name: string
  type: string
  /** Bytes of content. */
  size: number
}

/** As the file stands in the submission statement (crypto.md §10.6). */
export interface SealedFile {
  fileId: string
  role: string
  stage: string
  size: number
  root: string
  head: string
  twin: string
}

export interface FileSealer {
  fileId: string
  /** Bytes of the sealed file. */
  size: number
  /** Content in, sealed bytes out; the head comes with the first. Throws past the announced size. */
  push(content: Uint8Array): Promise<Bytes[]>
  /** The last sealed bytes and what the statement says of the file. Throws when content is missing. */
  finish(): Promise<{ rest: Bytes[]; file: SealedFile; twinSalt: Bytes }>
}

export interface StageSealer {
  release: Release
  parts: SealParts
  file(file: FileToSeal): Promise<FileSealer>
}

/** H(`tbid-seal/1 share\0` ‖ share): names the author of a bad share. */
export const shareCommit = (suite: Suite, share: Uint8Array): string => hex(suite.hash(concat('tbid-seal/1 share\0', share)))

/** Key of one file of a stage. */
export const fileKeyOf = (suite: Suite, stageKey: Uint8Array, fileId: string): Bytes =>
  hkdfExpand(suite.kdf, stageKey, concat('tbid-seal/1 file\0', fileId), suite.keyBytes)

/** H(`tbid-seal/1 twin\0` ‖ twinSalt ‖ RFC 9162 root of the content), hex. */
export const twinOf = (suite: Suite, twinSalt: Uint8Array, contentRoot: Uint8Array): string =>
  hex(suite.hash(concat('tbid-seal/1 twin\0', twinSalt, contentRoot)))

/** Draws the stage's secret, deals its parts and wraps them. Throws when keys, k or mode do not belong together. */
export async function sealStage(stage: StageToSeal): Promise<StageSealer> {
  const { suite, random, bind, mode } = stage
  const release = releaseOf[mode]
  const used = new Set(release.flat())
  const fits = used.has('b') === stage.bidderKeys.length > 0 && used.has('c') === stage.lotKeys.length > 0
  if (!fits) throw new Error('seal: keys do not fit the release mode')
  const key = random(suite.keyBytes)
  const partB = mode === 'both' ? random(suite.keyBytes) : key
  const partC = mode === 'both' ? xor(key, partB) : key
  const parts: SealParts = {
    ...(used.has('b') ? { b: { to: await wrapForBidder(stage, partB) } } : {}),
    ...(used.has('c') ? { c: { k: stage.k, shares: await wrapShares(stage, partC) } } : {}),
  }
  const header = (fileId: string, role: string): SealHeader => ({
    v: 'tbid-seal/1',
    suite: suite.id,
    release,
    parts,
    bind: { ...bind, fileId, role },
  })
  // What no reader would accept fails here, before anything is sealed with it.
  headerBytes(header('0'.repeat(32), 'any'))
  return { release, parts, file: file => fileSealer({ suite, random, key, file, header: id => header(id, file.role) }) }
}

async function wrapForBidder({ suite, random, bind, bidderKeys }: StageToSeal, partB: Uint8Array) {
  const wraps = []
  for (const recipient of bidderKeys) wraps.push(await wrapSecret(recipient, partB, bindingHash(suite, bind, 'b'), random))
  return wraps
}

async function wrapShares({ suite, random, bind, lotKeys, k }: StageToSeal, partC: Uint8Array) {
  const shares = deal(partC, k, lotKeys.length, random)
  const wraps = []
  for (const [i, recipient] of lotKeys.entries()) {
    const wrap = await wrapSecret(recipient, shares[i]!, bindingHash(suite, bind, `c${i}`), random)
    wraps.push({ ...wrap, commit: shareCommit(suite, shares[i]!) })
  }
  return wraps
}

interface FileSealing {
  suite: Suite
  random: Random
  key: Uint8Array
  file: FileToSeal
  header: (fileId: string) => SealHeader
}

async function fileSealer({ suite, random, key, file, header }: FileSealing): Promise<FileSealer> {
  const fileId = hex(random(16))
  const before = headerBytes(header(fileId))
  const body = await chunkSealer(suite, fileKeyOf(suite, key, fileId), random(24), suite.hash(before))
  const head = concat(before, body.head)
  const meta: FrameMeta = { name: file.name, type: file.type, size: file.size, twinSalt: random(32) }
  const framed = frameHead(meta)
  const padded = frameSize(file.role, framed.length + file.size)
  const size = before.length + bodySize(padded)
  const { stage } = header(fileId).bind
  const about = { fileId, role: file.role, stage, size, head: hex(suite.hash(head)) }
  return { fileId, size, ...streamFile({ suite, body, head, framed, meta, padding: padded - framed.length - file.size, about }) }
}

interface Streaming {
  suite: Suite
  body: ByteStream
  head: Bytes
  framed: Bytes
  meta: FrameMeta
  padding: number
  about: Omit<SealedFile, 'root' | 'twin'>
}

async function pad(body: ByteStream, padding: number): Promise<Bytes[]> {
  const zeros = new Uint8Array(Math.min(padding, 1_048_576))
  const pieces: Bytes[] = []
  for (let left = padding; left > 0; left -= zeros.length) pieces.push(...(await body.push(zeros.subarray(0, left))))
  return pieces
}

function streamFile({ suite, body, head, framed, meta, padding, about }: Streaming): Pick<FileSealer, 'push' | 'finish'> {
  const [sealed, content] = [sliceTree(suite.hash, suite.digest), sliceTree(suite.hash, suite.digest)]
  let started = false
  const out = async (pieces: Bytes[]): Promise<Bytes[]> => {
    for (const piece of pieces) await sealed.push(piece)
    return pieces
  }
  const start = async (): Promise<Bytes[]> => {
    if (started) return []
    started = true
    return [head, ...(await body.push(framed))]
  }
  return {
    async push(bytes) {
      if (content.size() + bytes.length > meta.size) throw new Error('seal: more content than announced')
      await content.push(bytes)
      return out([...(await start()), ...(await body.push(bytes))])
    },
    async finish() {
      if (content.size() !== meta.size) throw new Error('seal: less content than announced')
      const rest = await out([...(await start()), ...(await pad(body, padding)), ...(await body.finish())])
      const twin = twinOf(suite, meta.twinSalt, await content.root())
      const file = { ...about, root: hex(await sealed.root()), twin }
      return { rest, file, twinSalt: new Uint8Array(meta.twinSalt) }
    },
  }
}
