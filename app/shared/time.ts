/** A calendar day of Asia/Shanghai, written 2026-12-01. */
export type Day = string

// China keeps UTC+8 all year since 1991, so a fixed offset is exact for every instant this platform handles.
const SHANGHAI_MS = 8 * 3_600_000
const DAY_MS = 86_400_000

const two = (n: number) => String(n).padStart(2, '0')
const shifted = (at: Date) => new Date(at.getTime() + SHANGHAI_MS)

export function dayOf(at: Date): Day {
  return shifted(at).toISOString().slice(0, 10)
}

/** Midnight with which the day begins in Shanghai. */
export function startOfDay(day: Day): Date {
  return new Date(`${day}T00:00:00+08:00`)
}

/** The last second of the day in Shanghai: a limit in days ends at 24:00. */
export function endOfDay(day: Day): Date {
  return new Date(`${day}T23:59:59+08:00`)
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** Calendar days from one day to another; the day of the event is not counted. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)
}

export function addSeconds(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000)
}

/** 2026年12月1日 */
export function formatDay(day: Day): string {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}

/** 2026年12月1日 09:30 */
export function formatMinute(at: Date): string {
  const local = shifted(at)
  return `${formatDay(dayOf(at))} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`
}

/** 2026年12月1日 09:30:00 */
export function formatInstant(at: Date): string {
  return `${formatMinute(at)}:${two(shifted(at).getUTCSeconds())}`
}

/** What `<input type="datetime-local">` shows for this instant: 2026-12-01T09:30:00, Shanghai time. */
export function localOf(at: Date): string {
  return shifted(at).toISOString().slice(0, 19)
}

/** Reads the value of a datetime-local input as Shanghai time; null when it is not a real date and time. */
export function parseLocal(text: string): Date | null {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2}))?$/.exec(text.trim())
  if (!match) return null
  const wanted = `${match[1]}T${match[2]}:${match[3] ?? '00'}`
  const at = new Date(`${wanted}+08:00`)
  return Number.isNaN(at.getTime()) || localOf(at) !== wanted ? null : at
}

/** Reads 2026-12-01; null when there is no such day. */
export function parseDay(text: string): Day | null {
  const at = new Date(`${text}T00:00:00Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text ? text : null
}

const spans = [
  [86_400, '天'],
  [3_600, '小时'],
  [60, '分'],
  [1, '秒'],
] as const

/** The two largest parts of a span: 3 天 4 小时; 0 秒 when nothing is left. */
export function formatSpan(seconds: number): string {
  let rest = Math.max(0, Math.floor(seconds))
  const parts: string[] = []
  for (const [size, word] of spans) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count} ${word}`)
  }
  return parts.slice(0, 2).join(' ') || '0 秒'
}
