import { and, eq, inArray, sql } from 'drizzle-orm'
import { expert, expertAvoid } from '@/db/schema/trading/expert'
import { expertImport, expertImportBatch } from '@/db/schema/trading/expert-record'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { specialtyInForce } from '../expert'
import { dropParts } from './arrive.server'
import type { Issue } from './issue.text'
import { leaseOf, noteGone } from './lease.server'
import { addIssues, countedBy, type Import, issueCount } from './report.server'

/** Any constant: lists come in one after the other, so that two of them never race for the same person. */
const importLock = 7_203_831

const batchOf = (id: string, seq: number) =>
  sql`json_to_recordset((select b.rows::json from ${expertImportBatch} b where b.import_id = ${id} and b.seq = ${seq}))`

/** Takes over a batch with one statement, in the list's order: everybody who is neither punished nor there already. Returns how many came in. */
async function insertRows(ctx: Ctx, { id, number }: Import, seq: number): Promise<number> {
  const now = ctx.now.toISOString()
  const { rowCount } = await ctx.db.execute(sql`
    insert into expert (id, code, box, id_tag, disc, main_disc, edition, region_code, employer_name, employer_code, state, source, import_id,
                        leaf, created_at, changed_at)
    select x.id, code, decode(box, 'base64'), id_tag, array(select json_array_elements_text(disc)), main_disc, ${specialtyInForce}, region,
           employer, employer_code, 'active', ${`import ${number}`}, ${id}::uuid, leaf, ${now}::timestamptz, ${now}::timestamptz
    from ${batchOf(id, seq)}
      as x(row int, id uuid, code text, box text, id_tag text, disc json, main_disc text, region text, employer text, employer_code text, leaf text)
    where not exists (select 1 from expert_penalty p where p.id_tag = x.id_tag and p.revoked_at is null)
    order by x.row
    on conflict (id_tag) do nothing`)
  return rowCount ?? 0
}

/** The units that those taken over keep away from. */
const insertAvoid = (ctx: Ctx, id: string, seq: number) =>
  ctx.db.execute(sql`
    insert into expert_avoid (expert_id, organisation_name, kind, reason)
    select x.id, unit, 'other', '随名单导入'
    from ${batchOf(id, seq)} as x(id uuid, avoid json) join expert e on e.id = x.id, json_array_elements_text(x.avoid) unit
    where x.avoid is not null`)

/** Why rows of a batch were not taken: punished, further up in the list, or in the library already. */
async function reasonsAgainst(ctx: Ctx, id: string, seq: number): Promise<Issue[]> {
  const { rows } = await ctx.db.execute<{ row: number; code: string | null; own: boolean }>(sql`
    select x.row, e.code, e.import_id = ${id}::uuid as own
    from ${batchOf(id, seq)} as x(row int, id uuid, id_tag text) left join expert e on e.id_tag = x.id_tag
    where e.id is distinct from x.id order by x.row`)
  const column = '证件号码'
  return rows.map(({ row, code, own }): Issue => {
    if (code === null) return { row, column, rule: 'punished', detail: '' }
    if (!own) return { row, column, rule: 'already-in-library', detail: code }
    return { row, column, rule: 'repeated-in-file', detail: `第 ${code.split('-')[1]} 行` }
  })
}

/** Takes everybody of this list out again: with `all` one bad row means that none comes in. */
async function takeBack(ctx: Ctx, importId: string): Promise<void> {
  const own = ctx.db.select({ id: expert.id }).from(expert).where(eq(expert.importId, importId))
  await ctx.db.delete(expertAvoid).where(inArray(expertAvoid.expertId, own))
  await ctx.db.delete(expert).where(eq(expert.importId, importId))
}

type Taken = { accepted: number; rejected: number; counts: Record<string, number> }

/** All batches, one after the other; `note` hears how far it is, outside of this transaction. */
async function takeBatches(ctx: Ctx, row: Import, note: (gone: number) => Promise<unknown>): Promise<Taken> {
  let counts = row.counts as Record<string, number>
  let [accepted, gone]: [number, number] = [0, 0]
  const sizes = await ctx.db
    .select({ seq: expertImportBatch.seq, size: sql<number>`json_array_length(${expertImportBatch.rows}::json)` })
    .from(expertImportBatch)
    .where(eq(expertImportBatch.importId, row.id))
    .orderBy(expertImportBatch.seq)
  for (const { seq, size } of sizes) {
    const taken = await insertRows(ctx, row, seq)
    await insertAvoid(ctx, row.id, seq)
    const left = taken < size ? await reasonsAgainst(ctx, row.id, seq) : []
    await addIssues(ctx, row.id, issueCount(counts), left)
    counts = countedBy(counts, left)
    ;[accepted, gone] = [accepted + taken, gone + size]
    await note(gone)
  }
  return { accepted, rejected: row.rejected + gone - accepted, counts }
}

/**
 * Takes a checked list over, all of it in one transaction: an interruption leaves nothing, and nobody draws from half a list. The list's own row
 * is locked only at the end, so that what is gone through can be seen meanwhile.
 */
export const takeList = command(
  'expert.manage',
  async (ctx, { id, outside }: { id: string; outside: Ctx }) => {
    await ctx.db.execute(sql`select pg_advisory_xact_lock(${importLock})`)
    const own = and(eq(expertImport.id, id), eq(expertImport.state, 'taking'), eq(expertImport.lease, leaseOf(ctx.platform)))
    const [row] = await ctx.db.select().from(expertImport).where(own)
    if (!row) return { result: null, entry: null }
    const { accepted, rejected, counts } = await takeBatches(ctx, row, gone => noteGone(outside, { id, gone }))
    const isTaken = accepted > 0 && (row.mode === 'good-rows' || rejected === 0)
    if (!isTaken) await takeBack(ctx, id)
    await dropParts(ctx, id)
    const result = { accepted: isTaken ? accepted : 0, rejected, isTaken, counts }
    const end = { state: 'done' as const, gone: row.staged, finishedAt: ctx.now, lease: null, leasedUntil: null }
    const [done] = await ctx.db
      .update(expertImport)
      .set({ ...result, ...end })
      .where(own)
      .returning()
    refuseUnless(done, 'changed-meanwhile')
    const { number, fileHash, source, mode, rows } = row
    const facts = { import: id, number, fileHash, source, mode, rows, accepted: result.accepted, rejected }
    return { result: done, entry: { facts } }
  },
  'expert.import',
)
