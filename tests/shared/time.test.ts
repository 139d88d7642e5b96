import { expect, test } from 'vitest'
import {
  addDays,
  dayOf,
  daysBetween,
  endOfDay,
  formatDay,
  formatInstant,
  formatMinute,
  formatSpan,
  localOf,
  parseDay,
  parseLocal,
  startOfDay,
} from '~/shared/time'

test('an instant is written in Shanghai time whatever the machine is set to', () => {
  const at = new Date('2026-12-01T01:30:05Z')
  expect(formatInstant(at)).toBe('2026年12月1日 09:30:05')
  expect(formatMinute(at)).toBe('2026年12月1日 09:30')
  expect(localOf(at)).toBe('2026-12-01T09:30:05')
  expect(dayOf(new Date('2026-11-30T16:00:00Z'))).toBe('2026-12-01')
  expect(dayOf(new Date('2026-11-30T15:59:59Z'))).toBe('2026-11-30')
})

test('a datetime-local value is read as Shanghai time, with or without seconds', () => {
  expect(parseLocal('2026-12-01T09:30')?.toISOString()).toBe('2026-12-01T01:30:00.000Z')
  expect(parseLocal('2026-12-01T09:30:07')?.toISOString()).toBe('2026-12-01T01:30:07.000Z')
})

test('a day or hour that does not exist is not a time', () => {
  for (const text of [
    '2026-02-30T09:30',
    '2026-13-01T09:30',
    '2026-12-01T24:30',
    '2026-12-01',
    'tomorrow',
    '',
    '2026-12-01T09:30Z',
  ]) {
    expect(parseLocal(text)).toBeNull()
  }
  expect(parseDay('2026-02-29')).toBeNull()
  expect(parseDay('2028-02-29')).toBe('2028-02-29')
})

test('days are added and counted over months and years', () => {
  expect(addDays('2026-12-25', 20)).toBe('2027-01-14')
  expect(daysBetween('2026-12-25', '2027-01-14')).toBe(20)
  expect(formatDay('2026-02-01')).toBe('2026年2月1日')
  expect(endOfDay('2026-12-01').getTime() - startOfDay('2026-12-01').getTime()).toBe(86_399_000)
})

test('a span shows its two largest parts', () => {
  expect(formatSpan(3 * 86_400 + 4 * 3_600 + 59)).toBe('3 天 4 小时')
  expect(formatSpan(61)).toBe('1 分 1 秒')
  expect(formatSpan(-5)).toBe('0 秒')
})
