import { and, asc, eq, isNull } from 'drizzle-orm'
import { organisation } from '@/db/schema/platform/identity'
import { bid } from '@/db/schema/trading/bid'
import { opening } from '@/db/schema/trading/opening'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { readEntryById } from '~/platform/log/read.server'
import { type FoundLot, moveLot } from '../lot/find-lot.server'
import { insertNotice } from '../notice/insert-notice.server'
import { isTooFew, type TooFewStage, tooFewOutcome } from '../rules/fewer-than-three'
import { moveOpening, type OpeningRow, say } from './event.server'
import { lockHall } from './hall.server'

/** Gives `lot.close` entries their index and covers them with a public checkpoint, which the witness is to cosign. */
export async function publishCloses(ctx: Ctx): Promise<void> {
  const waiting = and(eq(opening.phase, 'counting'), isNull(opening.closeIdx))
  const rows = await ctx.db.select({ id: opening.id, entryId: opening.closeEntryId }).from(opening).where(waiting)
  if (rows.length === 0) return
  await ctx.platform.sequencer.publish()
  for (const row of rows) {
    const entry = row.entryId ? await readEntryById(ctx, row.entryId) : null
    if (entry)
      await ctx.db
        .update(opening)
        .set({ closeIdx: entry.idx })
        .where(and(eq(opening.id, row.id), waiting))
  }
}

/** The bids that count, numbered in the order of their leaves (开标记录 序号). */
export async function listCounted(ctx: Ctx, row: Pick<OpeningRow, 'lotId' | 'round'>) {
  const counted = await ctx.db
    .select({ bid, organisation: organisation.name, creditCode: organisation.creditCode })
    .from(bid)
    .innerJoin(organisation, eq(organisation.id, bid.organisationId))
    .where(and(eq(bid.lotId, row.lotId), eq(bid.round, row.round)))
    .orderBy(asc(bid.leafIdx))
  return counted.filter(c => isCounted(c.bid)).map((c, i) => ({ ...c, no: i + 1 }))
}

export type CountedBid = Awaited<ReturnType<typeof listCounted>>[number]

const isCounted = ({ state, reason }: { state: string; reason: string | null }) =>
  state !== 'replaced' && state !== 'withdrawn-before' && reason !== 'not-confirmed'

/**
 * Ends an opening that must not go on: the lot fails with the law's sentence, a failure notice (流标公告) is published, and
 * nothing more is decrypted. Only the number becomes public (tender-rules 1.5).
 */
export async function abortOpening(
  ctx: Ctx,
  found: FoundLot,
  row: OpeningRow,
  stage: Extract<TooFewStage, 'submitted' | 'decrypted'>,
  count: number,
) {
  const rules = { ...found.edition, onDecryptedBelowMinimum: 'STOP' as const }
  const { article, todo } = tooFewOutcome(rules, stage)
  const what =
    stage === 'submitted' ? `截止时投标人为 ${count} 个，少于三个，不予开标` : `解密成功的投标为 ${count} 个，少于三个，停止开标`
  const sentence = `${what}（${article}）。${todo}`
  const moved = await moveLot(ctx, found.lot, 'fail', { failReason: sentence })
  const event = stage === 'submitted' ? 'too-few' : 'too-few-read'
  await moveOpening(ctx, row, event, { abortReason: stage, counted: row.counted ?? count })
  await say(ctx, row, ['aborted', { counted: count, sentence }])
  await insertNotice(ctx, {
    lot: moved,
    kind: 'failure',
    title: `${found.lot.name} 流标公告`,
    body: `${found.project.name}\n${found.lot.name}（${found.lot.code}）\n\n${sentence}`,
  })
  return { result: null, entry: { lotId: row.lotId, facts: { stage, count, article } } }
}

/** Counts the bids of a closed lot: fewer than the law's minimum must not be opened, otherwise the list of bidders is published. */
export const countBids = command(
  'opening.host',
  async (ctx, { lotId }: { lotId: string }) => {
    const { found, row } = await lockHall(ctx, lotId)
    if (row.phase !== 'counting' || row.closeIdx === null) return { result: null, entry: null }
    const bids = await listCounted(ctx, row)
    await say(ctx, row, ['counted', { counted: bids.length }])
    const counted = { ...row, counted: bids.length }
    if (isTooFew(found.edition, bids.length)) return abortOpening(ctx, found, counted, 'submitted', bids.length)
    await moveLot(ctx, found.lot, 'open')
    await moveOpening(ctx, row, 'enough', { counted: bids.length })
    const list = bids.map(({ no, bid: b, organisation: name }) => ({
      no,
      statement: b.statementHash,
      organisation: name,
      committedAt: b.committedAt.toISOString(),
    }))
    await say(ctx, row, ['bidders', { bids: list }])
    return { result: null, entry: { lotId, facts: { counted: bids.length, bids: list.map(b => b.statement) } } }
  },
  'opening.count',
)
