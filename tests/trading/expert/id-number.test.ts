import { expect, test } from 'vitest'
import { anIdNumber } from '@/tests/factories/expert'
import { ageOn, birthdayOf, isIdNumber } from '~/trading/expert/id-number'

test('the example of GB 11643 is valid, and no single digit of it can change', () => {
  const example = '11010519491231002X'
  expect(isIdNumber(example)).toBe(true)
  for (let at = 0; at < 17; at++) {
    const digit = (Number(example[at]) + 1) % 10
    expect(isIdNumber(example.slice(0, at) + digit + example.slice(at + 1))).toBe(false)
  }
})

test('a day that does not exist is refused though the check character fits', () => {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const body = '35010219700230001'
  const check = '10X98765432'[weights.reduce((sum, weight, at) => sum + weight * Number(body[at]), 0) % 11]
  expect(isIdNumber(body + check)).toBe(false)
  expect(isIdNumber(anIdNumber(7))).toBe(true)
})

test('full years are counted to the birthday', () => {
  expect(birthdayOf('11010519491231002X')).toBe('1949-12-31')
  expect([ageOn('11010519491231002X', '2026-12-30'), ageOn('11010519491231002X', '2026-12-31')]).toEqual([76, 77])
})
