import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { addWorkdays, type Calendar, calendarOf, isWorkday, nextWorkdayFrom, workdaysBetween } from '~/shared/workdays'

type HolidayFile = { year: number; papers: string[]; days: { name: string; date: string; isOffDay: boolean }[] }
const files = [2024, 2025, 2026, 2027].map(
  year => JSON.parse(readFileSync(`db/seed/holidays/${year}.json`, 'utf8')) as HolidayFile,
)
const calendar: Calendar = calendarOf(
  'test',
  files.filter(f => f.papers.length > 0).map(f => f.year),
  files.flatMap(f => f.days.map(d => ({ day: d.date, isWorkday: !d.isOffDay, name: d.name }))),
)

// seed-rows.md B-4: start, N, suspensions, due.
const vectors: [string, number, [string, string][], string][] = [
  ['2026-02-12', 5, [], '2026-02-26'],
  ['2026-02-13', 1, [], '2026-02-14'],
  ['2026-02-15', 1, [], '2026-02-24'],
  ['2026-04-30', 3, [], '2026-05-08'],
  ['2026-05-01', 3, [], '2026-05-08'],
  ['2026-06-18', 15, [], '2026-07-10'],
  ['2026-09-18', 5, [], '2026-09-24'],
  ['2026-09-24', 10, [], '2026-10-15'],
  ['2026-10-08', 3, [], '2026-10-12'],
  ['2026-01-03', 1, [], '2026-01-04'],
  [
    '2026-03-02',
    20,
    [
      ['2026-03-05', '2026-03-11'],
      ['2026-03-10', '2026-03-13'],
    ],
    '2026-04-09',
  ],
  ['2026-09-24', 20, [['2026-10-09', '2026-10-15']], '2026-11-06'],
]

for (const [start, n, intervals, due] of vectors) {
  const suspensions = intervals.map(([from, to]) => ({ from, to }))
  test(`${n} working days after ${start} end on ${due}`, () => {
    expect(addWorkdays(calendar, start, n, suspensions)).toEqual({ day: due, provisional: false })
  })
  test(`from ${start} to ${due} there are ${n} working days`, () => {
    expect(workdaysBetween(calendar, start, due, suspensions)).toEqual({ days: n, provisional: false })
  })
}

for (const year of [2025, 2026]) {
  test(`${year} has 248 working days`, () => {
    expect(workdaysBetween(calendar, `${year - 1}-12-31`, `${year}-12-31`).days).toBe(248)
  })
}

test('a due date in a year without a notice is provisional', () => {
  expect(addWorkdays(calendar, '2026-12-28', 3)).toEqual({ day: '2026-12-31', provisional: false })
  expect(addWorkdays(calendar, '2026-12-28', 4)).toEqual({ day: '2027-01-01', provisional: true })
})

test('counting backwards finds the latest day that leaves so many working days', () => {
  expect(addWorkdays(calendar, '2026-02-26', -5).day).toBe('2026-02-12')
})

test('a make-up Saturday is worked, a holiday Thursday is not', () => {
  expect(isWorkday(calendar, '2026-02-14')).toBe(true)
  expect(isWorkday(calendar, '2026-02-19')).toBe(false)
  expect(nextWorkdayFrom(calendar, '2026-02-15').day).toBe('2026-02-24')
})
