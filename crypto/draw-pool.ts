// tbid-draw/1, the pool: a tree of up to millions of commitments kept in pages, its proofs, and the list of those who cannot be drawn.
import { createHash, hash } from 'node:crypto'
import { inclusionProof, treeRoot } from './merkle.ts'

/** Leaves of one page. A power of two: a page is then a complete subtree of the RFC 9162 tree over all leaves. */
export const pageSize = 1_024
const leafBytes = 32

const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer')

/** The leaves of a page, 32 bytes each, sharing its memory. */
export const leavesOf = (page: Uint8Array): Uint8Array[] =>
  Array.from({ length: page.length / leafBytes }, (_, at) => page.subarray(leafBytes * at, leafBytes * (at + 1)))

/** Subtree root of one page. */
export const pageTop = (page: Uint8Array): Uint8Array => treeRoot(leavesOf(page), sha256)

/** poolRoot in hex from the subtree roots of all pages, in order: the same as over all leaves. */
export const rootOfTops = (tops: Uint8Array[]): string => Buffer.from(treeRoot(tops, sha256)).toString('hex')

/** Inclusion proof in hex, leaf to root, of a leaf by its place in its page and the page's place in the pool. */
export const proofInPool = (page: Uint8Array, at: number, tops: Uint8Array[], pageAt: number): string[] =>
  [...inclusionProof(at, leavesOf(page), sha256), ...inclusionProof(pageAt, tops, sha256)].map(node =>
    Buffer.from(node).toString('hex'),
  )

/** Excluded and fitting no seat: the reason of everybody who is named in neither list. */
export const unlisted = 'no-fit'

/** E's commitments in ascending order, and who fits a seat but is barred, with the reason code, ascending too. */
export type Listed = { eligible: string[]; barred: [c: string, reason: string][] }

type Mark = { c: string; reason: string | null }

function marksOf({ eligible, barred }: Listed): Mark[] {
  const marks = [...eligible.map((c): Mark => ({ c, reason: null })), ...barred.map(([c, reason]): Mark => ({ c, reason }))]
  marks.sort((a, b) => (a.c < b.c ? -1 : 1))
  if (marks.some((mark, at) => mark.c === marks[at - 1]?.c)) throw new Error('draw lists: somebody is listed twice')
  return marks
}

const rows = (leaves: string) => leaves.replace(/.{64}/g, `,["$&","${unlisted}"]`)

/** The excluded rows of one page as JCS text, each with a comma before it. `marks` are those of this page. */
function pageRows(leaves: string, marks: Mark[]): string {
  let [text, from] = ['', 0]
  for (const { c, reason } of marks) {
    const at = leaves.indexOf(c, from)
    if (at < 0 || at % 64 !== 0) throw new Error('draw lists: somebody is not of the pool')
    text += rows(leaves.slice(from, at)) + (reason === null ? '' : `,["${c}",${JSON.stringify(reason)}]`)
    from = at + 64
  }
  return text + rows(leaves.slice(from))
}

/**
 * Hash (SHA-256 over JCS) and size of the excluded list [[C, reason] …]: everyone of the pool who is not eligible, in ascending order.
 * Whoever can make it has checked that E and the excluded are exactly the pool. Throws when somebody is listed twice or not of the pool.
 */
export function digestExcluded(pages: Iterable<Uint8Array>, listed: Listed): { hash: string; size: number } {
  const marks = marksOf(listed)
  const digest = createHash('sha256').update('[')
  let [at, size, isFirst] = [0, 0, true]
  for (const page of pages) {
    const leaves = Buffer.from(page.buffer, page.byteOffset, page.byteLength).toString('hex')
    const last = leaves.slice(-64)
    const from = at
    while (at < marks.length && marks[at]!.c <= last) at++
    const text = pageRows(leaves, marks.slice(from, at))
    if (text !== '') digest.update(isFirst ? text.slice(1) : text)
    isFirst &&= text === ''
    size += leaves.length / 64
  }
  if (at < marks.length) throw new Error('draw lists: somebody is not of the pool')
  return { hash: digest.update(']').digest('hex'), size: size - listed.eligible.length }
}
