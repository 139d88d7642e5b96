import { readCalendar } from '~/platform/calendar/calendar.read.server'
import type { Ctx } from '~/platform/ctx'
import { Refusal } from '~/shared/refusal'
import { dayOf, endOfDay } from '~/shared/time'
import type { Calendar } from '~/shared/workdays'
import type { FoundLot } from '../lot/find-lot.server'
import { boundOf, checkDates, type DateViolation } from '../rules/dates'
import type { DateName, Dates, RuleEdition } from '../rules/edition'

/** Where a form asks for the date that a rule is about. */
const formFields: Partial<Record<DateName, string>> = {
  biddingEndsAt: 'biddingEndsAt',
  documentTo: 'documentEndsAt',
  noticeTo: 'noticeEndsAt',
  clarifiedAt: 'biddingEndsAt',
}

/** The end of the notice period that the law asks for at least; null where it asks for none. */
export function noticePeriodEnd(edition: RuleEdition, noticeFrom: Date, calendar: Calendar): Date | null {
  const limit = edition.limits.find(l => l.subject === 'noticeTo')
  if (!limit) return null
  const { instant } = boundOf(limit, noticeFrom, calendar)
  return limit.unit === 'SECOND' ? instant : endOfDay(dayOf(instant))
}

/** Where the document ends with the bidding, a deadline that comes too early is told once. */
function withoutEchoes(found: DateViolation[], { documentTo, biddingEndsAt }: Dates): DateViolation[] {
  const isSame = documentTo?.getTime() === biddingEndsAt?.getTime()
  return isSame && found.some(v => v.field === 'biddingEndsAt') ? found.filter(v => v.field !== 'documentTo') : found
}

/** Judges the dates by the project's rules. Refuses what the law forbids, with rule, article and needed date; returns the warnings. */
export async function judgeDates(ctx: Ctx, { project, edition }: FoundLot, dates: Dates): Promise<DateViolation[]> {
  const calendar = await readCalendar(ctx.db)
  const found = withoutEchoes(checkDates(edition, dates, calendar, project.isToLaw), dates)
  const [first, ...more] = found.filter(v => v.severity === 'block')
  if (!first) return found
  const blocked = [first, ...more]
  throw new Refusal('dates-against-law', {
    violations: blocked.map(v => v.text).join(''),
    rules: blocked.map(v => v.id).join(','),
    articles: blocked.map(v => v.article).join('；'),
    field: formFields[first.field] ?? 'biddingEndsAt',
  })
}
