import { sql } from 'drizzle-orm'
import { readRegions } from '@/db/seed/code-lists'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { nextNumber } from '~/platform/number/number.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { specialtyInForce } from '../expert'
import { rowOf } from '../expert.server'
import { specialtyNames } from '../specialty.read.server'
import { type Known, type ListedExpert, readExpertRow, readHeading } from './expert-row'
import type { Issue, IssueRule } from './issue.text'
import { findTaken, finishReport, type Import, type Incoming, issueWriter, startReport } from './report.server'
import { rowsMost, rowsOf } from './table.server'

const batchSize = 1_000
/** Any constant: lists come in one after the other, so that two of them never race for the same person. */
const importLock = 7_203_831

type Listed = { row: number; who: ListedExpert }

/** Where a list waits until it is known which rows are taken; gone with the transaction. */
const stage = (ctx: Ctx) =>
  ctx.db.execute(sql`
    create temporary table listed_expert (
      row int primary key, id uuid, code text, box bytea, id_tag text, disc text[], main_disc text, edition text, region text,
      employer text, employer_code text, source text, leaf text, avoid text[]
    ) on commit drop`)

async function stageBatch(ctx: Ctx, batch: Listed[], number: number, importId: string): Promise<void> {
  const rows = batch.map(({ row, who }) => {
    const { name, phone, idNumber, title, email } = who
    const person = { name, phone, idNumber, title, email }
    const one = {
      disc: who.disc,
      mainDisc: who.disc[0]!,
      regionCode: who.region,
      employerName: who.employer,
      employerCode: who.employerCode,
    }
    const code = `D${number}-${row}`
    return { row, avoid: who.avoid, ...rowOf(ctx.platform, { ...one, code, person, source: `import ${number}`, importId }) }
  })
  await ctx.db.execute(sql`
    insert into listed_expert
    select x.row, x.id, x.code, decode(x.box, 'base64'), x.id_tag, array(select jsonb_array_elements_text(x.disc)), x.main_disc, x.edition,
           x.region, x.employer, x.employer_code, x.source, x.leaf, array(select jsonb_array_elements_text(x.avoid))
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as x(row int, id uuid, code text, box text, id_tag text, disc jsonb, main_disc text, edition text, region text, employer text,
           employer_code text, source text, leaf text, avoid jsonb)`)
}

type Writer = ReturnType<typeof issueWriter>

/** Reads the file row by row: good ones are staged, the others reported. Returns how many rows there were, and how many were bad. */
async function readAll(ctx: Ctx, file: Incoming, number: number, importId: string, issues: Writer) {
  const names = await specialtyNames(ctx)
  const known: Known = { specialties: new Set(names.keys()), regions: new Set(readRegions().map(({ code }) => code)) }
  let [heading, width, batch]: [ReturnType<typeof readHeading> | null, number, Listed[]] = [null, 0, []]
  let [rows, bad] = [0, 0]
  for await (const { row, cells } of rowsOf(file.path, file.fileName)) {
    if (!heading) {
      ;[heading, width] = [readHeading(cells), cells.length]
      await issues.add(heading.issues)
      if (heading.issues.length > 0) return { rows, bad, isReadable: false }
      continue
    }
    refuseUnless(++rows <= rowsMost, 'file-too-big', { file: file.fileName, limit: `${rowsMost} 行`, field: 'file' })
    const read = readExpertRow(row, cells, heading.places, width, known)
    if (Array.isArray(read)) {
      bad++
      await issues.add(read)
    } else if (batch.push({ row, who: read }) === batchSize) {
      await stageBatch(ctx, batch, number, importId)
      batch = []
    }
  }
  if (!heading) throw new Refusal('import-unreadable', { reason: '文件为空', field: 'file' })
  if (batch.length > 0) await stageBatch(ctx, batch, number, importId)
  return { rows, bad, isReadable: true }
}

/** Rows of somebody who stands further up in the list, in the library already, or among the punished; they leave the stage. */
async function dropRepeated(ctx: Ctx, issues: Writer): Promise<number> {
  const inFile = await ctx.db.execute<{ row: number; first: number }>(sql`
    with placed as (select row, min(row) over (partition by id_tag) as first from listed_expert)
    delete from listed_expert using placed where listed_expert.row = placed.row and placed.row <> placed.first
    returning listed_expert.row, placed.first`)
  const inLibrary = await ctx.db.execute<{ row: number; code: string }>(sql`
    delete from listed_expert using expert where expert.id_tag = listed_expert.id_tag returning listed_expert.row, expert.code`)
  const punished = await ctx.db.execute<{ row: number }>(sql`
    delete from listed_expert using expert_penalty p where p.id_tag = listed_expert.id_tag and p.revoked_at is null returning listed_expert.row`)
  const column = '证件号码'
  const issue = (row: number, rule: IssueRule, detail: string): Issue => ({ row, column, rule, detail })
  await issues.add(inFile.rows.map(({ row, first }) => issue(row, 'repeated-in-file', `第 ${first} 行`)))
  await issues.add(inLibrary.rows.map(({ row, code }) => issue(row, 'already-in-library', code)))
  await issues.add(punished.rows.map(({ row }) => issue(row, 'punished', '')))
  return inFile.rows.length + inLibrary.rows.length + punished.rows.length
}

async function takeOver(ctx: Ctx, importId: string): Promise<number> {
  const now = ctx.now.toISOString()
  const taken = await ctx.db.execute(sql`
    insert into expert (id, code, box, id_tag, disc, main_disc, edition, region_code, employer_name, employer_code, state, source, import_id,
                        leaf, created_at, changed_at)
    select id, code, box, id_tag, disc, main_disc, ${specialtyInForce}, region, employer, employer_code, 'active', source, ${importId}::uuid,
           leaf, ${now}::timestamptz, ${now}::timestamptz
    from listed_expert`)
  await ctx.db.execute(sql`
    insert into expert_avoid (expert_id, organisation_name, kind, reason)
    select id, unit, 'other', '随名单导入' from listed_expert, unnest(avoid) unit`)
  return taken.rowCount ?? 0
}

const run = command(
  'expert.manage',
  async (ctx, { file, number }: { file: Incoming; number: number }) => {
    const { rows: locked } = await ctx.db.execute<{ free: boolean }>(sql`select pg_try_advisory_xact_lock(${importLock}) as free`)
    refuseUnless(locked[0]?.free, 'import-running')
    const before = await findTaken(ctx, file)
    if (before) return { result: before, entry: null }
    const id = await startReport(ctx, file)
    const issues = issueWriter(ctx, id)
    await stage(ctx)
    const { rows, bad, isReadable } = await readAll(ctx, file, number, id, issues)
    const rejected = bad + (await dropRepeated(ctx, issues))
    await issues.flush()
    const isTaken = isReadable && (file.mode === 'good-rows' ? rows > rejected : rejected === 0)
    const accepted = isTaken ? await takeOver(ctx, id) : 0
    const report = await finishReport(ctx, id, { rows, accepted, rejected, isTaken, counts: issues.counts })
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
