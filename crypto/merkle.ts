// RFC 9162 (RFC 6962) Merkle tree: roots, inclusion and consistency proofs. The hash is injected: SHA-256 for the log, SM3 for gm files.
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { type Bytes, concat, equal } from './bytes.ts'

export type HashFunction = (bytes: Uint8Array) => Uint8Array

/** SHA-256 in plain JavaScript: the default wherever no faster hash is injected. */
export const sha256: HashFunction = nobleSha256

// SHA-256 and SM3 alike.
const hashBytes = 32
const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)

/** H(0x00 ‖ entry) (RFC 9162 §2.1.1). */
export const leafHash = (entry: Uint8Array, hash: HashFunction = sha256): Uint8Array => hash(concat(leafPrefix, entry))

/** H(0x01 ‖ left ‖ right) (RFC 9162 §2.1.1). */
export const nodeHash = (left: Uint8Array, right: Uint8Array, hash: HashFunction = sha256): Uint8Array =>
  hash(concat(nodePrefix, left, right))

/** The right edge of a growing tree: push leaf hashes, ask for the root at any time. Memory is logarithmic. */
export interface TreeEdge {
  push(leaf: Uint8Array): void
  root(): Uint8Array
  size(): number
}

/** Starts an empty tree; its root is H(""). */
export function treeEdge(hash: HashFunction = sha256): TreeEdge {
  const edge: Uint8Array[] = []
  let size = 0
  return {
    push(leaf) {
      let node = leaf
      for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) node = nodeHash(edge.pop()!, node, hash)
      edge.push(node)
      size++
    },
    root: () => (size === 0 ? hash(new Uint8Array()) : edge.reduceRight((right, left) => nodeHash(left, right, hash))),
    size: () => size,
  }
}

/** Root over leaf hashes; of none it is H(""). */
export function treeRoot(leaves: Iterable<Uint8Array>, hash: HashFunction = sha256): Uint8Array {
  const edge = treeEdge(hash)
  for (const leaf of leaves) edge.push(leaf)
  return edge.root()
}

/** The largest power of two below n. */
function splitOf(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/** Proof that leaf `index` stands in the tree of these leaf hashes, leaf to root (RFC 9162 §2.1.3.1). */
export function inclusionProof(index: number, leaves: Uint8Array[], hash: HashFunction = sha256): Uint8Array[] {
  if (index < 0 || index >= leaves.length) throw new Error('merkle: index outside the tree')
  if (leaves.length === 1) return []
  const k = splitOf(leaves.length)
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)]
  return index < k
    ? [...inclusionProof(index, left, hash), treeRoot(right, hash)]
    : [...inclusionProof(index - k, right, hash), treeRoot(left, hash)]
}

/** Proof that the tree of the first `size` leaves is a prefix of the whole (RFC 9162 §2.1.4.1). */
export function consistencyProof(size: number, leaves: Uint8Array[], hash: HashFunction = sha256): Uint8Array[] {
  if (size < 1 || size > leaves.length) throw new Error('merkle: size outside the tree')
  return subProof(size, leaves, true, hash)
}

function subProof(size: number, leaves: Uint8Array[], whole: boolean, hash: HashFunction): Uint8Array[] {
  if (size === leaves.length) return whole ? [] : [treeRoot(leaves, hash)]
  const k = splitOf(leaves.length)
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)]
  return size <= k
    ? [...subProof(size, left, whole, hash), treeRoot(right, hash)]
    : [...subProof(size - k, right, false, hash), treeRoot(left, hash)]
}

export interface Inclusion {
  index: number
  size: number
  leaf: Uint8Array
  proof: Uint8Array[]
  root: Uint8Array
}

/** True when the proof leads from the leaf hash to the root (RFC 9162 §2.1.3.2). */
export function verifyInclusion({ index, size, leaf, proof, root }: Inclusion, hash: HashFunction = sha256): boolean {
  const safe = Number.isSafeInteger(index) && Number.isSafeInteger(size)
  if (!safe || index < 0 || index >= size || leaf.length !== hashBytes || root.length !== hashBytes) return false
  let [fn, sn] = [index, size - 1]
  let node = leaf
  for (const sibling of proof) {
    if (sn === 0 || sibling.length !== hashBytes) return false
    if (fn % 2 === 1 || fn === sn) {
      node = nodeHash(sibling, node, hash)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)]
    } else node = nodeHash(node, sibling, hash)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sn === 0 && equal(node, root)
}

export interface Consistency {
  size1: number
  size2: number
  root1: Uint8Array
  root2: Uint8Array
  proof: Uint8Array[]
}

/** True when tree 1 is a prefix of tree 2 (RFC 9162 §2.1.4.2). An empty tree 1 proves nothing and is refused. */
export function verifyConsistency(trees: Consistency, hash: HashFunction = sha256): boolean {
  const { size1, size2, root1, root2, proof } = trees
  const safe = Number.isSafeInteger(size1) && Number.isSafeInteger(size2)
  if (!safe || size1 < 1 || size1 > size2) return false
  if (size1 === size2) return proof.length === 0 && equal(root1, root2)
  const powerOfTwo = splitOf(size1 * 2) === size1
  const path = powerOfTwo ? [root1, ...proof] : proof
  if (proof.length === 0 || path.some(node => node.length !== hashBytes)) return false
  return climb(trees, path, hash)
}

function climb({ size1, size2, root1, root2 }: Consistency, path: Uint8Array[], hash: HashFunction): boolean {
  let [fn, sn] = [size1 - 1, size2 - 1]
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  let [node1, node2] = [path[0]!, path[0]!]
  for (const sibling of path.slice(1)) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      node1 = nodeHash(sibling, node1, hash)
      node2 = nodeHash(sibling, node2, hash)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)]
    } else node2 = nodeHash(node2, sibling, hash)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sn === 0 && equal(node1, root1) && equal(node2, root2)
}

export const sliceBytes = 1_048_576

/** Incremental RFC 9162 root over consecutive 1 MiB slices: how files are committed to (crypto.md §2.2). */
export interface SliceTree {
  push(bytes: Uint8Array): Promise<void>
  root(): Promise<Uint8Array>
  /** Bytes pushed so far. */
  size(): number
}

type Digest = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>

/** `digest` may be asynchronous (WebCrypto): one slice is hashed while the next one fills, so memory stays at two slices. */
export function sliceTree(hash: HashFunction, digest: Digest = hash): SliceTree {
  const edge = treeEdge(hash)
  let total = 0
  let pending: Promise<void> = Promise.resolve()
  const slices = slicer(leaf => {
    const [before, work] = [pending, digest(leaf)]
    if (work instanceof Uint8Array) return void edge.push(work)
    pending = before.then(() => work).then(hashed => edge.push(hashed))
    return before
  })
  return {
    async push(bytes) {
      total += bytes.length
      await slices.push(bytes)
    },
    async root() {
      await slices.flush()
      await pending
      return edge.root()
    },
    size: () => total,
  }
}

/** A slice that holds `need` bytes, at most twice that: small files never cost a whole slice of memory. */
function roomFor(slice: Bytes | null, filled: number, need: number): Bytes {
  if (slice && slice.length >= need) return slice
  const larger = new Uint8Array(Math.min(sliceBytes + 1, Math.max(need, 2 * filled)))
  if (slice) larger.set(slice.subarray(0, filled))
  return larger
}

/** Cuts bytes into slices, each with the leaf prefix before it. A slice whose hash is still being made keeps its memory. */
function slicer(give: (leaf: Bytes) => Promise<void> | void) {
  const full = sliceBytes + 1
  let slice: Bytes | null = null
  let filled = 1
  const flush = async () => {
    const leaf = slice?.subarray(0, filled)
    filled = 1
    const hashing = leaf && leaf.length > 1 ? give(leaf) : undefined
    if (hashing) {
      slice = null
      await hashing
    }
  }
  const push = async (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + full - filled)
      slice = roomFor(slice, filled, filled + piece.length)
      slice.set(piece, filled)
      filled += piece.length
      at += piece.length
      if (filled === full) await flush()
    }
  }
  return { push, flush }
}
