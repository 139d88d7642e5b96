import { describe, expect, test } from 'vitest'
import { concat, equal, hex, xor } from '@/crypto/bytes'
import { chunkSealer } from '@/crypto/chunked'
import { type Head, headerBytes, parseHead, type ReleaseMode, wrapBindOf } from '@/crypto/header'
import { fileKeyOf, shareCommit } from '@/crypto/seal'
import { deal } from '@/crypto/shamir'
import { combineStage, stageProblem, subsets } from '@/crypto/stage'
import { nodeRandom, nodeSuites } from '@/crypto/suite-node'
import { bindingHash, unwrapSecret } from '@/crypto/wrap'
import { custodianNames, headsOf, keyOf, sealAll, stageOf, twoFiles } from './sealing'

const suite = nodeSuites.intl

async function aStage(mode: ReleaseMode, k = 2) {
  const heads = headsOf(await sealAll({ ...stageOf('intl', mode, nodeRandom), k }, twoFiles()))
  const { parts, bind } = heads[0]!.header
  const binding = (part: string) => bindingHash(suite, wrapBindOf(bind), part)
  const shares = await Promise.all(
    (parts.c?.shares ?? []).map(
      async (wrap, i) => (await unwrapSecret(keyOf('intl', custodianNames[i]!).key, wrap, binding(`c${i}`)))!,
    ),
  )
  const b = parts.b?.to[0]
  return { heads, shares, partB: b ? (await unwrapSecret(keyOf('intl', 'bidder').key, b, binding('b')))! : null }
}

/** A stage whose bidder dealt the given shares, whatever they are, under commits that fit them. */
async function dealtAs(shares: Uint8Array[], stageKey: Uint8Array, mode: ReleaseMode = 'custody'): Promise<Head[]> {
  const { heads } = await aStage(mode)
  return Promise.all(
    heads.map(async ({ header }) => {
      const c = header.parts.c!
      const parts = {
        ...header.parts,
        c: { k: c.k, shares: c.shares.map((wrap, i) => ({ ...wrap, commit: shareCommit(suite, shares[i]!) })) },
      }
      const before = headerBytes({ ...header, parts })
      const body = await chunkSealer(suite, fileKeyOf(suite, stageKey, header.bind.fileId), nodeRandom(24), suite.hash(before))
      return parseHead(nodeSuites, concat(before, body.head))
    }),
  )
}

describe('mode both', () => {
  test('any two custodians and the bidder open it, and the first fitting pair is named', async () => {
    const { heads, shares, partB } = await aStage('both')
    expect(combineStage({ heads, shares, partB })).toMatchObject({
      state: 'opened',
      subset: [0, 1],
      usedB: true,
      inconsistent: [],
    })
    expect(combineStage({ heads, shares: [null, shares[1]!, shares[2]!], partB })).toMatchObject({
      state: 'opened',
      subset: [1, 2],
    })
  })

  test('one share, or no part b, is waiting for what is missing', async () => {
    const { heads, shares, partB } = await aStage('both')
    expect(combineStage({ heads, shares: [shares[0]!, null, null], partB })).toMatchObject({ state: 'waiting', missing: ['c'] })
    expect(combineStage({ heads, shares, partB: null })).toMatchObject({ state: 'waiting', missing: ['b'] })
    expect(combineStage({ heads, shares: [], partB: null })).toMatchObject({ state: 'waiting', missing: ['b', 'c'] })
  })

  test('a share that does not fit its commit is the custodian’s fault and counts as missing', async () => {
    const { heads, shares, partB } = await aStage('both')
    const bad = shares[0]!.map(byte => byte ^ 1)
    expect(combineStage({ heads, shares: [bad, shares[1]!, null], partB })).toMatchObject({
      state: 'waiting',
      missing: ['c'],
      unfit: [0],
    })
    expect(combineStage({ heads, shares: [bad, shares[1]!, shares[2]!], partB })).toMatchObject({
      state: 'opened',
      subset: [1, 2],
      unfit: [0],
    })
  })

  test('a wrong part b, of any length, is the bidder’s fault', async () => {
    const { heads, shares } = await aStage('both')
    expect(combineStage({ heads, shares, partB: nodeRandom(32) })).toMatchObject({ state: 'bidder-fault' })
    expect(combineStage({ heads, shares, partB: nodeRandom(16) })).toMatchObject({ state: 'bidder-fault' })
  })

  test('the key must fit all files of the stage: one sealed with another key is the bidder’s fault', async () => {
    const { heads, shares, partB } = await aStage('both')
    const bent = parseHead(nodeSuites, concat(heads[1]!.bytes.subarray(0, -1), Uint8Array.of(heads[1]!.bytes.at(-1)! ^ 1)))
    expect(combineStage({ heads: [heads[0]!, bent], shares, partB })).toMatchObject({ state: 'bidder-fault' })
  })
})

describe('what the bidder dealt', () => {
  const key = nodeRandom(32)
  const good = deal(key, 2, 3, nodeRandom)

  test('one share off the polynomial: a later pair opens, and the odd one is recorded', async () => {
    const odd = concat(nodeRandom(32), Uint8Array.of(1))
    const heads = await dealtAs([odd, good[1]!, good[2]!], key)
    expect(combineStage({ heads, shares: [odd, good[1]!, good[2]!], partB: null })).toMatchObject({
      state: 'opened',
      subset: [1, 2],
      inconsistent: [0],
    })
  })

  test('no pair gives the key: the bidder’s fault', async () => {
    const heads = await dealtAs(good, nodeRandom(32))
    expect(combineStage({ heads, shares: good, partB: null })).toMatchObject({ state: 'bidder-fault' })
  })

  test('x = 0 and a wrong length are set aside, yet count as delivered', async () => {
    const zero = concat(nodeRandom(32), Uint8Array.of(0))
    const short = nodeRandom(20)
    const heads = await dealtAs([zero, short, good[2]!], key)
    expect(combineStage({ heads, shares: [zero, short, good[2]!], partB: null })).toMatchObject({
      state: 'bidder-fault',
      setAside: [0, 1],
    })
  })

  test('a pair with one x twice is passed over and recorded', async () => {
    const twin = concat(nodeRandom(32), good[0]!.subarray(32))
    const dealt = [good[0]!, twin, good[2]!]
    const heads = await dealtAs(dealt, key)
    expect(combineStage({ heads, shares: dealt, partB: null })).toMatchObject({
      state: 'opened',
      subset: [0, 2],
      repeatedX: [[0, 1]],
      inconsistent: [1],
    })
  })
})

describe('the other modes', () => {
  test('bidder: its part alone opens; a wrong one is its fault', async () => {
    const { heads, partB } = await aStage('bidder')
    expect(combineStage({ heads, shares: [], partB })).toMatchObject({ state: 'opened', usedB: true, subset: [] })
    expect(combineStage({ heads, shares: [], partB: nodeRandom(32) })).toMatchObject({ state: 'bidder-fault' })
  })

  test('custody: any two custodians open it', async () => {
    const { heads, shares } = await aStage('custody')
    expect(combineStage({ heads, shares: [null, shares[1]!, shares[2]!], partB: null })).toMatchObject({
      state: 'opened',
      usedB: false,
    })
  })

  test('rescue: either way opens; a wrong part b still waits for the custodians', async () => {
    const { heads, shares, partB } = await aStage('rescue')
    expect(combineStage({ heads, shares: [], partB })).toMatchObject({ state: 'opened', usedB: true })
    expect(combineStage({ heads, shares, partB: null })).toMatchObject({ state: 'opened', usedB: false })
    expect(combineStage({ heads, shares: [], partB: nodeRandom(32) })).toMatchObject({ state: 'waiting', missing: ['c'] })
    expect(combineStage({ heads, shares, partB: nodeRandom(32) })).toMatchObject({ state: 'opened', usedB: false })
  })
})

test('files of two sealings, roles or ids repeated, do not make one stage', async () => {
  const [one, two] = [await aStage('both'), await aStage('both')]
  expect(stageProblem(one.heads)).toBeNull()
  expect(stageProblem([])).toBe('empty')
  expect(stageProblem([one.heads[0]!, two.heads[1]!])).toBe('parts')
  expect(stageProblem([one.heads[0]!, one.heads[0]!])).toBe('role-repeated')
  const { header } = one.heads[1]!
  const elsewhere = { ...one.heads[1]!, header: { ...header, bind: { ...header.bind, lot: 'L-02' } } }
  expect(stageProblem([one.heads[0]!, elsewhere])).toBe('binding')
  expect(() => combineStage({ heads: [one.heads[0]!, elsewhere], shares: [], partB: null })).toThrow()
})

test('subsets come in lexicographic order', () =>
  expect(subsets([0, 1, 3], 2)).toEqual([
    [0, 1],
    [0, 3],
    [1, 3],
  ]))

test('in mode both the key is part b ⊕ part c, and part c alone opens nothing', async () => {
  const { heads, shares, partB } = await aStage('both')
  const verdict = combineStage({ heads, shares, partB })
  if (verdict.state !== 'opened') throw new Error(verdict.state)
  expect(equal(verdict.stageKey, partB!)).toBe(false)
  expect(hex(xor(verdict.stageKey, partB!))).toHaveLength(64)
  expect(combineStage({ heads, shares, partB: new Uint8Array(32) })).toMatchObject({ state: 'bidder-fault' })
})
