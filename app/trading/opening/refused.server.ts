import { and, asc, eq, sql } from 'drizzle-orm'
import { messageHash } from '@/crypto/messages'
import { organisation } from '@/db/schema/platform/identity'
import { bidAct } from '@/db/schema/trading/bid'
import { refusedCommit } from '@/db/schema/trading/opening'
import type { Ctx } from '~/platform/ctx'
import { appendMany } from '~/platform/log/append.server'
import { Refusal } from '~/shared/refusal'
import { unfinishedOf } from '../bid/begun'
import type { SealedAct } from '../bid/sealed-act.server'
import { listSealedActs } from '../bid/sealed-index.server'
import type { OpeningRow } from './event.server'

/** Boxes that were opened into rows are not opened again. */
export async function markOpened(ctx: Ctx, acts: SealedAct[]): Promise<void> {
  const ids = acts.map(act => act.id)
  if (ids.length > 0)
    await ctx.db
      .update(bidAct)
      .set({ openedAt: ctx.now })
      .where(sql`${bidAct.id} = any(${sql.param(ids)}::uuid[])`)
}

/** Refused commits among these acts become rows of the lot (《招标投标法实施条例》36: time and state of the seal are recorded). */
export async function keepRefused(ctx: Ctx, { lotId, round }: OpeningRow, acts: SealedAct[]): Promise<void> {
  const rows = acts.flatMap(act => {
    if (act.kind !== 'refused') return []
    const { id, organisationId, code, text: sentence, at, address } = act
    return [{ id, lotId, round, organisationId, code, sentence, at, address }]
  })
  if (rows.length > 0) await ctx.db.insert(refusedCommit).values(rows).onConflictDoNothing()
}

type Told = SealedAct & { kind: 'begun' }

/** The sendings of this lot that were under way at its deadline, one for each organisation at most. */
function listUnfinished(acts: SealedAct[]): Told[] {
  const begun = acts.filter((act): act is Told => act.kind === 'begun')
  return [...new Set(begun.map(act => act.organisationId))].flatMap(id => {
    const own = acts.filter(act => act.organisationId === id)
    const delivered = own.flatMap(act =>
      act.kind === 'submit' ? [{ at: act.at, statementHash: messageHash(act.statement) }] : [],
    )
    return (
      unfinishedOf(
        begun.filter(act => act.organisationId === id),
        delivered,
      ) ?? []
    )
  })
}

/** What was not wholly here at the deadline counts as withdrawn (《电子招标投标办法》27): a row of the lot, and a sealed entry of the log. */
export async function keepUnfinished(ctx: Ctx, { lotId, round }: OpeningRow, acts: SealedAct[]): Promise<void> {
  const unfinished = listUnfinished(acts)
  if (unfinished.length === 0) return
  const sentence = new Refusal('upload-unfinished').text
  const rows = unfinished.map(({ id, organisationId, at, address }) => ({ id, organisationId, at, address }))
  await ctx.db
    .insert(refusedCommit)
    .values(rows.map(row => ({ ...row, lotId, round, code: 'upload-unfinished', sentence })))
    .onConflictDoNothing()
  const entries = unfinished.map(({ organisationId, statementHash, at }) => ({
    sealed: true,
    facts: { lot: lotId, org: organisationId, statement: statementHash, begunAt: at.toISOString() },
  }))
  await appendMany(ctx, 'bid.unfinished', entries)
}

/** Refusals after the close: what came too late is recorded sealed like the rest, and opened for the record. */
export async function keepLateRefusals(ctx: Ctx, row: OpeningRow): Promise<void> {
  await ctx.platform.sequencer.flush()
  const acts = (await listSealedActs(ctx, [row.lotId])).get(row.lotId) ?? []
  const late = acts.filter(act => act.kind === 'refused' && act.round === row.round)
  await keepRefused(ctx, row, late)
  await markOpened(ctx, late)
}

/** Refused commits of a lot, with who sent them, in order of time. */
export function listRefused(ctx: Ctx, { lotId, round }: Pick<OpeningRow, 'lotId' | 'round'>) {
  return ctx.db
    .select({ organisation: organisation.name, code: refusedCommit.code, sentence: refusedCommit.sentence, at: refusedCommit.at })
    .from(refusedCommit)
    .innerJoin(organisation, eq(organisation.id, refusedCommit.organisationId))
    .where(and(eq(refusedCommit.lotId, lotId), eq(refusedCommit.round, round)))
    .orderBy(asc(refusedCommit.at))
}
