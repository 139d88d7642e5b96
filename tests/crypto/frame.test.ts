import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, equal, u32be, utf8 } from '@/crypto/bytes'
import { frameHead, frameReader, frameSize, padme, priceFrameBytes } from '@/crypto/frame'
import { canonical } from '@/crypto/jcs'

const twinSalt = new Uint8Array(32).fill(1)
const meta = { name: '报价.json', type: 'application/json', size: 5, twinSalt }
const framed = (role: string, content: Uint8Array, change: Partial<typeof meta> = {}) => {
  const head = frameHead({ ...meta, size: content.length, ...change })
  return concat(head, content, new Uint8Array(frameSize(role, head.length + content.length) - head.length - content.length))
}
function read(role: string, frame: Uint8Array, step = 1000) {
  const reader = frameReader(role)
  const content: Uint8Array[] = []
  for (let at = 0; at < frame.length; at += step) content.push(...reader.push(frame.subarray(at, at + step)))
  return { meta: reader.finish(), content: concat(...content) }
}

test('a price file’s frame is 65,536 bytes whatever it holds', () => {
  for (const size of [0, 10, 60_000]) expect(framed('price', new Uint8Array(size)).length).toBe(priceFrameBytes)
  expect(() => framed('price', new Uint8Array(65_500))).toThrow('too large')
})

test('other frames have at least 1 MiB and Padmé lengths: at most 12 % more, and few lengths at all', () => {
  expect(framed('technical', new Uint8Array(10)).length).toBe(1_048_576)
  expect([padme(9), padme(100), padme(1_048_577), padme(60_000_000), padme(2 ** 40 + 1)]).toEqual([
    10,
    104,
    1_081_344,
    60_817_408,
    2 ** 40 + 2 ** 34,
  ])
  fc.assert(
    fc.property(
      fc.maxSafeInteger().filter(n => n > 0 && n < 2 ** 52),
      size => {
        const padded = padme(size)
        return padded >= size && padded <= size * 1.12 + 1 && padme(padded) === padded
      },
    ),
  )
})

test('content comes back however the bytes arrive', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 1, max: 5000 }), (content, step) => {
      const back = read('price', framed('price', content), step)
      return equal(back.content, content) && back.meta.name === meta.name
    }),
    { numRuns: 30 },
  )
})

describe('a frame is refused', () => {
  const good = framed('price', utf8('hello'))
  const head = frameHead(meta)
  const raw = (json: string, rest = utf8('hello')) => {
    const bytes = concat(u32be(utf8(json).length), json, rest)
    return concat(bytes, new Uint8Array(Math.max(0, priceFrameBytes - bytes.length)))
  }
  const fields = { name: 'a', size: 5, twinSalt: Buffer.from(twinSalt).toString('base64'), type: 'text/plain' }
  const bent = good.slice()
  bent[bent.length - 1] = 1
  const cases: [string, Uint8Array][] = [
    ['with a byte in its padding', bent],
    ['with a zero too many', concat(good, Uint8Array.of(0))],
    ['with a zero too few', good.subarray(0, -1)],
    ['without padding', good.subarray(0, head.length + 5)],
    ['cut inside the content', good.subarray(0, head.length + 3)],
    ['that is empty', new Uint8Array()],
    ['whose description claims 4,097 bytes', concat(u32be(4097), new Uint8Array(65_532))],
    ['whose description is not canonical', raw(JSON.stringify(fields, null, 1))],
    ['with a field too many', raw(canonical({ ...fields, x: 1 }))],
    ['with a size beyond its bytes', raw(canonical({ ...fields, size: 70_000 }))],
    ['with a size below its content', raw(canonical({ ...fields, size: 4 }))],
    ['with a short twin salt', raw(canonical({ ...fields, twinSalt: 'AAAA' }))],
  ]
  test.each(cases)('%s', (_, frame) => expect(() => read('price', frame)).toThrow())
  test('padded like another role', () => expect(() => read('technical', good)).toThrow('padding'))
})

test('names that would leave a folder, or are too long, are refused when sealing', () => {
  for (const name of ['', '.', '..', 'a/b', 'a\\b', 'a\0b', '长'.repeat(86)]) expect(() => frameHead({ ...meta, name })).toThrow()
  expect(() => frameHead({ ...meta, name: '长'.repeat(85) })).not.toThrow()
})
