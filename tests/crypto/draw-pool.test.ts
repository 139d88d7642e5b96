import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { hashOf, poolRoot } from '@/crypto/draw'
import { isMember } from '@/crypto/draw-fixed'
import { digestExcluded, pageSize, pageTop, proofInPool, rootOfTops, unlisted } from '@/crypto/draw-pool'

const poolOf = (size: number) =>
  Array.from({ length: size }, (_, at) => createHash('sha256').update(`leaf ${at}`).digest('hex')).toSorted()

const pagesOf = (leaves: string[]) =>
  Array.from({ length: Math.ceil(leaves.length / pageSize) }, (_, at) =>
    Buffer.from(leaves.slice(at * pageSize, (at + 1) * pageSize).join(''), 'hex'),
  )

describe.each([1, 5, 1_023, 1_024, 1_025, 2_048, 3_000, 5_121])('a pool of %i in pages', size => {
  const leaves = poolOf(size)
  const pages = pagesOf(leaves)
  const tops = pages.map(pageTop)

  test('has the root of all its leaves, and proves each place', () => {
    const root = rootOfTops(tops)
    expect(root).toBe(poolRoot(leaves))
    for (const index of new Set([0, size - 1, Math.floor(size / 2), Math.min(1_023, size - 1), Math.min(1_024, size - 1)])) {
      const page = Math.floor(index / pageSize)
      const proof = proofInPool(pages[page]!, index % pageSize, tops, page)
      const leaf = Buffer.from(leaves[index]!, 'hex')
      expect(isMember(leaf, index, size, proof, Buffer.from(root, 'hex'))).toBe(true)
      expect(isMember(leaf, (index + 1) % Math.max(2, size), size, proof, Buffer.from(root, 'hex'))).toBe(false)
    }
  })

  test('digests the excluded as their JCS list', () => {
    const eligible = leaves.filter((_, at) => at % 7 === 0)
    const barred = leaves.flatMap((c, at): [string, string][] => (at % 7 === 3 ? [[c, 'engaged']] : []))
    const reasons = new Map(barred)
    const all = leaves.filter(c => !eligible.includes(c)).map(c => [c, reasons.get(c) ?? unlisted])
    expect(digestExcluded(pages, { eligible, barred })).toEqual({ hash: hashOf(all), size: all.length })
    expect(digestExcluded(pages, { eligible: leaves, barred: [] })).toEqual({ hash: hashOf([]), size: 0 })
    expect(digestExcluded(pages, { eligible: [], barred: [] }).size).toBe(size)
  })
})

test('a stranger to the pool and a person listed twice are refused', () => {
  const leaves = poolOf(2_000)
  const pages = pagesOf(leaves)
  for (const stranger of ['00'.repeat(32), 'ff'.repeat(32), createHash('sha256').update('nobody').digest('hex')])
    expect(() => digestExcluded(pages, { eligible: [stranger], barred: [] })).toThrow('not of the pool')
  expect(() => digestExcluded(pages, { eligible: [leaves[5]!], barred: [[leaves[5]!, 'listed']] })).toThrow('listed twice')
})
