import { and, eq } from 'drizzle-orm'
import { evaluationSheet } from '@/db/schema/trading/evaluation'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'
import { type Member, readCommittee } from '../draw/committee.server'
import type { LotRow } from '../project/project.read.server'

/** The members who sit: accepted, arrived, declared. */
export async function listSeated(ctx: Ctx, lotId: string): Promise<Member[]> {
  const { members } = await readCommittee(ctx, lotId)
  return members.filter(member => member.declaredAt !== null)
}

/**
 * The members who sit, if every seat is filled and has declared; null while somebody who left is being replaced: the work goes on, but nothing is
 * finished without the successor (招标投标法实施条例 48; whoever left has no say, the successor reviews anew).
 */
export async function listWhole(ctx: Ctx, lotId: string): Promise<Member[] | null> {
  const { members, isComplete } = await readCommittee(ctx, lotId)
  return isComplete ? members : null
}

/** The actor's own seat in the lot's committee; refuses not-in-committee. */
export async function ownSeat(ctx: Ctx, lotId: string): Promise<Member> {
  const { personId } = personOf(ctx)
  const member = (await listSeated(ctx, lotId)).find(one => one.personId === personId)
  refuseUnless(member, 'not-in-committee')
  return member
}

/** Refuses sheet-locked once the expert's sheet of this lot and round is locked: a locked score never changes. */
export async function refuseLocked(ctx: Ctx, lot: LotRow, expertId: string): Promise<void> {
  const own = and(eq(evaluationSheet.lotId, lot.id), eq(evaluationSheet.round, lot.round), eq(evaluationSheet.expertId, expertId))
  const [locked] = await ctx.db.select().from(evaluationSheet).where(own)
  refuseUnless(!locked, 'sheet-locked')
}
