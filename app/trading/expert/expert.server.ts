import { and, eq, lte, sql } from 'drizzle-orm'
import { expertLeaf, expertSalt } from '@/crypto/draw'
import { type AvoidKind, expert, expertAvoid } from '@/db/schema/trading/expert'
import { expertEvent } from '@/db/schema/trading/expert-record'
import { command } from '~/platform/audit/command.server'
import type { Ctx, Platform } from '~/platform/ctx'
import { notify } from '~/platform/notification/notification.server'
import { closeJson, openJson } from '~/platform/vault/vault.server'
import { next } from '~/shared/flow'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { type ExpertEvent, expertFlow, type KeeperEvent, specialtyInForce } from './expert'
import { moveNotice } from './expert.text'

export type Expert = typeof expert.$inferSelect
/** Who the person is: only ever in a box. */
export type ExpertPerson = {
  name: string
  phone: string
  idNumber: string
  title: string
  email?: string | undefined
  bank?: { name: string; account: string } | undefined
}
export type NewExpert = Pick<Expert, 'code' | 'disc' | 'regionCode' | 'employerName' | 'employerCode'> & {
  person: ExpertPerson
  /** The main specialty; the first of `disc` unless named. */
  mainDisc?: string
  edition?: string
  state?: Expert['state']
  source?: string
  importId?: string | null
  avoid?: { organisationName: string; creditCode: string | null; reason: string; kind?: AvoidKind }[]
}

const about = (code: string) => `expert ${code}`

/** Opens an expert's box: for the notifier, the arrival check and the snapshot, nothing else. */
export const openExpert = (platform: Platform, row: Pick<Expert, 'code' | 'box'>): ExpertPerson =>
  openJson<ExpertPerson>(platform.vault, about(row.code), row.box)

/** What counts as the same employer in a draw: the credit code where known, else the name. */
export const employerOf = (row: Pick<Expert, 'employerCode' | 'employerName'>): string => row.employerCode ?? row.employerName

/** K_snap: makes and opens the commitments of every snapshot (crypto.md §10.2). */
export const snapshotKey = (platform: Platform): Uint8Array => platform.vault.secret('snapshot')

type Committed = Pick<Expert, 'code' | 'disc' | 'regionCode' | 'employerCode' | 'employerName' | 'state'>

/** The record a commitment is made over (crypto.md §10.11). */
export const recordOf = (row: Committed, person: Pick<ExpertPerson, 'name'>) => ({
  id: row.code,
  name: person.name,
  disc: row.disc,
  region: row.regionCode,
  emp: employerOf(row),
  status: row.state,
})

/** Tells one person from another without telling who: HMAC of the identity number. */
export const idTagOf = (platform: Platform, idNumber: string): string =>
  Buffer.from(platform.vault.tag('expert id', idNumber.toUpperCase())).toString('hex')

/** Seals who the person is into the row's box. */
export const closeExpert = (platform: Platform, code: string, person: ExpertPerson): Uint8Array =>
  closeJson(platform.vault, about(code), person)

/** The commitment to a record; changes with the record. */
export const leafOf = (platform: Platform, row: Committed, person: Pick<ExpertPerson, 'name'>) =>
  expertLeaf(expertSalt(snapshotKey(platform), row.code), recordOf(row, person))

const batchSize = 1_000

/** A person, or a library number, that stands in the list twice. Refuses expert-repeated. */
function refuseRepeated(platform: Platform, people: NewExpert[]): void {
  const seen = new Map<string, string>()
  for (const { code, person } of people)
    for (const key of [idTagOf(platform, person.idNumber), `code ${code}`]) {
      const other = seen.get(key)
      refuseUnless(other === undefined, 'expert-repeated', { code, other: other ?? '' })
      seen.set(key, code)
    }
}

/**
 * Adds experts to the library, active, each with its commitment: all of them or nobody. Refuses expert-repeated where one comes twice, and
 * expert-exists where the library has one, or one of the numbers, already.
 */
export const admitExperts = command('expert.manage', async (ctx, people: NewExpert[]) => {
  refuseRepeated(ctx.platform, people)
  for (let at = 0; at < people.length; at += batchSize) await insertBatch(ctx, people.slice(at, at + batchSize))
  return { result: people.length, entry: { facts: { admitted: people.length } } }
})

/** Adds a batch with one statement; part of a command of its caller. Returns the ids in order. Refuses expert-exists. */
export async function insertBatch(ctx: Ctx, people: NewExpert[]): Promise<string[]> {
  const rows = people.map(one => rowOf(ctx.platform, one))
  // One parameter for the whole batch: ten thousand rows of many bound values each take three times as long.
  const { rowCount } = await ctx.db.execute(sql`
    insert into expert (id, code, box, id_tag, disc, main_disc, edition, region_code, employer_name, employer_code, state, source, import_id,
                        leaf, created_at, changed_at)
    select x.id, x.code, decode(x.box, 'base64'), x.id_tag, array(select jsonb_array_elements_text(x.disc)), x.main_disc, x.edition, x.region,
           x.employer, x.employer_code, x.state, x.source, x.import_id, x.leaf,
           ${ctx.now.toISOString()}::timestamptz, ${ctx.now.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as x(id uuid, code text, box text, id_tag text, disc jsonb, main_disc text, edition text, region text, employer text, employer_code text,
           state text, source text, import_id uuid, leaf text)
    on conflict do nothing`)
  refuseUnless(rowCount === rows.length, 'expert-exists', { field: 'idNumber' })
  const avoid = people.flatMap((one, at) => (one.avoid ?? []).map(unit => ({ ...unit, expertId: rows[at]!.id })))
  if (avoid.length > 0) await ctx.db.insert(expertAvoid).values(avoid)
  return rows.map(row => row.id)
}

/** A row of the table as JSON: box in base64, commitment made. */
export function rowOf(platform: Platform, one: NewExpert) {
  const committed = { ...one, disc: one.disc.toSorted(), state: one.state ?? ('active' as const) }
  return {
    id: crypto.randomUUID(),
    code: one.code,
    box: Buffer.from(closeExpert(platform, one.code, one.person)).toString('base64'),
    id_tag: idTagOf(platform, one.person.idNumber),
    disc: committed.disc,
    main_disc: one.mainDisc ?? one.disc[0]!,
    edition: one.edition ?? specialtyInForce,
    region: one.regionCode,
    employer: one.employerName,
    employer_code: one.employerCode,
    state: committed.state,
    source: one.source ?? 'seed',
    import_id: one.importId ?? null,
    leaf: leafOf(platform, committed, one.person),
  }
}

/** Locks an expert's row by its library number. Refuses not-found. */
export async function lockExpert(ctx: Ctx, code: string): Promise<Expert> {
  const [row] = await ctx.db.select().from(expert).where(eq(expert.code, code)).for('update')
  if (!row) throw new Refusal('not-found')
  return row
}

/** The same by its id. */
export async function lockExpertRow(ctx: Ctx, id: string): Promise<Expert> {
  const [row] = await ctx.db.select().from(expert).where(eq(expert.id, id)).for('update')
  if (!row) throw new Refusal('not-found')
  return row
}

export type Move = { event: ExpertEvent; reason: string; until?: Date | null; ruleId?: string | null }

/**
 * Moves a locked expert through the library's states: the row and its commitment, the event for the lifelong record, the notice to the person.
 * Part of a command of its caller. Refuses wrong-state.
 */
export async function moveExpert(
  ctx: Ctx,
  row: Expert,
  { event, reason, until = null, ruleId = null }: Move,
): Promise<Expert & { eventId: string }> {
  const state = next(expertFlow, row.state, event)
  const person = openExpert(ctx.platform, row)
  const changed = { state, suspendedUntil: state === 'suspended' ? until : null, changedAt: ctx.now }
  const leaf = leafOf(ctx.platform, { ...row, state }, person)
  await ctx.db
    .update(expert)
    .set({ ...changed, leaf })
    .where(eq(expert.id, row.id))
  const noticeId = await notify(ctx, { channel: 'sms', to: person.phone, text: moveNotice(row.code, event, reason, until) })
  const byPerson = ctx.actor.kind === 'person' ? ctx.actor.personId : null
  const kept = { id: crypto.randomUUID(), expertId: row.id, event, from: row.state, to: state, reason, ruleId, until, byPerson }
  await ctx.db.insert(expertEvent).values({ ...kept, at: ctx.now, noticeId })
  return { ...row, ...changed, leaf, eventId: kept.id }
}

export type KeeperMove = {
  code: string
  event: KeeperEvent
  reason: string
  months?: number | undefined
  ruleId?: string | undefined
}

/** Suspends, restores or lets go, with a reason, a notice and the right of appeal. Refuses wrong-state and not-found. */
export const changeExpert = command('expert.manage', async (ctx, { code, event, reason, months, ruleId }: KeeperMove) => {
  const row = await lockExpert(ctx, code)
  const until = event === 'suspend' && months ? addMonths(ctx.now, months) : null
  const { state } = await moveExpert(ctx, row, { event, reason, until, ruleId: ruleId ?? null })
  return { result: state, entry: { facts: { code, event, reason, state, until: until?.toISOString() ?? null } } }
})

export function addMonths(at: Date, months: number): Date {
  const then = new Date(at)
  then.setUTCMonth(then.getUTCMonth() + months)
  return then
}

/** Suspensions whose time is over end by themselves; the clock asks. */
export const restoreDue = command(
  'expert.manage',
  async (ctx, _: null) => {
    const due = and(eq(expert.state, 'suspended'), lte(expert.suspendedUntil, ctx.now))
    const rows = await ctx.db.select().from(expert).where(due).limit(500).for('update', { skipLocked: true })
    for (const row of rows) await moveExpert(ctx, row, { event: 'restore', reason: '暂停期满' })
    return { result: rows.length, entry: rows.length > 0 ? { facts: { restored: rows.map(row => row.code) } } : null }
  },
  'expert.restore',
)

/** When the next suspension ends, or null. */
export async function nextRestore(ctx: Ctx): Promise<Date | null> {
  const [row] = await ctx.db
    .select({ at: sql<Date | null>`min(${expert.suspendedUntil})` })
    .from(expert)
    .where(eq(expert.state, 'suspended'))
  return row?.at ? new Date(row.at) : null
}

/** How many experts the library holds. */
export async function countExperts(ctx: Ctx): Promise<number> {
  const [row] = await ctx.db.select({ count: sql<number>`count(*)::int` }).from(expert)
  return row?.count ?? 0
}
