import { type Calendar, type CalendarDay, calendarOf } from '~/shared/workdays'

/** One year's arrangement as published by holiday-cn: the days that depart from the five-day week, and the notices it rests on. */
export type HolidayFile = { year: number; papers: string[]; days: { name: string; date: string; isOffDay: boolean }[] }

export type CalendarYear = { year: number; source: string }

/** A year counts as announced once a notice stands behind it; the file of a year without one is empty. */
export function yearsOf(files: HolidayFile[]): CalendarYear[] {
  return files.filter(f => f.papers.length > 0).map(f => ({ year: f.year, source: f.papers.join(' ') }))
}

/** A year's notice may also change days of the year before, so days go by their own date; the later file wins. */
export function daysOf(files: HolidayFile[]): CalendarDay[] {
  const byDay = new Map<string, CalendarDay>()
  for (const file of [...files].sort((a, b) => a.year - b.year)) {
    for (const d of file.days) byDay.set(d.date, { day: d.date, isWorkday: !d.isOffDay, name: d.name })
  }
  return [...byDay.values()].sort((a, b) => a.day.localeCompare(b.day))
}

/** The version tells which years were known when a limit was computed, e.g. 放假安排 2024–2026. */
export function versionOf(years: CalendarYear[]): string {
  const known = years.map(y => y.year).sort((a, b) => a - b)
  return known.length === 0 ? '放假安排 无' : `放假安排 ${known[0]}–${known.at(-1)}`
}

export function calendarOfRows(years: CalendarYear[], days: CalendarDay[]): Calendar {
  return calendarOf(
    versionOf(years),
    years.map(y => y.year),
    days,
  )
}
