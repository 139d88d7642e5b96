import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { organisation } from '@/db/schema/platform/identity'
import { bid } from '@/db/schema/trading/bid'
import { opening } from '@/db/schema/trading/opening'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { appendMany } from '~/platform/log/append.server'
import { type FoundLot, moveLot, moveLots } from '../lot/find-lot.server'
import { insertNotice } from '../notice/insert-notice.server'
import { isTooFew, type TooFewStage, tooFewOutcome } from '../rules/fewer-than-three'
import { envelopeOf } from './envelope'
import { moveOpening, type OpeningRow, type Saying, say } from './event.server'
import type { HallFacts } from './hall'
import { lockHall } from './hall.server'
import { type Hall, lockHalls, moveMany } from './move-many.server'

/** Gives `lot.close` entries their index and covers them with a public checkpoint, which the witness is to cosign. */
export async function publishCloses(ctx: Ctx): Promise<void> {
  const waiting = and(eq(opening.phase, 'counting'), isNull(opening.closeIdx))
  const [one] = await ctx.db.select({ id: opening.id }).from(opening).where(waiting).limit(1)
  if (!one) return
  await ctx.platform.sequencer.publish()
  // Several workers at it: each takes what no other holds, in one order, so that none waits for another.
  await ctx.db.execute(sql`
    with due as materialized (
      select o.id, p.idx from opening o join log_payload p on p.entry_id = o.close_entry_id
      where o.phase = 'counting' and o.close_idx is null order by o.id for update of o skip locked)
    update opening o set close_idx = due.idx from due where o.id = due.id`)
}

/** The bids that count, numbered in the order of their leaves (开标记录 序号). */
export async function listCounted(ctx: Ctx, row: Pick<OpeningRow, 'lotId' | 'round'>) {
  const counted = await ctx.db
    .select({ bid, organisation: organisation.name, creditCode: organisation.creditCode })
    .from(bid)
    .innerJoin(organisation, eq(organisation.id, bid.organisationId))
    .where(and(eq(bid.lotId, row.lotId), eq(bid.round, row.round)))
    .orderBy(asc(bid.leafIdx))
  return numbered(counted)
}

const numbered = <B extends { bid: { state: string; reason: string | null } }>(bids: B[]): (B & { no: number })[] =>
  bids.filter(one => isCounted(one.bid)).map((one, i) => ({ ...one, no: i + 1 }))

export type CountedBid = Awaited<ReturnType<typeof listCounted>>[number]

export const isCounted = ({ state, reason }: { state: string; reason: string | null }) =>
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

/** Of two envelopes (双信封) it is the first that is opened now. */
const sitting = (row: OpeningRow) => (envelopeOf(row) === 1 ? { envelope: 1 as const } : {})

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
    await say(ctx, row, ['bidders', { bids: list, ...sitting(row) }])
    return { result: null, entry: { lotId, facts: { counted: bids.length, bids: list.map(b => b.statement) } } }
  },
  'opening.count',
)

type Line = HallFacts['bidders']['bids'][number]

/** The list of bidders (公布投标人名单) of many closed lots. */
async function listBidders(ctx: Ctx, halls: Hall[]): Promise<Map<string, Line[]>> {
  const columns = { statementHash: bid.statementHash, committedAt: bid.committedAt, state: bid.state, reason: bid.reason }
  const rows = await ctx.db
    .select({ lotId: bid.lotId, round: bid.round, bid: columns, organisation: organisation.name })
    .from(bid)
    .innerJoin(organisation, eq(organisation.id, bid.organisationId))
    .where(
      inArray(
        bid.lotId,
        halls.map(({ row }) => row.lotId),
      ),
    )
    .orderBy(asc(bid.leafIdx))
  const byLot = new Map(halls.map(({ row }) => [row.lotId, [] as typeof rows]))
  const rounds = new Map(halls.map(({ row }) => [row.lotId, row.round]))
  for (const one of rows) if (one.round === rounds.get(one.lotId)) byLot.get(one.lotId)!.push(one)
  const lineOf = ({ no, bid: b, organisation: name }: (typeof rows)[number] & { no: number }): Line => {
    return { no, statement: b.statementHash, organisation: name, committedAt: b.committedAt.toISOString() }
  }
  return new Map([...byLot].map(([lotId, own]) => [lotId, numbered(own).map(lineOf)]))
}

/** As `countBids`, for many lots at once; those with too few bids are left to `countBids`. */
export const countMany = command(
  'opening.host',
  async (ctx, lotIds: string[]) => {
    const halls = [...(await lockHalls(ctx, lotIds)).values()]
    const due = halls.filter(({ row }) => row.phase === 'counting' && row.closeIdx !== null)
    const bidders = await listBidders(ctx, due)
    const enough = due.filter(({ found, row }) => !isTooFew(found.edition, bidders.get(row.lotId)!.length))
    await moveLots(
      ctx,
      enough.map(({ found }) => found.lot),
      'open',
    )
    const says = (row: OpeningRow, lines: Line[]): Saying[] => [
      ['counted', { counted: lines.length }],
      ['bidders', { bids: lines, ...sitting(row) }],
    ]
    const linesOf = ({ row }: Hall) => bidders.get(row.lotId)!
    await moveMany(
      ctx,
      enough.map(hall => {
        const lines = linesOf(hall)
        return { row: hall.row, events: ['enough'], changes: { counted: lines.length }, says: says(hall.row, lines) }
      }),
    )
    const entries = enough.map(hall => {
      const lines = linesOf(hall)
      return { lotId: hall.row.lotId, facts: { counted: lines.length, bids: lines.map(line => line.statement) } }
    })
    await appendMany(ctx, 'opening.count', entries)
    const few = due.filter(hall => !enough.includes(hall)).map(({ row }) => row.lotId)
    return { result: few, entry: null }
  },
  'opening.count',
)
