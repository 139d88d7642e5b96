import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { base64, hex, unbase64, unhex, utf8 } from '@/crypto/bytes'
import { canonical, parseCanonical } from '@/crypto/jcs'

test('members are sorted by UTF-16 code units, as in the example of RFC 8785 §3.2.3', () => {
  const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }
  expect(canonical(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}')
})

test('control characters are escaped the short way and others in lower-case hex', () => {
  expect(canonical('\u000f\n"\\/é')).toBe('"\\u000f\\n\\"\\\\/é"')
})

describe('what is not canonical is refused, byte for byte', () => {
  const cases: [string, string][] = [
    ['members out of order', '{"b":1,"a":2}'],
    ['white space', '{"a": 1}'],
    ['a final newline', '{"a":1}\n'],
    ['a repeated member', '{"a":1,"a":1}'],
    ['a float', '{"a":1.5}'],
    ['a float spelling of an integer', '{"a":1.0}'],
    ['an exponent', '{"a":1e2}'],
    ['minus zero', '{"a":-0}'],
    ['an integer past 2^53', '{"a":9007199254740993}'],
    ['a lone surrogate', '"\\ud800"'],
    ['a needless escape', '"\\u0061"'],
    ['an escaped slash', '"\\/"'],
    ['upper-case hex in an escape', '"\\u000F"'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['two values', '1 2'],
    ['nothing', ''],
  ]
  test.each(cases)('%s', (_, text) => expect(() => parseCanonical(utf8(text))).toThrow())

  test('invalid UTF-8', () => expect(() => parseCanonical(Uint8Array.of(0x22, 0xff, 0x22))).toThrow())
  test('a member named __proto__ survives as a plain member', () => {
    expect(canonical(parseCanonical(utf8('{"__proto__":1}')))).toBe('{"__proto__":1}')
  })
})

test('values that JSON would bend are refused rather than bent', () => {
  for (const value of [undefined, { a: undefined }, [undefined], Number.NaN, 1n, new Date(0), new Map(), () => 1, '\udc00'])
    expect(() => canonical(value)).toThrow()
})

test('canonical bytes read back as the same value', () => {
  const leaf = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.maxSafeInteger().filter(n => !Object.is(n, -0)),
    fc.boolean(),
    fc.constant(null),
  )
  const json = fc.letrec(tie => ({
    value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('value')), fc.dictionary(fc.string(), tie('value'))),
  })).value
  fc.assert(fc.property(json, value => canonical(parseCanonical(utf8(canonical(value)))) === canonical(value)))
})

test('base64 is canonical and padded, hex is lower-case', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }),
      bytes => base64(unbase64(base64(bytes))) === base64(bytes) && hex(unhex(hex(bytes))) === hex(bytes),
    ),
  )
  for (const text of ['QQ', 'QQ=', 'QR==', 'Q Q=', 'QQ==\n', '_-==', 'A===', '====']) expect(() => unbase64(text)).toThrow()
  for (const text of ['A', 'AB', '0g', '0x00']) expect(() => unhex(text)).toThrow()
})
