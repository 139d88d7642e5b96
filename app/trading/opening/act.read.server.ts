import { and, asc, eq } from 'drizzle-orm'
import { openingAct, openingParameter } from '@/db/schema/trading/opening-act'
import type { Ctx } from '~/platform/ctx'
import type { OpeningRow } from './event.server'
import type { Drawn } from './hall-acts'

export type ActRow = typeof openingAct.$inferSelect

type Scope = Pick<OpeningRow, 'lotId' | 'round'>

/** Supervised acts of an opening, oldest first. */
export const listActs = (ctx: Ctx, { lotId, round }: Scope): Promise<ActRow[]> =>
  ctx.db
    .select()
    .from(openingAct)
    .where(and(eq(openingAct.lotId, lotId), eq(openingAct.round, round)))
    .orderBy(asc(openingAct.proposedAt))

/** The transcript of the parameters drawn at an opening (tbid/parameter@1), or null. */
export async function readParameterTranscript(ctx: Ctx, { lotId, round }: Scope): Promise<string | null> {
  const own = and(eq(openingParameter.lotId, lotId), eq(openingParameter.round, round))
  const [row] = await ctx.db.select({ transcript: openingParameter.transcript }).from(openingParameter).where(own)
  return row?.transcript ?? null
}

/** What was drawn, or an empty list. */
export async function readDrawn(ctx: Ctx, scope: Scope): Promise<Drawn[]> {
  const transcript = await readParameterTranscript(ctx, scope)
  return transcript ? (JSON.parse(transcript) as { drawn: Drawn[] }).drawn : []
}
