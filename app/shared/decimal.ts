// Exact decimals as strings, over decimal.js. Binary floating point never touches a price, a rate or a score.
import { Decimal } from 'decimal.js'

export type Rounding = 'HALF_UP' | 'HALF_EVEN' | 'UP' | 'DOWN' | 'CEIL' | 'FLOOR'

// 60 significant digits: sums and products of numeric(20,6) values are exact, quotients are rounded far below any place we show.
const Exact = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -1e9, toExpPos: 1e9 })

const modes: Record<Rounding, Decimal.Rounding> = {
  HALF_UP: Decimal.ROUND_HALF_UP,
  HALF_EVEN: Decimal.ROUND_HALF_EVEN,
  UP: Decimal.ROUND_UP,
  DOWN: Decimal.ROUND_DOWN,
  CEIL: Decimal.ROUND_CEIL,
  FLOOR: Decimal.ROUND_FLOOR,
}

const plain = /^-?\d+(\.\d+)?$/

/** True for an optional minus, digits and an optional fraction: no exponent, no blanks, no NaN. */
export const isDecimal = (text: string): boolean => plain.test(text)

function exact(text: string): Decimal {
  if (!isDecimal(text)) throw new RangeError(`not a decimal: ${text.slice(0, 40)}`)
  return new Exact(text)
}

function text(value: Decimal): string {
  if (!value.isFinite()) throw new RangeError('the result is not a finite decimal')
  return value.isZero() ? '0' : value.toFixed()
}

const fold = (values: string[], step: (a: Decimal, b: Decimal) => Decimal): string => {
  const [first, ...rest] = values
  if (first === undefined) throw new RangeError('no values')
  return text(rest.reduce((total, value) => step(total, exact(value)), exact(first)))
}

export const add = (...values: string[]): string => fold(values, (a, b) => a.plus(b))
export const subtract = (a: string, b: string): string => text(exact(a).minus(exact(b)))
export const multiply = (...values: string[]): string => fold(values, (a, b) => a.times(b))

/** a / b to 60 significant digits; division by zero throws RangeError. */
export const divide = (a: string, b: string): string => text(exact(a).div(exact(b)))

export const absolute = (value: string): string => text(exact(value).abs())

/** −1, 0 or 1, comparing by value: `1.0` equals `1`. */
export const compare = (a: string, b: string): number => exact(a).cmp(exact(b))

export const isLess = (a: string, b: string): boolean => compare(a, b) < 0
export const isEqual = (a: string, b: string): boolean => compare(a, b) === 0

export const lowest = (values: string[]): string => fold(values, (a, b) => (b.lt(a) ? b : a))
export const highest = (values: string[]): string => fold(values, (a, b) => (b.gt(a) ? b : a))

/** The sum; `0` for an empty list. */
export const sum = (values: string[]): string => add('0', ...values)

/** The arithmetic mean to 60 significant digits; an empty list throws RangeError. */
export const mean = (values: string[]): string => divide(sum(values), String(values.length))

/** Rounds to `places` decimals and writes exactly that many. HALF_UP means away from zero at a half. */
export const round = (value: string, places: number, mode: Rounding = 'HALF_UP'): string =>
  withoutMinusZero(exact(value).toFixed(places, modes[mode]))

const withoutMinusZero = (written: string): string => (/^-0(\.0*)?$/.test(written) ? written.slice(1) : written)

/** Shortest writing of the same value: `1.500` → `1.5`, `2.00` → `2`. */
export const trim = (value: string): string => text(exact(value))
