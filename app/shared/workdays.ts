import { addDays, type Day, daysBetween } from './time'

/** A day on which the State Council's notice departs from the week: an off-day, or a weekend day worked instead (调休). */
export type CalendarDay = { day: Day; isWorkday: boolean; name: string }

/** The working-day calendar of one version. Years without a State Council notice are not in `announcedYears`. */
export type Calendar = { version: string; announcedYears: number[]; exceptions: Record<Day, boolean> }

/** Closed intervals that do not count, e.g. an appraisal (行政许可法 45). */
export type Suspension = { from: Day; to: Day }

/** `provisional` (暂定): some day counted lies in a year whose notice is not out, so the date is computed again when it is. */
export type Due = { day: Day; provisional: boolean }
export type Span = { days: number; provisional: boolean }

export function calendarOf(version: string, announcedYears: number[], days: CalendarDay[]): Calendar {
  return { version, announcedYears, exceptions: Object.fromEntries(days.map(d => [d.day, d.isWorkday])) }
}

const yearOf = (day: Day) => Number(day.slice(0, 4))

/** Monday to Friday and not off by the notice, or a weekend day worked instead. */
export function isWorkday(calendar: Calendar, day: Day): boolean {
  const exception = calendar.exceptions[day]
  if (exception !== undefined) return exception
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

export function isAnnounced(calendar: Calendar, day: Day): boolean {
  return calendar.announcedYears.includes(yearOf(day))
}

function isProvisional(calendar: Calendar, from: Day, to: Day): boolean {
  for (let year = yearOf(from); year <= yearOf(to); year++) if (!calendar.announcedYears.includes(year)) return true
  return false
}

const isSuspended = (day: Day, suspensions: Suspension[]) => suspensions.some(s => s.from <= day && day <= s.to)

/** The N-th working day after `start`, which is not counted itself; a negative N counts backwards. Suspended days do not count. */
export function addWorkdays(calendar: Calendar, start: Day, workdays: number, suspensions: Suspension[] = []): Due {
  const step = workdays < 0 ? -1 : 1
  let day = start
  for (let left = Math.abs(workdays); left > 0; ) {
    day = addDays(day, step)
    if (isWorkday(calendar, day) && !isSuspended(day, suspensions)) left--
  }
  return { day, provisional: isProvisional(calendar, day < start ? day : start, day < start ? start : day) }
}

/** Working days after `from` up to and including `to`: the inverse of addWorkdays. */
export function workdaysBetween(calendar: Calendar, from: Day, to: Day, suspensions: Suspension[] = []): Span {
  let days = 0
  for (let i = 1; i <= daysBetween(from, to); i++) {
    const day = addDays(from, i)
    if (isWorkday(calendar, day) && !isSuspended(day, suspensions)) days++
  }
  return { days, provisional: isProvisional(calendar, from, to) }
}

/** The day itself if it is worked, else the next working day (an end day that is a holiday moves: 财政部令第87号 85, 民法典 203). */
export function nextWorkdayFrom(calendar: Calendar, day: Day): Due {
  let to = day
  while (!isWorkday(calendar, to)) to = addDays(to, 1)
  return { day: to, provisional: isProvisional(calendar, day, to) }
}
