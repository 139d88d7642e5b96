import { and, eq } from 'drizzle-orm'
import { lot, tenderDocument } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import { readCalendar } from '~/platform/calendar/calendar.read.server'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { formatInstant } from '~/shared/time'
import { type FoundLot, lockOwnLot, moveLot, nextLotState } from '../lot/find-lot.server'
import { isAnnounced, isBiddingOpen } from '../lot/lot'
import { lotStateText } from '../lot/lot.text'
import type { LotRow } from '../project/project.read.server'
import type { DateViolation } from '../rules/dates'
import { judgeDates, noticePeriodEnd } from './dates.server'
import { insertNotice, latestNotice, type NoticeRow, releaseDocuments } from './insert-notice.server'
import type { CorrectionInput, NoticeInput } from './notice.form.server'

type Published = { id: string; version: number; publishedAt: Date; warnings: string[] }

const published = (row: NoticeRow, warnings: DateViolation[]): Published => ({
  id: row.id,
  version: row.version,
  publishedAt: row.publishedAt,
  warnings: warnings.map(v => v.text),
})

async function hasDocument(ctx: Ctx, lotId: string): Promise<boolean> {
  const main = and(eq(tenderDocument.lotId, lotId), eq(tenderDocument.kind, 'document'))
  const rows = await ctx.db.select({ id: tenderDocument.id }).from(tenderDocument).where(main).limit(1)
  return rows.length > 0
}

/**
 * Publishes the tender notice (招标公告), opens the document to everybody and starts bidding until the deadline, at whose
 * second the clock opens the lot. Refuses dates shorter than the law's, a lot without document or without signed policy.
 */
export const publishNotice = command('notice.publish', async (ctx, { lotId, ...input }: NoticeInput & { lotId: string }) => {
  const found = await lockOwnLot(ctx, lotId)
  nextLotState(found.lot.state, 'publish')
  refuseUnless(await hasDocument(ctx, lotId), 'document-missing')
  const { biddingEndsAt, documentEndsAt = biddingEndsAt } = input
  const now = ctx.now
  const noticeTo = input.noticeEndsAt ?? noticePeriodEnd(found.edition, now, await readCalendar(ctx.db))
  const dates = { noticeFrom: now, documentFrom: now, documentTo: documentEndsAt, biddingEndsAt, opensAt: biddingEndsAt }
  const warnings = await judgeDates(ctx, found, { ...dates, ...(noticeTo ? { noticeTo } : {}) })
  const changes = { biddingStartsAt: now, biddingEndsAt, documentEndsAt, nextCheckAt: biddingEndsAt }
  const moved = await moveLot(ctx, found.lot, 'publish', changes)
  const { title, body } = input
  const row = await insertNotice(ctx, { lot: moved, kind: 'tender', title, body, biddingEndsAt, periodEndsAt: noticeTo })
  await releaseDocuments(ctx, row)
  return { result: published(row, warnings), entry: null }
})

/** A change that may affect bids needs the law's days before the deadline, counted from now; moving the deadline is judged as at first. */
async function judgeChange(ctx: Ctx, found: FoundLot, ends: { biddingEndsAt: Date; documentEndsAt: Date }, affectsBids: boolean) {
  const first = await latestNotice(ctx, found.lot.id, 'tender')
  const from = found.lot.biddingStartsAt ?? ctx.now
  const { biddingEndsAt, documentEndsAt } = ends
  return judgeDates(ctx, found, {
    noticeFrom: from,
    ...(first?.periodEndsAt ? { noticeTo: first.periodEndsAt } : {}),
    documentFrom: from,
    documentTo: documentEndsAt,
    biddingEndsAt,
    opensAt: biddingEndsAt,
    ...(affectsBids ? { clarifiedAt: ctx.now } : {}),
  })
}

const sameInstant = (a: Date | null, b: Date | null) => a?.getTime() === b?.getTime()

function endsAfterChange(row: LotRow, wanted: Date | undefined) {
  const biddingEndsAt = wanted ?? row.biddingEndsAt!
  const documentEndsAt = sameInstant(row.documentEndsAt, row.biddingEndsAt)
    ? biddingEndsAt
    : (row.documentEndsAt ?? biddingEndsAt)
  return { biddingEndsAt, documentEndsAt }
}

/**
 * Publishes a change notice (变更公告) during bidding, with the clarifications uploaded for it. Bids committed before it are void
 * unless confirmed again. Refuses a change that leaves bidders less than the law's time (法 23, 财政部令第87号 27): extend the deadline.
 */
export const publishCorrection = command(
  'notice.publish',
  async (ctx, { lotId, ...input }: CorrectionInput & { lotId: string }) => {
    const found = await lockOwnLot(ctx, lotId)
    const { lot: row } = found
    refuseUnless(row.state === 'bidding', 'wrong-state', { state: lotStateText[row.state], event: '发布变更公告' })
    const endedAt = row.biddingEndsAt ? formatInstant(row.biddingEndsAt) : ''
    refuseUnless(isBiddingOpen(row, ctx.now), 'correction-too-late', { endedAt })
    const ends = endsAfterChange(row, input.biddingEndsAt)
    const warnings = await judgeChange(ctx, found, ends, input.affectsBids)
    const changes = { ...ends, nextCheckAt: ends.biddingEndsAt, termsVersion: row.termsVersion + 1 }
    const [changed] = await ctx.db.update(lot).set(changes).where(eq(lot.id, lotId)).returning()
    const former = (await latestNotice(ctx, lotId, 'correction')) ?? (await latestNotice(ctx, lotId, 'tender'))
    const { title, body } = input
    const made = { lot: changed!, kind: 'correction' as const, title, body, biddingEndsAt: ends.biddingEndsAt }
    const notice = await insertNotice(ctx, { ...made, supersedes: former?.id ?? null })
    await releaseDocuments(ctx, notice)
    return { result: { ...published(notice, warnings), termsVersion: changed!.termsVersion }, entry: null }
  },
  'notice.correct',
)

/** Ends a lot before its award (终止招标: 条例 31, 财政部令第87号 29) and says why in public once it was announced. Nothing sealed is opened. */
export const terminateLot = command(
  'notice.publish',
  async (ctx, { lotId, reason }: { lotId: string; reason: string }) => {
    const found = await lockOwnLot(ctx, lotId)
    const closing = found.lot.closedAt ? {} : { closedAt: ctx.now }
    const moved = await moveLot(ctx, found.lot, 'terminate', { ...closing, nextCheckAt: null, failReason: reason })
    const title = `${found.project.name} ${found.lot.name} 终止公告`
    const body = `本标段终止。\n原因：${reason}\n已收取的投标保证金及利息依法退还（《招标投标法实施条例》第三十一条）。已递交的投标文件不解密。`
    const notice = isAnnounced(found.lot.state) ? await insertNotice(ctx, { lot: moved, kind: 'termination', title, body }) : null
    return { result: { state: moved.state, noticeId: notice?.id ?? null }, entry: { lotId, facts: { reason } } }
  },
  'lot.terminate',
)
