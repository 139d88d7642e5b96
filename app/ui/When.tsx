import { type Day as DayText, formatDay, formatInstant, formatMinute } from '~/shared/time'

/** A moment as 2026年12月1日 09:30, Beijing time; for machines in UTC. */
export function When({ at, seconds = false }: { at: Date; seconds?: boolean }) {
  return (
    <time dateTime={at.toISOString()} className="whitespace-nowrap">
      {seconds ? formatInstant(at) : formatMinute(at)}
    </time>
  )
}

/** A day as 2026年12月1日. */
export function Day({ on }: { on: DayText }) {
  return (
    <time dateTime={on} className="whitespace-nowrap">
      {formatDay(on)}
    </time>
  )
}
