import { and, desc, eq, isNull } from 'drizzle-orm'
import { expert } from '@/db/schema/trading/expert'
import { expertPenalty } from '@/db/schema/trading/expert-assessment'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'
import { dayOf } from '~/shared/time'
import { formerlyPunished } from '../rules/punished'
import type { PenaltyInput } from './clearance.form.server'
import { type Expert, idTagOf, lockExpert } from './expert.server'

export type Penalty = typeof expertPenalty.$inferSelect

/** Notes a punishment from its document: from then on the person is drawn for nothing and not admitted. Once per document. */
export const notePenalty = command(
  'expert.manage',
  async (ctx, input: PenaltyInput) => {
    const { kind, authority, document, decidedOn, facts } = input
    refuseUnless(decidedOn <= dayOf(ctx.now), 'bad-input', { reason: '处罚日期晚于今天', field: 'decidedOn' })
    const idTag = 'code' in input ? (await lockExpert(ctx, input.code)).idTag : idTagOf(ctx.platform, input.idNumber)
    const id = crypto.randomUUID()
    const row = { id, idTag, kind, authority, document, decidedOn, facts, byPerson: personOf(ctx).personId, createdAt: ctx.now }
    const made = await ctx.db.insert(expertPenalty).values(row).onConflictDoNothing().returning({ id: expertPenalty.id })
    refuseUnless(made.length === 1, 'already-done', { what: '该处罚决定的登记', at: dayOf(ctx.now) })
    const who = 'code' in input ? input.code : ''
    return { result: { id }, entry: { facts: { penalty: id, expert: who, kind, authority, document, decidedOn } } }
  },
  'expert.penalty',
)

/** A punishment undone by its authority or a court, or noted by mistake: by a person who did not note it. */
export const revokePenalty = command(
  'expert.manage',
  async (ctx, { id, reason }: { id: string; reason: string }) => {
    const [row] = await ctx.db.select().from(expertPenalty).where(eq(expertPenalty.id, id)).for('update')
    refuseUnless(row, 'not-found')
    const { personId } = personOf(ctx)
    refuseUnless(row.byPerson !== personId, 'two-person-rule')
    refuseUnless(!row.revokedAt, 'already-done', { what: '该处罚记录的撤销', at: row.revokedAt ? dayOf(row.revokedAt) : '' })
    await ctx.db
      .update(expertPenalty)
      .set({ revokedAt: ctx.now, revokedBy: personId, revokedReason: reason })
      .where(eq(expertPenalty.id, id))
    return { result: { id }, entry: { facts: { penalty: id, document: row.document, reason } } }
  },
  'expert.penalty.revoke',
)

/** Punishments of an expert, undone ones included, newest first. */
export const listPenalties = (ctx: Ctx, { idTag }: Pick<Expert, 'idTag'>) =>
  ctx.db
    .select({
      id: expertPenalty.id,
      kind: expertPenalty.kind,
      authority: expertPenalty.authority,
      document: expertPenalty.document,
      decidedOn: expertPenalty.decidedOn,
      facts: expertPenalty.facts,
      revokedAt: expertPenalty.revokedAt,
      revokedReason: expertPenalty.revokedReason,
    })
    .from(expertPenalty)
    .where(eq(expertPenalty.idTag, idTag))
    .orderBy(desc(expertPenalty.decidedOn))
    .limit(50)

/** One punishment with the library number of the expert it is of, if the person is in the library. Refuses not-found. */
export async function readPenalty(ctx: Ctx, id: string) {
  const [row] = await ctx.db
    .select({ penalty: expertPenalty, code: expert.code })
    .from(expertPenalty)
    .leftJoin(expert, eq(expert.idTag, expertPenalty.idTag))
    .where(eq(expertPenalty.id, id))
  refuseUnless(row, 'not-found')
  const { document, authority, decidedOn, revokedAt } = row.penalty
  return { id, document, authority, decidedOn, revokedAt, code: row.code }
}

/** A punishment that stands against this person, or null. */
export async function standingPenalty(ctx: Ctx, idTag: string): Promise<Penalty | null> {
  const standing = and(eq(expertPenalty.idTag, idTag), isNull(expertPenalty.revokedAt))
  const [row] = await ctx.db.select().from(expertPenalty).where(standing).limit(1)
  return row ?? null
}

/** Refuses expert-punished: whoever may sit in no committee is not admitted either. */
export async function refusePunished(ctx: Ctx, idTag: string): Promise<void> {
  const penalty = await standingPenalty(ctx, idTag)
  refuseUnless(!penalty, 'expert-punished', {
    document: penalty ? `${penalty.authority} ${penalty.document}` : '',
    article: formerlyPunished.article,
    field: 'idNumber',
  })
}
