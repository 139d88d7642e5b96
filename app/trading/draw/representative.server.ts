import { randomInt } from 'node:crypto'
import { and, asc, eq, inArray, isNotNull } from 'drizzle-orm'
import { draw, drawRepresentative } from '@/db/schema/trading/draw'
import type { Ctx } from '~/platform/ctx'
import { closeJson, openJson } from '~/platform/vault/vault.server'
import { refuseUnless } from '~/shared/refusal'
import { seatedStates } from './draw'
import type { DrawInput } from './draw.form.server'

/** A representative of the tenderer in a committee, by name: only ever in a box. */
export type Representative = DrawInput['representatives'][number]
export type RepresentativeRow = typeof drawRepresentative.$inferSelect

const about = (id: string) => `draw representative ${id}`

/** What stands for the person wherever names are closed: `R1` in the order of naming. */
export const codeOf = ({ seq }: Pick<RepresentativeRow, 'seq'>): string => `R${seq + 1}`

export const openRepresentative = (ctx: Ctx, { id, box }: Pick<RepresentativeRow, 'id' | 'box'>): Representative =>
  openJson<Representative>(ctx.platform.vault, about(id), box)

/** Names representatives for a committee, from this place on; part of a command of its caller. */
export async function nameRepresentatives(
  ctx: Ctx,
  drawId: string,
  people: Representative[],
  { from = 0, replaces = null }: { from?: number; replaces?: string | null } = {},
): Promise<void> {
  const rows = people.map((person, at) => {
    const id = crypto.randomUUID()
    const box = closeJson(ctx.platform.vault, about(id), person)
    return { id, drawId, seq: from + at, box, replaces, state: 'named' as const }
  })
  if (rows.length > 0) await ctx.db.insert(drawRepresentative).values(rows)
}

/** Everybody ever named for a committee, in order. */
export const listNamed = (ctx: Ctx, drawId: string): Promise<RepresentativeRow[]> =>
  ctx.db.select().from(drawRepresentative).where(eq(drawRepresentative.drawId, drawId)).orderBy(asc(drawRepresentative.seq))

/** Who holds the representatives' seats now: everybody named and not replaced. Somebody who left holds the seat until another is named. */
export async function listRepresentatives(ctx: Ctx, drawId: string): Promise<RepresentativeRow[]> {
  const rows = await listNamed(ctx, drawId)
  const replaced = new Set(rows.map(row => row.replaces))
  return rows.filter(row => !replaced.has(row.id))
}

/** The representatives' row of an invitation code's hash, or null. */
export async function findRepresentative(ctx: Ctx, codeHash: string): Promise<RepresentativeRow | null> {
  const own = and(isNotNull(drawRepresentative.codeHash), eq(drawRepresentative.codeHash, codeHash))
  const [row] = await ctx.db.select().from(drawRepresentative).where(own)
  return row ?? null
}

/** Locks a representative's row, after the draw's. Refuses not-found. */
export async function lockRepresentative(ctx: Ctx, id: string): Promise<RepresentativeRow> {
  const [row] = await ctx.db.select().from(drawRepresentative).where(eq(drawRepresentative.id, id)).for('update')
  refuseUnless(row, 'not-found')
  return row
}

/** The seat that this person holds as a representative in this draw, or null. */
export async function findOwnRepresentative(ctx: Ctx, drawId: string, personId: string): Promise<RepresentativeRow | null> {
  const own = and(
    eq(drawRepresentative.drawId, drawId),
    eq(drawRepresentative.personId, personId),
    eq(drawRepresentative.state, 'accepted'),
  )
  const [row] = await ctx.db.select().from(drawRepresentative).where(own)
  return row ?? null
}

/** Representatives to be told of their evaluation: of committees whose panel is seated. */
export async function listToInvite(ctx: Ctx): Promise<string[]> {
  const rows = await ctx.db
    .select({ id: drawRepresentative.id })
    .from(drawRepresentative)
    .innerJoin(draw, eq(draw.id, drawRepresentative.drawId))
    .where(and(eq(drawRepresentative.state, 'named'), inArray(draw.state, seatedStates)))
    .limit(500)
  return rows.map(row => row.id)
}

// No 0 O 1 I L: people read the code aloud and type it.
const codeLetters = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
/** Twelve letters by which an invited person answers. */
export const newCode = () => Array.from({ length: 12 }, () => codeLetters[randomInt(codeLetters.length)]).join('')
