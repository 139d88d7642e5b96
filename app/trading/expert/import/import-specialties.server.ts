import { eq, sql } from 'drizzle-orm'
import { expertImport, specialty, specialtyEdition } from '@/db/schema/trading/expert-record'
import { readKnownErrors } from '@/db/seed/code-lists'
import { command, type Outcome } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { dayOf } from '~/shared/time'
import { doubts, type Issue } from './issue.text'
import { addIssues, countedBy, findSame, type Import, type Incoming } from './report.server'
import { checkSpecialties, levelOf, type SpecialtyLine } from './specialty-list'
import { fileSource, rowsOf } from './table.server'

const linesMost = 20_000
const heading = ['code', 'name', 'level']

/** An edition of the classification on its way in; `source` of the file is the edition's id. */
export type IncomingEdition = Incoming & { edition: { id: string; name: string; source: string; effectiveOn: string | null } }

async function readLines(file: Incoming): Promise<{ lines: SpecialtyLine[]; issues: Issue[] }> {
  const [lines, issues]: [SpecialtyLine[], Issue[]] = [[], []]
  let isFirst = true
  for await (const { row, cells } of rowsOf(fileSource(file.path), file.fileName)) {
    if (isFirst) {
      const missing = heading.find((name, at) => cells[at]?.trim() !== name)
      if (missing) throw new Refusal('import-unreadable', { reason: `表头应为 ${heading.join('、')}`, field: 'file' })
      isFirst = false
    } else if (cells.length !== heading.length) {
      issues.push({ row, column: '（整行）', rule: 'column-count', detail: `${cells.length} 列` })
    } else {
      const [code = '', name = '', level = ''] = cells.map(cell => cell.trim())
      refuseUnless(lines.push({ row, code, name, level }) <= linesMost, 'file-too-big', {
        file: file.fileName,
        limit: `${linesMost} 行`,
        field: 'file',
      })
    }
  }
  if (isFirst) throw new Refusal('import-unreadable', { reason: '文件为空', field: 'file' })
  return { lines, issues }
}

async function writeEdition(
  ctx: Ctx,
  { id, name, source, effectiveOn }: IncomingEdition['edition'],
  importId: string,
  lines: SpecialtyLine[],
) {
  const [known] = await ctx.db.select({ id: specialtyEdition.id }).from(specialtyEdition).where(eq(specialtyEdition.id, id))
  refuseUnless(!known, 'edition-exists', { edition: id, field: 'edition' })
  await ctx.db.insert(specialtyEdition).values({ id, name, source, effectiveOn, importId, createdAt: ctx.now })
  const rows = lines.map(line => ({ code: line.code, name: line.name, level: levelOf(line.code) }))
  await insertSpecialties(ctx, id, rows)
}

/** Codes of an edition in one statement. */
export const insertSpecialties = (ctx: Ctx, edition: string, rows: { code: string; name: string; level: number }[]) =>
  ctx.db.execute(sql`
    insert into ${specialty} (edition, code, name, level)
    select ${edition}, x.code, x.name, x.level from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(code text, name text, level int)`)

type Result = Pick<Import, 'id' | 'rows' | 'accepted' | 'rejected' | 'isTaken' | 'counts'>

async function writeReport(ctx: Ctx, { kind, fileName, fileHash, bytes, source, mode }: Incoming, result: Result) {
  const byPerson = ctx.actor.kind === 'person' ? ctx.actor.personId : null
  const what = { kind, fileName, fileHash, bytes, source, mode, ...result, byPerson }
  const [row] = await ctx.db
    .insert(expertImport)
    .values({ ...what, createdAt: ctx.now, finishedAt: ctx.now })
    .returning()
  return row!
}

/**
 * Takes over an edition of the specialty classification beside those there are; it is never the one in force by being imported. `all`: any
 * finding stops it; `good-rows`: lines with errors are left out, doubtful ones are taken over and named.
 */
export const importSpecialties = command(
  'expert.manage',
  async (ctx, file: IncomingEdition): Promise<Outcome<Import>> => {
    const before = await findSame(ctx, file)
    if (before) return { result: before, entry: null }
    const { lines, issues: broken } = await readLines(file)
    const checked = checkSpecialties(lines, readKnownErrors())
    const found = [...broken, ...checked.issues]
    const id = crypto.randomUUID()
    const isTaken = checked.lines.length > 0 && (file.mode === 'good-rows' || found.length === 0)
    const rows = lines.length + broken.length
    const rejected = new Set(found.filter(issue => !doubts.has(issue.rule)).map(issue => issue.row)).size
    const accepted = isTaken ? checked.lines.length : 0
    const report = await writeReport(ctx, file, { id, rows, accepted, rejected, isTaken, counts: countedBy({}, found) })
    await addIssues(ctx, id, 0, found)
    if (isTaken) await writeEdition(ctx, file.edition, id, checked.lines)
    const facts = { import: id, edition: file.edition.id, fileHash: file.fileHash, rows, accepted, rejected, on: dayOf(ctx.now) }
    return { result: report, entry: { facts } }
  },
  'expert.import',
)
