import { and, asc, desc, eq, gt, inArray, or, sql } from 'drizzle-orm'
import { expertImport, expertImportIssue, type ImportKind } from '@/db/schema/trading/expert-record'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { type RefusalCode, type RefusalFacts, refusalText } from '~/shared/refusal.text'
import { unfinishedStates } from './import-progress'
import { type Issue, issueLine } from './issue.text'

export type Import = typeof expertImport.$inferSelect
export type ImportMode = Import['mode']
/** What is known of a list when it has arrived. */
export type Arrived = Pick<Import, 'kind' | 'fileName' | 'fileHash' | 'bytes' | 'source' | 'mode'> & { kind: ImportKind }
/** The same in a file on this machine. */
export type Incoming = Arrived & { path: string }

/** Findings by rule, with more of them. */
export function countedBy(counts: Record<string, number>, issues: Issue[]): Record<string, number> {
  const more = { ...counts }
  for (const { rule } of issues) more[rule] = (more[rule] ?? 0) + 1
  return more
}

const issuesAtOnce = 2_000

/** Writes findings, numbered on from those already there. */
export async function addIssues(ctx: Ctx, importId: string, from: number, issues: Issue[]): Promise<void> {
  for (let at = 0; at < issues.length; at += issuesAtOnce) {
    const rows = issues
      .slice(at, at + issuesAtOnce)
      .map(({ column, ...issue }, place) => ({ ...issue, column_name: column, seq: from + at + place }))
    await ctx.db.execute(sql`
      insert into expert_import_issue (import_id, seq, row, column_name, rule, detail)
      select ${importId}, x.seq, x.row, x.column_name, x.rule, x.detail
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(seq int, row int, column_name text, rule text, detail text)`)
  }
}

/** How many findings there are. */
export const issueCount = (counts: unknown): number =>
  Object.values(counts as Record<string, number>).reduce((sum, count) => sum + count, 0)

/** The report of the same list where it was taken over, or is being worked on: the second time changes nothing. */
export async function findSame(ctx: Ctx, { kind, fileHash, source, mode }: Arrived): Promise<Import | null> {
  const same = and(
    eq(expertImport.kind, kind),
    eq(expertImport.fileHash, fileHash),
    eq(expertImport.source, source),
    eq(expertImport.mode, mode),
    or(eq(expertImport.isTaken, true), inArray(expertImport.state, unfinishedStates)),
  )
  const [row] = await ctx.db.select().from(expertImport).where(same)
  return row ?? null
}

/** What everybody of the library may see of a list; which process works on it is nobody's business. */
export const shown = ({ lease: _lease, leasedUntil: _until, attempts: _attempts, ...report }: Import) => ({
  ...report,
  counts: report.counts as Record<string, number>,
})

/** Reports, newest first. */
export const listImports = async (ctx: Ctx) =>
  (await ctx.db.select().from(expertImport).orderBy(desc(expertImport.createdAt)).limit(100)).map(shown)

const pageSize = 100

/** One report with a page of its lines, by place in the file. Refuses not-found. */
export async function readImport(ctx: Ctx, id: string, page: number) {
  const [row] = await ctx.db.select().from(expertImport).where(eq(expertImport.id, id))
  refuseUnless(row, 'not-found')
  const own = eq(expertImportIssue.importId, id)
  const issues = await ctx.db
    .select()
    .from(expertImportIssue)
    .where(own)
    .orderBy(asc(expertImportIssue.row), asc(expertImportIssue.seq))
    .limit(pageSize)
    .offset((page - 1) * pageSize)
  const lines = issues.map(issue => ({
    seq: issue.seq,
    row: issue.row,
    column: issue.column,
    text: issueLine(issue),
    rule: issue.rule,
  }))
  const total = issueCount(row.counts)
  const problem = row.problem as { code: RefusalCode; facts: RefusalFacts } | null
  const seconds = (ctx.now.getTime() - row.createdAt.getTime()) / 1_000
  return { report: shown(row), problem: problem && refusalText[problem.code](problem.facts), seconds, lines, total, pageSize }
}

/** The whole report as CSV, some lines at a time. */
export async function* reportCsv(ctx: Ctx, id: string): AsyncGenerator<string> {
  yield '\uFEFF行号,列,规则,原因\r\n'
  for (let after = -1; ; ) {
    const rows = await ctx.db
      .select()
      .from(expertImportIssue)
      .where(and(eq(expertImportIssue.importId, id), gt(expertImportIssue.seq, after)))
      .orderBy(asc(expertImportIssue.seq))
      .limit(issuesAtOnce)
    if (rows.length === 0) return
    yield rows.map(issue => `${[issue.row, issue.column, issue.rule, issueLine(issue)].map(cell).join(',')}\r\n`).join('')
    after = rows.at(-1)!.seq
  }
}

/** A cell that no spreadsheet takes for a formula. */
const cell = (value: string | number) => {
  const text = String(value)
  return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
}
