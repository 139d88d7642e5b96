import { eq, inArray, sql } from 'drizzle-orm'
import { expert, expertAvoid } from '@/db/schema/trading/expert'
import { readRegions } from '@/db/seed/code-lists'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { nextNumber } from '~/platform/number/number.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { rowOf } from '../expert.server'
import { specialtyNames } from '../specialty.read.server'
import { type Known, type ListedExpert, readExpertRow, readHeading } from './expert-row'
import type { Issue } from './issue.text'
import { findTaken, finishReport, type Import, type Incoming, issueWriter, startReport } from './report.server'
import { rowsMost, rowsOf } from './table.server'

const batchSize = 1_000
/** Any constant: lists come in one after the other, so that two of them never race for the same person. */
const importLock = 7_203_831

type Listed = { row: number; who: ListedExpert }
type Writer = ReturnType<typeof issueWriter>
/** The list on its way in: its report, the number in its experts' library numbers, where reasons against rows go. */
type Job = { id: string; number: number; issues: Writer; known: Known }

const codeOf = ({ number }: Job, row: number) => `D${number}-${row}`

/** A row of the table as JSON, with the units to avoid beside it. */
function preparedRow(ctx: Ctx, job: Job, { row, who }: Listed) {
  const { name, phone, idNumber, title, email } = who
  const one = {
    disc: who.disc,
    mainDisc: who.disc[0]!,
    regionCode: who.region,
    employerName: who.employer,
    employerCode: who.employerCode,
  }
  const from = { source: `import ${job.number}`, importId: job.id, person: { name, phone, idNumber, title, email } }
  return { row, avoid: who.avoid, ...rowOf(ctx.platform, { ...one, ...from, code: codeOf(job, row) }) }
}
type Prepared = ReturnType<typeof preparedRow>

/**
 * Takes over a batch with one statement, in the file's order: everybody who is neither punished nor there already. Returns who is in. One JSON parameter for the whole
 * batch: bound values one by one cost three times as much.
 */
async function insertRows(ctx: Ctx, rows: Prepared[]): Promise<Set<string>> {
  const now = ctx.now.toISOString()
  const { rows: taken } = await ctx.db.execute<{ code: string }>(sql`
    insert into expert (id, code, box, id_tag, disc, main_disc, edition, region_code, employer_name, employer_code, state, source, import_id,
                        leaf, created_at, changed_at)
    select id, code, decode(box, 'base64'), id_tag, array(select json_array_elements_text(disc)), main_disc, edition, region, employer,
           employer_code, state, source, import_id, leaf, ${now}::timestamptz, ${now}::timestamptz
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as x(row int, id uuid, code text, box text, id_tag text, disc json, main_disc text, edition text, region text, employer text,
           employer_code text, state text, source text, import_id uuid, leaf text)
    where not exists (select 1 from expert_penalty p where p.id_tag = x.id_tag and p.revoked_at is null)
    order by x.row
    on conflict (id_tag) do nothing
    returning code`)
  return new Set(taken.map(one => one.code))
}

/** The units that those taken over keep away from. */
async function insertAvoid(ctx: Ctx, rows: Prepared[]): Promise<void> {
  const units = rows.flatMap(({ id, avoid }) => avoid.map(unit => ({ id, unit })))
  if (units.length === 0) return
  await ctx.db.execute(sql`
    insert into expert_avoid (expert_id, organisation_name, kind, reason)
    select id, unit, 'other', '随名单导入' from json_to_recordset(${JSON.stringify(units)}::json) as x(id uuid, unit text)`)
}

/** Why these rows were not taken: punished, further up in the list, or in the library already. */
async function reasonsAgainst(ctx: Ctx, job: Job, left: Prepared[]): Promise<Issue[]> {
  const listed = JSON.stringify(left.map(({ row, id_tag }) => ({ row, id_tag })))
  const { rows } = await ctx.db.execute<{ row: number; code: string | null; own: boolean }>(sql`
    select x.row, e.code, e.import_id = ${job.id}::uuid as own
    from json_to_recordset(${listed}::json) as x(row int, id_tag text) left join expert e on e.id_tag = x.id_tag`)
  const column = '证件号码'
  return rows.map(({ row, code, own }): Issue => {
    if (code === null) return { row, column, rule: 'punished', detail: '' }
    if (!own) return { row, column, rule: 'already-in-library', detail: code }
    return { row, column, rule: 'repeated-in-file', detail: `第 ${code.split('-')[1]} 行` }
  })
}

/** Takes a batch over; returns how many of it were left out, each reported. */
async function takeBatch(ctx: Ctx, job: Job, rows: Prepared[], found: Issue[]): Promise<number> {
  await job.issues.add(found)
  if (rows.length === 0) return 0
  const taken = await insertRows(ctx, rows)
  await insertAvoid(
    ctx,
    rows.filter(one => taken.has(one.code)),
  )
  const left = rows.filter(one => !taken.has(one.code))
  if (left.length > 0) await job.issues.add(await reasonsAgainst(ctx, job, left))
  return left.length
}

type Count = { rows: number; rejected: number; isReadable: boolean }

/**
 * Reads the file row by row: good ones are taken over, the others reported. While the database works on a batch the next one is read and
 * sealed, so that a long list keeps both busy.
 */
async function readAll(ctx: Ctx, file: Incoming, job: Job): Promise<Count> {
  let [heading, width]: [ReturnType<typeof readHeading> | null, number] = [null, 0]
  let [batch, found]: [Prepared[], Issue[]] = [[], []]
  let [rows, rejected]: [number, number] = [0, 0]
  let pending: Promise<number> = Promise.resolve(0)
  const send = async () => {
    rejected += await pending
    pending = takeBatch(ctx, job, batch, found)
    ;[batch, found] = [[], []]
  }
  for await (const { row, cells } of rowsOf(file.path, file.fileName)) {
    if (!heading) {
      ;[heading, width] = [readHeading(cells), cells.length]
      await job.issues.add(heading.issues)
      if (heading.issues.length > 0) return { rows, rejected, isReadable: false }
      continue
    }
    refuseUnless(++rows <= rowsMost, 'file-too-big', { file: file.fileName, limit: `${rowsMost} 行`, field: 'file' })
    const read = readExpertRow(row, cells, heading.places, width, job.known)
    if (!Array.isArray(read)) batch.push(preparedRow(ctx, job, { row, who: read }))
    else if (found.push(...read) > 0) rejected++
    if (batch.length === batchSize || found.length >= batchSize) await send()
  }
  if (!heading) throw new Refusal('import-unreadable', { reason: '文件为空', field: 'file' })
  await send()
  rejected += await pending
  return { rows, rejected, isReadable: true }
}

/** Takes everybody of this list out again: with `all` one bad row means that none comes in. */
async function takeBack(ctx: Ctx, importId: string): Promise<void> {
  const own = ctx.db.select({ id: expert.id }).from(expert).where(eq(expert.importId, importId))
  await ctx.db.delete(expertAvoid).where(inArray(expertAvoid.expertId, own))
  await ctx.db.delete(expert).where(eq(expert.importId, importId))
}

const run = command(
  'expert.manage',
  async (ctx, { file, number }: { file: Incoming; number: number }) => {
    const { rows: locked } = await ctx.db.execute<{ free: boolean }>(sql`select pg_try_advisory_xact_lock(${importLock}) as free`)
    refuseUnless(locked[0]?.free, 'import-running')
    const before = await findTaken(ctx, file)
    if (before) return { result: before, entry: null }
    const id = await startReport(ctx, file)
    const names = await specialtyNames(ctx)
    const known = { specialties: new Set(names.keys()), regions: new Set(readRegions().map(({ code }) => code)) }
    const job = { id, number, issues: issueWriter(ctx, id), known }
    const { rows, rejected, isReadable } = await readAll(ctx, file, job)
    await job.issues.flush()
    const isTaken = isReadable && (file.mode === 'good-rows' ? rows > rejected : rejected === 0)
    if (!isTaken) await takeBack(ctx, id)
    const accepted = isTaken ? rows - rejected : 0
    const report = await finishReport(ctx, id, { rows, accepted, rejected, isTaken, counts: job.issues.counts })
    const { fileHash, source, mode } = file
    return { result: report, entry: { facts: { import: id, number, fileHash, source, mode, rows, accepted, rejected } } }
  },
  'expert.import',
)

/**
 * Takes over a list of experts from another department (PRT-23): every rejected row is named with its column and rule. `all`: one bad row and
 * none is taken; `good-rows`: the good ones are. One transaction: an interruption leaves nothing. The same file again brings back its report.
 */
export async function importExperts(ctx: Ctx, file: Incoming): Promise<Import> {
  // The number is drawn first, in a transaction of its own, so that a long list holds no counter; a gap in it does no harm.
  const number = await nextNumber(ctx, 'expert import')
  return run(ctx, { file, number })
}
