import { createHash } from 'node:crypto'
import type pg from 'pg'

/** Anything that runs SQL: a pool or one connection inside a transaction. */
export interface Sql {
  query: pg.Pool['query']
}

export interface Node {
  level: number
  idx: number
  hash: Buffer
}

/** H(0x01 ‖ left ‖ right), RFC 9162 §2.1.1. */
export const parentOf = (left: Uint8Array, right: Uint8Array): Buffer =>
  createHash('sha256')
    .update(Buffer.from([1]))
    .update(left)
    .update(right)
    .digest()

export const emptyRoot = createHash('sha256').digest()

/** The complete subtrees that [start, end) falls into, left to right, each as (level, index). */
export function completeSubtrees(start: number, end: number): { level: number; idx: number }[] {
  const found: { level: number; idx: number }[] = []
  let at = start
  while (at < end) {
    let level = 0
    while (level < 52 && at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level++
    found.push({ level, idx: at / 2 ** level })
    at += 2 ** level
  }
  return found
}

/** Hashes of the given complete subtrees, in one query. */
async function readNodes(sql: Sql, wanted: { level: number; idx: number }[]): Promise<Map<string, Buffer>> {
  const { rows } = await sql.query<{ level: number; idx: string; hash: Buffer }>(
    `select 0 as level, l.idx, l.leaf as hash from log_leaf l where l.idx = any($1::bigint[])
     union all
     select n.level, n.idx, n.hash from unnest($2::int[], $3::bigint[]) as w(level, idx) join log_node n using (level, idx)`,
    [
      wanted.filter(w => w.level === 0).map(w => w.idx),
      wanted.filter(w => w.level > 0).map(w => w.level),
      wanted.filter(w => w.level > 0).map(w => w.idx),
    ],
  )
  return new Map(rows.map(row => [`${row.level}/${row.idx}`, row.hash]))
}

/** Tree hashes of several ranges [start, end), each no wider than one RFC 9162 subtree. Throws if a node is missing. */
export async function rangeHashes(sql: Sql, ranges: [number, number][]): Promise<Buffer[]> {
  const parts = ranges.map(([start, end]) => completeSubtrees(start, end))
  const wanted = new Map(parts.flat().map(part => [`${part.level}/${part.idx}`, part]))
  const nodes = await readNodes(sql, [...wanted.values()])
  return parts.map(list => {
    const hashes = list.map(({ level, idx }) => {
      const hash = nodes.get(`${level}/${idx}`)
      if (!hash) throw new Error(`log node ${level}/${idx} is missing`)
      return hash
    })
    return hashes.length ? hashes.reduceRight((right, left) => parentOf(left, right)) : emptyRoot
  })
}

/** Root of the first `size` leaves. */
export async function rootAt(sql: Sql, size: number): Promise<Buffer> {
  return (await rangeHashes(sql, [[0, size]]))[0]!
}

const split = (n: number) => 2 ** Math.floor(Math.log2(n - 1))

/** Ranges whose hashes prove that leaf `idx` is in the tree of `size` leaves (RFC 9162 §2.1.3.1), leaf to root. */
export function inclusionRanges(idx: number, size: number): [number, number][] {
  const path = (m: number, lo: number, hi: number): [number, number][] => {
    if (hi - lo <= 1) return []
    const k = split(hi - lo)
    return m < lo + k ? [...path(m, lo, lo + k), [lo + k, hi]] : [...path(m, lo + k, hi), [lo, lo + k]]
  }
  return path(idx, 0, size)
}

/** Ranges whose hashes prove that the tree of `from` leaves is a prefix of the tree of `size` (RFC 9162 §2.1.4.1). */
export function consistencyRanges(from: number, size: number): [number, number][] {
  const path = (m: number, lo: number, hi: number, whole: boolean): [number, number][] => {
    if (m === hi - lo) return whole ? [] : [[lo, hi]]
    const k = split(hi - lo)
    return m <= k ? [...path(m, lo, lo + k, whole), [lo + k, hi]] : [...path(m - k, lo + k, hi, false), [lo, lo + k]]
  }
  return from === size || from === 0 ? [] : path(from, 0, size, true)
}

/** Appends leaves at `size`: the new leaves' complete parents. `edge` is the right edge at `size` (level → hash), updated in place. */
export function growTree(edge: Map<number, Buffer>, size: number, leaves: Uint8Array[]): Node[] {
  const nodes: Node[] = []
  leaves.forEach((leaf, offset) => {
    let hash = Buffer.from(leaf)
    let idx = size + offset
    let level = 0
    while (idx % 2 === 1) {
      hash = parentOf(edge.get(level)!, hash) as Buffer<ArrayBuffer>
      edge.delete(level)
      idx = (idx - 1) / 2
      level++
      nodes.push({ level, idx, hash })
    }
    edge.set(level, hash)
  })
  return nodes
}

/** Root from the right edge: highest level first, folded from the right. */
export function rootOfEdge(edge: Map<number, Buffer>): Buffer {
  const hashes = [...edge.entries()].sort(([a], [b]) => a - b).map(([, hash]) => hash)
  return hashes.length ? hashes.reduce((right, left) => parentOf(left, right)) : emptyRoot
}
