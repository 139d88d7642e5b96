import { expect, test } from 'vitest'
import { base64, hex } from '@/crypto/bytes'
import { drawHolds, drawParameters, type ParameterPart, parameterSeed, pickIndex } from '@/crypto/parameter'
import { nodeRandom } from '@/crypto/suite-node'

const scope = { platform: 'p', project: 'j', lot: 'l', round: 1, note: 'origin\n16\nAAAA\n\n— log sig\n', token: null }
const rule = { code: 'F', name: '下浮率', values: ['1.5%', '1.25%', '1%', '0.75%', '0.5%', '0.25%'] }
const part = (n: number): ParameterPart => ({
  statement: hex(new Uint8Array(32).fill(n)),
  fileId: hex(new Uint8Array(16).fill(n)),
  key: base64(new Uint8Array(32).fill(n)),
})
const parts = [part(1), part(2), part(3)]

test('a frozen vector: the same secrets always draw the same', () => {
  const drawn = drawParameters(scope, parts, [rule, { code: 'K', name: 'K', values: ['0.95', '0.96', '0.97'] }])
  expect({ seed: drawn.seed, values: drawn.drawn.map(one => one.value) }).toMatchInlineSnapshot(`
    {
      "seed": "b53feb41d5af6390850a4c254ad6eba133d230ca384be48830355e2e24552ca9",
      "values": [
        "0.25%",
        "0.95",
      ],
    }
  `)
})

test('parts in any order draw the same; one bit of a key, another checkpoint or another round draw from another seed', () => {
  const drawn = drawParameters(scope, parts, [rule])
  expect(drawParameters(scope, [...parts].reverse(), [rule])).toEqual(drawn)
  expect(drawHolds(drawn)).toBe(true)
  const key = new Uint8Array(32).fill(3)
  key[0]! ^= 1
  const others = [
    parameterSeed(scope, [part(1), part(2), { ...part(3), key: base64(key) }]),
    parameterSeed({ ...scope, note: `${scope.note} ` }, parts),
    parameterSeed({ ...scope, round: 2 }, parts),
    parameterSeed(scope, parts.slice(0, 2)),
  ].map(hex)
  expect(new Set([drawn.seed, ...others]).size).toBe(5)
})

test('a changed value, index, seed or order of parts does not hold', () => {
  const drawn = drawParameters(scope, parts, [rule])
  const [one] = drawn.drawn
  const other = (one!.index + 1) % rule.values.length
  expect(drawHolds({ ...drawn, drawn: [{ ...one!, index: other, value: rule.values[other]! }] })).toBe(false)
  expect(drawHolds({ ...drawn, drawn: [{ ...one!, value: rule.values[other]! }] })).toBe(false)
  expect(drawHolds({ ...drawn, seed: hex(new Uint8Array(32)) })).toBe(false)
  expect(drawHolds({ ...drawn, parts: [...drawn.parts].reverse() })).toBe(false)
})

test('every value is drawn about equally often', () => {
  const counts = new Array(7).fill(0)
  const rounds = 14_000
  for (let i = 0; i < rounds; i++) counts[pickIndex(nodeRandom(32), 'K', 7)]++
  const expected = rounds / 7
  const chi = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
  // χ² with 6 degrees of freedom exceeds 35 once in about 200,000 runs.
  expect(chi).toBeLessThan(35)
})
