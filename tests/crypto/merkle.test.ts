import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hex, unhex } from '@/crypto/bytes'
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  sha256,
  sliceBytes,
  sliceTree,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from '@/crypto/merkle'
import { sm3 } from '@/crypto/sm3'
import rfc6962 from '../vectors/merkle-rfc6962.json'

const leaves = rfc6962.leaves.map(leaf => leafHash(unhex(leaf)))

function vectors(kind: string): { name: string; vector: Record<string, unknown> }[] {
  const folder = join(import.meta.dirname, '../vectors/merkle', kind)
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.json'))
    .map(name => ({ name, vector: JSON.parse(readFileSync(join(folder, name), 'utf8')) }))
}
const bytesOf = (text: unknown) => new Uint8Array(Buffer.from(String(text ?? ''), 'base64'))
const listOf = (list: unknown) => (Array.isArray(list) ? list.map(bytesOf) : [])

test('the roots of RFC 6962 come out for every size', () => {
  expect(rfc6962.roots.map((_, size) => hex(treeRoot(leaves.slice(0, size))))).toEqual(rfc6962.roots)
})

test('with SM3 injected the tree is an SM3 tree', () => {
  const gm = rfc6962.leaves.map(leaf => leafHash(unhex(leaf), sm3))
  expect(hex(treeRoot(gm, sm3))).toBe(rfc6962.sm3RootOf8)
})

test('all published inclusion proofs are judged rightly', () => {
  const all = vectors('inclusion')
  expect(all.length).toBe(98)
  for (const { name, vector } of all) {
    const held = verifyInclusion({
      index: Number(vector.leafIdx),
      size: Number(vector.treeSize),
      leaf: bytesOf(vector.leafHash),
      proof: listOf(vector.proof),
      root: bytesOf(vector.root),
    })
    expect(held, name).toBe(!vector.wantErr)
  }
})

test('all published consistency proofs are judged rightly', () => {
  const all = vectors('consistency')
  expect(all.length).toBe(98)
  for (const { name, vector } of all) {
    const held = verifyConsistency({
      size1: Number(vector.size1),
      size2: Number(vector.size2),
      root1: bytesOf(vector.root1),
      root2: bytesOf(vector.root2),
      proof: listOf(vector.proof),
    })
    expect(held, name).toBe(!vector.wantErr)
  }
})

test('proofs we make hold for every leaf and every prefix, and for no other', () => {
  for (let size = 1; size <= leaves.length; size++) {
    const tree = leaves.slice(0, size)
    const root = treeRoot(tree)
    tree.forEach((leaf, index) => {
      const proof = inclusionProof(index, tree)
      expect(verifyInclusion({ index, size, leaf, proof, root })).toBe(true)
      expect(verifyInclusion({ index, size, leaf: leafHash(leaf), proof, root })).toBe(false)
    })
    for (let size1 = 1; size1 <= size; size1++) {
      const root1 = treeRoot(leaves.slice(0, size1))
      expect(verifyConsistency({ size1, size2: size, root1, root2: root, proof: consistencyProof(size1, tree) })).toBe(true)
    }
  }
})

test('the incremental root over 1 MiB slices does not depend on how the bytes arrive', async () => {
  const bytes = new Uint8Array(2 * sliceBytes + 12345).map((_, at) => at % 251)
  const slices = [0, 1, 2].map(i => leafHash(bytes.subarray(i * sliceBytes, (i + 1) * sliceBytes)))
  const expected = hex(treeRoot(slices))
  for (const step of [7919 * 13, sliceBytes, bytes.length]) {
    const tree = sliceTree(sha256, piece => new Uint8Array(hash('sha256', piece, 'buffer')))
    for (let at = 0; at < bytes.length; at += step) await tree.push(bytes.subarray(at, at + step))
    expect(hex(await tree.root())).toBe(expected)
    expect(tree.size()).toBe(bytes.length)
  }
  expect(hex(await sliceTree(sha256).root())).toBe(rfc6962.roots[0])
})
