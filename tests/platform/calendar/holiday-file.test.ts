import { expect, test } from 'vitest'
import { readHolidayFiles } from '@/db/seed/holidays'
import { calendarOfRows, daysOf, type HolidayFile, versionOf, yearsOf } from '~/platform/calendar/holiday-file'
import { addWorkdays } from '~/shared/workdays'

const files = readHolidayFiles()

test('the seed has a notice for 2024 to 2026 and none yet for 2027', () => {
  expect(yearsOf(files).map(y => y.year)).toEqual([2024, 2025, 2026])
  expect(versionOf(yearsOf(files))).toBe('放假安排 2024–2026')
})

test('a limit that runs into an unannounced year is provisional, and final once the notice is loaded', () => {
  const before = calendarOfRows(yearsOf(files), daysOf(files))
  expect(addWorkdays(before, '2026-12-30', 2)).toEqual({ day: '2027-01-01', provisional: true })
  const notice: HolidayFile = { year: 2027, papers: ['notice'], days: [{ name: '元旦', date: '2027-01-01', isOffDay: true }] }
  const after = calendarOfRows(yearsOf([...files, notice]), daysOf([...files, notice]))
  expect(addWorkdays(after, '2026-12-30', 2)).toEqual({ day: '2027-01-04', provisional: false })
})

test('a later year’s notice may change a day of the year before', () => {
  const early: HolidayFile = { year: 2026, papers: ['a'], days: [{ name: '元旦', date: '2026-12-31', isOffDay: false }] }
  const late: HolidayFile = { year: 2027, papers: ['b'], days: [{ name: '元旦', date: '2026-12-31', isOffDay: true }] }
  expect(daysOf([late, early])).toEqual([{ day: '2026-12-31', isWorkday: false, name: '元旦' }])
})

test('no notice at all has a version that says so', () => expect(versionOf([])).toBe('放假安排 无'))
