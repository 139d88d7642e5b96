import { asc, eq } from 'drizzle-orm'
import { partyCommitment } from '@/crypto/draw'
import { secretOf } from '@/crypto/draw-party'
import { drawMisconduct } from '@/db/schema/trading/draw'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { append } from '~/platform/log/append.server'
import { announce, type DrawMessages, readDrawRow } from './draw-store.server'

type Misconduct = { party: string; kind: 'share-mismatch' | 'commitment-misfit'; about: string }

/** Notes it once, as an entry of the log; saying the same wrong thing again adds nothing. */
export async function noteMisconduct(
  ctx: Ctx,
  at: { id: string; drawId: string; lotId: string },
  one: Misconduct,
): Promise<void> {
  const rows = await ctx.db
    .insert(drawMisconduct)
    .values({ drawId: at.id, ...one, at: ctx.now })
    .onConflictDoNothing()
    .returning()
  if (rows.length === 0) return
  await append(ctx, 'draw.misconduct', { lotId: at.lotId, facts: { draw: at.drawId, ...one } })
  await announce(ctx, at.id)
}

/** A share that its own signer published although it is not the committed one: refused, and on record. */
export const recordMismatch = command(
  'draw.request',
  async (ctx, { id, party, about }: { id: string; party: string; about: string }) => {
    await noteMisconduct(ctx, await readDrawRow(ctx, id), { party, kind: 'share-mismatch', about })
    return { result: null, entry: null }
  },
  'draw.misconduct',
)

/** Parties whose commitment is not to the secret that their own shares make: the shares count, the lie is recorded (crypto.md §10.10). */
export function misfitsOf({ prelude, commits, shares }: DrawMessages): string[] {
  const { msg } = prelude.signed
  const published = shares.map(one => one.signed)
  return commits.flatMap(({ signed: { msg: commit } }) => {
    const r = secretOf(msg, published, commit.party)
    return r && partyCommitment(msg.drawId, commit.party, r) !== commit.c ? [commit.party] : []
  })
}

/** What parties of a draw did against the protocol, in order. */
export const readMisconduct = (ctx: Ctx, drawId: string) =>
  ctx.db.select().from(drawMisconduct).where(eq(drawMisconduct.drawId, drawId)).orderBy(asc(drawMisconduct.at))
