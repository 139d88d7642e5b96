import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  employerTag,
  expertLeaf,
  expertSalt,
  hashOf,
  joinShares,
  partyCommitment,
  poolRoot,
  publicValue,
  rank,
  readDraw,
  seedOf,
  selectPanel,
} from '@/crypto/draw'
import type { RulesV1 } from '@/crypto/draw-rules'
import rfc3797 from '../vectors/rfc3797.json'

// crypto.md §8.3: twelve experts, E004 excluded, three parties.
const snapshotKey = new Uint8Array(32).fill(0x11)
const drawId = 'DRAW-2026-0001'
const records = Array.from({ length: 12 }, (_, at) => ({
  id: `E${String(at + 1).padStart(3, '0')}`,
  name: `专家${at + 1}`,
  disc: at % 3 === 2 ? 'B01' : 'A08',
  emp: `ORG${at % 5}`,
}))
const people = records.map(record => ({ record, c: expertLeaf(expertSalt(snapshotKey, record.id), record) }))
const idOf = (c: string) => people.find(person => person.c === c)?.record.id
const eligible = people
  .filter(({ record }) => record.id !== 'E004')
  .map(({ record, c }) => [c, record.disc, employerTag(snapshotKey, drawId, record.emp)])
  .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))
const rules: RulesV1 = {
  v: 1,
  seats: [
    { seat: '技术', disc: ['A08'], n: 3 },
    { seat: '经济', disc: ['B01'], n: 2 },
  ],
  maxPerEmployer: 1,
  alternates: 2,
}
const secrets = {
  agency: new Uint8Array(32).fill(1),
  platform: new Uint8Array(32).fill(2),
  supervisor: new Uint8Array(32).fill(3),
}

describe('the vector of crypto.md §8.3', () => {
  const root = poolRoot(people.map(({ c }) => c))
  const seed = seedOf({
    drawId,
    poolRoot: root,
    eligible: hashOf(eligible),
    rules: hashOf(rules),
    secrets,
    v: new Uint8Array(32).fill(0xaa),
  })

  test('commitments, lists and seed come out byte for byte', () => {
    expect(root).toBe('cdffe8c3c32cd3fe48f1e374f29d155ff134479165fd8297d3b7e44eb7774dc5')
    expect(partyCommitment(drawId, 'agency', secrets.agency)).toBe(
      '80d33cff81d30694ff7e5be459c7cf3ed395d6b77798e833aedbd604a6987bb6',
    )
    expect(hashOf(rules)).toBe('d8c3048e721032c7f8259047b8182ff0045c51c2af0b81e0f521c40940abf9ca')
    expect(hashOf(eligible)).toBe('48ef93d6d10f7da776ca04fd4b787a13071ba406f30077ef2348c85acc627ffa')
    expect(Buffer.from(seed).toString('hex')).toBe('e0411a2328769db8cfc912434c23c9741865a2a87e93f1d720c8e23632017f2a')
  })

  test('the panel and its alternates come out in order', () => {
    const read = readDraw(rules, eligible)
    const selection = selectPanel(seed, read.rules, read.people)
    expect(selection?.attempt).toBe(0)
    expect(selection?.seated.map(({ seat, c }) => [seat, idOf(c)])).toEqual([
      ['技术', 'E005'],
      ['技术', 'E001'],
      ['技术', 'E002'],
      ['经济', 'E009'],
      ['经济', 'E003'],
    ])
    expect(selection?.alternates.map(({ cs }) => cs.map(idOf))).toEqual([
      ['E008', 'E010'],
      ['E012', 'E006'],
    ])
  })
})

// RFC 3797, the ancestor: its key string and MD5 draw of 16 of 25 names (section 6), kept so that we know what we replaced.
test('the worked example of RFC 3797 is reproduced', () => {
  const names = Array.from({ length: rfc3797.names }, (_, at) => at + 1)
  const round = (n: number) => {
    const counter = Buffer.alloc(2)
    counter.writeUInt16BE(n)
    return createHash('md5')
      .update(Buffer.concat([counter, Buffer.from(rfc3797.key), counter]))
      .digest('hex')
  }
  const drawn = rfc3797.rounds.map((_, at) => {
    const md5 = round(at)
    return [md5.toUpperCase(), names.splice(Number(BigInt(`0x${md5}`) % BigInt(names.length)), 1)[0]]
  })
  expect(drawn).toEqual(rfc3797.rounds)
})

describe('the parts of a seed', () => {
  test('shares join by XOR and must have 32 bytes', () => {
    const [a, b] = [new Uint8Array(32).fill(0b1100), new Uint8Array(32).fill(0b1010)]
    expect(joinShares([a, b])).toEqual(new Uint8Array(32).fill(0b0110))
    expect(() => joinShares([a, b.subarray(1)])).toThrow()
    expect(() => joinShares([])).toThrow()
  })

  test('V takes the whole cosignature line and nothing else', () => {
    const root = new Uint8Array(32)
    const line = '— witness abcd1234=='
    expect(publicValue(root, line)).not.toEqual(publicValue(root, '— witness abcd1235=='))
    for (const bad of [`${line}\n`, line.slice(2), '— witness', '— wit ness abcd', ''])
      expect(() => publicValue(root, bad)).toThrow()
    expect(() => publicValue(root.subarray(1), line)).toThrow()
  })

  test('a pool with the same commitment twice is refused', () =>
    expect(() => poolRoot(['aa'.repeat(32), 'aa'.repeat(32)])).toThrow())
})

test('ranking 3,000 eligible people takes well under 150 ms', () => {
  const many = Array.from({ length: 3_000 }, (_, at) => ({ c: createHash('sha256').update(String(at)).digest('hex') }))
  const times = Array.from({ length: 5 }, (_, attempt) => {
    const start = performance.now()
    rank(new Uint8Array(32).fill(7), many, attempt)
    return performance.now() - start
  })
  expect(Math.min(...times)).toBeLessThan(150)
})
