import { asc, desc, eq } from 'drizzle-orm'
import { specialty, specialtyEdition } from '@/db/schema/trading/expert-record'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { specialtyInForce } from './expert'

export type SpecialtyName = { code: string; name: string; level: number }

/** Editions of the classification, the one in force first. */
export const listEditions = (ctx: Ctx) =>
  ctx.db.select().from(specialtyEdition).orderBy(desc(specialtyEdition.isInForce), asc(specialtyEdition.id))

/** All codes of one edition, ascending; empty for an unknown edition. */
export const listSpecialties = (ctx: Ctx, edition: string = specialtyInForce): Promise<SpecialtyName[]> =>
  ctx.db
    .select({ code: specialty.code, name: specialty.name, level: specialty.level })
    .from(specialty)
    .where(eq(specialty.edition, edition))
    .orderBy(asc(specialty.code))

/** Every code of the edition in force with its name. */
export async function specialtyNames(ctx: Ctx): Promise<Map<string, string>> {
  const rows = await listSpecialties(ctx)
  return new Map(rows.map(({ code, name }) => [code, name]))
}

/** Refuses specialty-unknown, naming the field and every code that the edition in force does not have. */
export async function refuseUnknown(ctx: Ctx, codes: string[], field: string): Promise<void> {
  const names = await specialtyNames(ctx)
  const unknown = codes.filter(code => !names.has(code))
  refuseUnless(unknown.length === 0, 'specialty-unknown', { codes: unknown.join('、'), field })
}

/** One edition by its id. Refuses not-found. */
export async function readEdition(ctx: Ctx, id: string) {
  const [row] = await ctx.db.select().from(specialtyEdition).where(eq(specialtyEdition.id, id))
  refuseUnless(row, 'not-found')
  return { ...row, specialties: await listSpecialties(ctx, id) }
}

const pageSize = 100

/** A page of one edition (the one in force unless named), by code or name. */
export async function readSpecialtyPage(
  ctx: Ctx,
  { edition: wanted, text, page }: { edition: string; text: string; page: number },
) {
  const editions = await listEditions(ctx)
  const edition = editions.find(one => one.id === wanted) ?? editions[0]
  refuseUnless(edition, 'not-found')
  const found = (await listSpecialties(ctx, edition.id)).filter(({ code, name }) => code.startsWith(text) || name.includes(text))
  return { edition, editions, rows: found.slice((page - 1) * pageSize, page * pageSize), total: found.length, pageSize, at: page }
}
