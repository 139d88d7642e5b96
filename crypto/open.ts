// Opening one sealed file with its stage's key, streaming (crypto.md §2.2, §10.5).
import { concat, equal } from './bytes.ts'
import { type ByteStream, chunkOpener, commitmentOf, openChunks, saltBytes } from './chunked.ts'
import { type FrameMeta, type FrameReader, frameReader } from './frame.ts'
import { type Head, headLength, parseHead } from './header.ts'
import { sliceTree } from './merkle.ts'
import { fileKeyOf, twinOf } from './seal.ts'
import type { Suite, Suites } from './suite.ts'

/** What a whole, accepted file turned out to hold. */
export interface OpenedFile {
  head: Head
  meta: FrameMeta
  /** To compare with the statement's. */
  twin: string
}

export interface FileOpener {
  /** Sealed bytes in, content out. What it gave is worth nothing until finish has accepted the whole. */
  push(sealed: Uint8Array): Promise<Uint8Array[]>
  /** The last content and what the file is. Throws when it was cut short, or frame or padding break the rules. */
  finish(): Promise<{ rest: Uint8Array[]; opened: OpenedFile }>
}

/** What opening a file's body needs of its head. */
export interface BodyFacts {
  suite: Suite
  fileId: string
  role: string
  /** Salt ‖ commitment. */
  bodyHead: Uint8Array
  context: Uint8Array
}

export const bodyFactsOf = ({ suite, header, bodyHead, context }: Head): BodyFacts => ({
  suite,
  fileId: header.bind.fileId,
  role: header.bind.role,
  bodyHead,
  context,
})

/** True when the stage's key is the one this file is committed to. Needs no byte of the body (crypto.md §10.7). */
export const fitsKey = (head: Head, stageKey: Uint8Array): boolean => fitsBody(bodyFactsOf(head), stageKey)

/** As `fitsKey`, for a head that was read before. */
export function fitsBody({ suite, fileId, bodyHead, context }: BodyFacts, stageKey: Uint8Array): boolean {
  if (stageKey.length !== suite.keyBytes) return false
  const key = fileKeyOf(suite, stageKey, fileId)
  return equal(commitmentOf(suite, key, bodyHead.subarray(0, saltBytes), context), bodyHead.subarray(saltBytes))
}

/** A whole small file at once: its content, when the body after its head is exactly what was sealed. Null when the key is not its key; throws on damage. */
export async function openSmall(
  facts: BodyFacts,
  stageKey: Uint8Array,
  sealed: Uint8Array,
): Promise<{ meta: FrameMeta; content: Uint8Array } | null> {
  const { suite, fileId, role, bodyHead, context } = facts
  const plain = await openChunks(suite, fileKeyOf(suite, stageKey, fileId), bodyHead, context, sealed)
  if (!plain) return null
  const frame = frameReader(role)
  const pieces = plain.flatMap(piece => frame.push(piece))
  return { meta: frame.finish(), content: concat(...pieces) }
}

interface Opening {
  head: Head
  body: ByteStream
  frame: FrameReader
  content: ReturnType<typeof sliceTree>
}

/** Starts opening a file whose head has been read; null when the key is not its key. */
export async function openBody(head: Head, stageKey: Uint8Array): Promise<FileOpener | null> {
  const { suite, header, bodyHead, context } = head
  const body = await chunkOpener(suite, fileKeyOf(suite, stageKey, header.bind.fileId), bodyHead, context)
  if (!body) return null
  const opening = { head, body, frame: frameReader(header.bind.role), content: sliceTree(suite.hash, suite.digest) }
  return {
    push: async sealed => unframe(opening, await body.push(sealed)),
    async finish() {
      const rest = await unframe(opening, await body.finish())
      const meta = opening.frame.finish()
      return { rest, opened: { head, meta, twin: twinOf(suite, meta.twinSalt, await opening.content.root()) } }
    },
  }
}

async function unframe({ frame, content }: Opening, plain: Uint8Array[]): Promise<Uint8Array[]> {
  const pieces = plain.flatMap(piece => frame.push(piece))
  for (const piece of pieces) await content.push(piece)
  return pieces
}

/** Opens a whole sealed file from its first byte on. Push rejects when the key is not its key. */
export function openFile(suites: Suites, stageKey: Uint8Array): FileOpener {
  let held: Uint8Array = new Uint8Array()
  let opener: FileOpener | null = null
  const start = async (sealed: Uint8Array): Promise<Uint8Array[]> => {
    held = concat(held, sealed)
    if (held.length < 12 || held.length < headLength(held)) return []
    const head = parseHead(suites, held)
    opener = await openBody(head, stageKey)
    if (!opener) throw new Error(`the key is not that of file ${head.header.bind.fileId}`)
    return opener.push(held.subarray(head.bytes.length))
  }
  return {
    push: sealed => (opener ? opener.push(sealed) : start(sealed)),
    async finish() {
      if (!opener) throw new Error('sealed file cut short')
      return opener.finish()
    },
  }
}
