import { eq } from 'drizzle-orm'
import { organisation } from '@/db/schema/platform/identity'
import { regionName } from '@/db/seed/code-lists'
import { readCalendar } from '~/platform/calendar/calendar.read.server'
import type { Ctx } from '~/platform/ctx'
import { addSeconds, localOf } from '~/shared/time'
import type { Calendar } from '~/shared/workdays'
import { readLot } from '../lot/find-lot.server'
import { explainLimit } from '../rules/dates'
import type { DateName, Dates, RuleEdition } from '../rules/edition'
import { noticeTemplate, noticeTitle } from './template'

const explain = (edition: RuleEdition, subject: DateName, dates: Dates, calendar: Calendar) => {
  const limit = edition.limits.find(l => l.subject === subject && dates[l.anchor])
  return limit ? explainLimit(limit, dates, calendar) : null
}

/** Ten in the morning is when openings are held; 演练 opens five minutes ahead, or as soon as its periods allow. */
function proposedEnd(edition: RuleEdition, now: Date, earliest: Date | undefined): string {
  if (edition.watermark) {
    const soon = addSeconds(now, 300)
    return localOf(earliest && earliest > soon ? earliest : soon).slice(0, 16)
  }
  return `${localOf(addSeconds(earliest ?? now, 86_400)).slice(0, 10)}T10:00`
}

/** What the form of a tender notice starts with: the text the law wants, the dates it allows and why. */
export async function readNoticeForm(ctx: Ctx, lotId: string, address: string) {
  const { lot, project, edition } = await readLot(ctx, lotId)
  const [agency] = await ctx.db
    .select({ name: organisation.name })
    .from(organisation)
    .where(eq(organisation.id, project.agencyId))
  const calendar = await readCalendar(ctx.db)
  const dates = { noticeFrom: ctx.now, documentFrom: ctx.now }
  const bidding = explain(edition, 'biddingEndsAt', dates, calendar)
  const region = regionName(project.regionCode)
  return {
    lot: { id: lot.id, name: lot.name, code: lot.code, state: lot.state },
    watermark: edition.watermark,
    title: noticeTitle(project, lot),
    body: noticeTemplate({ project, lot, edition, region, agency: agency?.name ?? '', address }),
    biddingEndsAt: proposedEnd(edition, ctx.now, bidding?.instant),
    explain: {
      bidding,
      document: explain(edition, 'documentTo', dates, calendar),
      notice: explain(edition, 'noticeTo', dates, calendar),
    },
  }
}

/** What the form of a change notice starts with, and until when a change leaves bidders the law's time. */
export async function readCorrectionForm(ctx: Ctx, lotId: string) {
  const { lot, project, edition } = await readLot(ctx, lotId)
  const calendar = await readCalendar(ctx.db)
  const dates = lot.biddingEndsAt ? { biddingEndsAt: lot.biddingEndsAt } : {}
  return {
    lot: { id: lot.id, name: lot.name, code: lot.code, state: lot.state },
    title: `${project.name} ${lot.name} 变更公告`.slice(0, 300),
    biddingEndsAt: lot.biddingEndsAt,
    local: lot.biddingEndsAt ? localOf(lot.biddingEndsAt) : '',
    explain: explain(edition, 'clarifiedAt', dates, calendar),
  }
}
