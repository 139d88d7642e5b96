import { expect, test } from 'vitest'
import { creditCodeOf, isCreditCode } from '~/shared/credit-code'
import { dealCodeOf, documentCodeOf, isDealCode, lotCodeOf, projectCodeOf, tenderProjectCodeOf } from '~/shared/deal-code'

// The worked example of GB 32100—2015 and codes of well-known companies.
const real = ['91350100M000100Y43', '91440300708461136T', '914403001922038216', '9111000071093123XX']

for (const code of real) test(`${code} is a credit code`, () => expect(isCreditCode(code)).toBe(true))

test('any single changed character breaks the check', () => {
  const code = '91350100M000100Y43'
  for (let i = 0; i < code.length; i++) {
    for (const c of '0123456789ABCDEFGHJKLMNPQRTUWXY') {
      if (c !== code[i]) expect(isCreditCode(code.slice(0, i) + c + code.slice(i + 1))).toBe(false)
    }
  }
})

test('letters that look like digits, small letters and wrong lengths are refused', () => {
  for (const code of [
    '91350100MO00100Y43',
    '91350100m000100y43',
    '91350100M000100Y4',
    '91350100M000100Y433',
    '',
    '_1350100M000100Y43',
  ]) {
    expect(isCreditCode(code)).toBe(false)
  }
})

test('the first 17 characters are completed with their check character', () => {
  expect(creditCodeOf('91350100M000100Y4')).toBe('91350100M000100Y43')
  expect(() => creditCodeOf('91350100MI00100Y4')).toThrow(RangeError)
})

test('the deal code check character agrees with the vectors', () => {
  expect(dealCodeOf({ tradeClass: 'A01', creditCode: '12341282MB1D44287E', day: '2023-10-18', serial: 1226 })).toBe(
    'A01-12341282MB1D44287E-20231018-001226-R',
  )
  expect(dealCodeOf({ tradeClass: 'A01', creditCode: '12350000717002688E', day: '2017-01-05', serial: 1 })).toBe(
    'A01-12350000717002688E-20170105-000001-S',
  )
})

test('a deal code is 40 characters and a changed digit breaks it', () => {
  const code = 'A01-12341282MB1D44287E-20231018-001226-R'
  expect(code).toHaveLength(40)
  expect(isDealCode(code)).toBe(true)
  expect(isDealCode(code.replace('001226', '001227'))).toBe(false)
  expect(isDealCode(code.replaceAll('-', ''))).toBe(false)
})

test('project, tender project, lot and document codes have their lengths', () => {
  const project = projectCodeOf('E3500000717', 2688)
  expect(project).toBe('E3500000717002688')
  const tender = tenderProjectCodeOf(project, 1)
  const lot = lotCodeOf(tender, 2)
  expect([project, tender, lot, documentCodeOf(lot, 3)].map(c => c.length)).toEqual([17, 20, 23, 26])
  expect(() => projectCodeOf('E3500000717', 1_000_000)).toThrow(RangeError)
})
