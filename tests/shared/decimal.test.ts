import fc from 'fast-check'
import { expect, test } from 'vitest'
import { add, compare, divide, isDecimal, mean, multiply, round, subtract, sum, trim } from '~/shared/decimal'

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 6 }))
  .map(([units, places]) => {
    const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
    const whole = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
    return units < 0n ? `-${whole}` : whole
  })

test('a tenth plus two tenths is three tenths', () => expect(add('0.1', '0.2')).toBe('0.3'))

test('a half rounds away from zero, and the named modes differ there', () => {
  expect(round('2.345', 2)).toBe('2.35')
  expect(round('-2.345', 2)).toBe('-2.35')
  expect(round('2.345', 2, 'HALF_EVEN')).toBe('2.34')
  expect(round('2.341', 2, 'UP')).toBe('2.35')
  expect(round('2.349', 2, 'DOWN')).toBe('2.34')
  expect(round('-2.341', 2, 'CEIL')).toBe('-2.34')
  expect(round('-2.341', 2, 'FLOOR')).toBe('-2.35')
})

test('rounding writes the asked number of places and never a minus zero', () => {
  expect(round('3', 2)).toBe('3.00')
  expect(round('-0.001', 2)).toBe('0.00')
})

test('sums and products of what the database can hold are exact', () => {
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      expect(compare(subtract(add(a, b), b), a)).toBe(0)
      expect(compare(multiply(a, b), multiply(b, a))).toBe(0)
      if (compare(b, '0') !== 0) expect(compare(round(divide(multiply(a, b), b), 12), a)).toBe(0)
    }),
  )
})

test('values compare by what they are worth, and trim writes them shortest', () => {
  expect(compare('1.50', '1.5')).toBe(0)
  expect(trim('1.500')).toBe('1.5')
  expect(sum([])).toBe('0')
  expect(round(mean(['1', '2', '2']), 6)).toBe('1.666667')
})

test.each(['', ' 1', '1e5', 'NaN', 'Infinity', '1.', '.5', '+1', '0x1', '1,000'])(
  '%j is not a decimal and cannot be computed with',
  text => {
    expect(isDecimal(text)).toBe(false)
    expect(() => add('1', text)).toThrow(RangeError)
  },
)

test('division by zero and the mean of nothing throw instead of giving Infinity', () => {
  expect(() => divide('1', '0')).toThrow(RangeError)
  expect(() => mean([])).toThrow(RangeError)
})
