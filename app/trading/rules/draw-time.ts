import { addSeconds, dayOf, startOfDay } from '~/shared/time'
import { addWorkdays, type Calendar } from '~/shared/workdays'
import type { RuleEdition } from './edition'

/** The earliest instant at which experts for this evaluation may be drawn (EX-04): hours before it, or the start of the N-th working day before. */
export function earliestDraw({ draw }: Pick<RuleEdition, 'draw'>, evaluationAt: Date, calendar: Calendar): Date {
  const { value, unit } = draw.earliestBefore
  if (unit === 'HOUR') return addSeconds(evaluationAt, -3_600 * value)
  return startOfDay(addWorkdays(calendar, dayOf(evaluationAt), -value).day)
}
