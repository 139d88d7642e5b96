import { and, asc, desc, eq, gt, sql } from 'drizzle-orm'
import { expertImport, expertImportIssue, type ImportKind } from '@/db/schema/trading/expert-record'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { type Issue, issueLine } from './issue.text'

export type Import = typeof expertImport.$inferSelect
export type ImportMode = Import['mode']
/** A list on its way in: the file on this machine, its hash and name, where it comes from. */
export type Incoming = {
  kind: ImportKind
  path: string
  fileName: string
  fileHash: string
  bytes: number
  source: string
  mode: ImportMode
}

const batchSize = 2_000

/** Collects the reasons against rows and writes them in batches: a million bad rows need no more memory than a thousand. */
export function issueWriter(ctx: Ctx, importId: string) {
  let [waiting, seq]: [Issue[], number] = [[], 0]
  const counts = new Map<string, number>()
  const flush = async () => {
    if (waiting.length === 0) return
    const rows = waiting.map(({ column, ...issue }, at) => ({ ...issue, column_name: column, seq: seq + at }))
    seq += waiting.length
    waiting = []
    await ctx.db.execute(sql`
      insert into expert_import_issue (import_id, seq, row, column_name, rule, detail)
      select ${importId}, x.seq, x.row, x.column_name, x.rule, x.detail
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(seq int, row int, column_name text, rule text, detail text)`)
  }
  const add = async (issues: Issue[]) => {
    for (const { rule } of issues) counts.set(rule, (counts.get(rule) ?? 0) + 1)
    waiting.push(...issues)
    if (waiting.length >= batchSize) await flush()
  }
  return { add, flush, counts }
}

/** The report row, made first so that its lines can refer to it; `finishReport` fills in what became of the list. */
export async function startReport(ctx: Ctx, { kind, fileName, fileHash, bytes, source, mode }: Incoming): Promise<string> {
  const id = crypto.randomUUID()
  const byPerson = ctx.actor.kind === 'person' ? ctx.actor.personId : null
  const open = { rows: 0, accepted: 0, rejected: 0, isTaken: false, counts: {} }
  await ctx.db
    .insert(expertImport)
    .values({ id, kind, fileName, fileHash, bytes, source, mode, ...open, byPerson, createdAt: ctx.now })
  return id
}

type Result = Pick<Import, 'rows' | 'accepted' | 'rejected' | 'isTaken'> & { counts: Map<string, number> }

export async function finishReport(ctx: Ctx, id: string, { counts, ...result }: Result): Promise<Import> {
  const [row] = await ctx.db
    .update(expertImport)
    .set({ ...result, counts: Object.fromEntries(counts) })
    .where(eq(expertImport.id, id))
    .returning()
  return row!
}

/** The report of the same file, source and mode where it was taken over before: the second time changes nothing. */
export async function findTaken(ctx: Ctx, { kind, fileHash, source, mode }: Incoming): Promise<Import | null> {
  const same = and(
    eq(expertImport.kind, kind),
    eq(expertImport.fileHash, fileHash),
    eq(expertImport.source, source),
    eq(expertImport.mode, mode),
    eq(expertImport.isTaken, true),
  )
  const [row] = await ctx.db.select().from(expertImport).where(same)
  return row ?? null
}

/** Reports, newest first. */
export const listImports = (ctx: Ctx): Promise<Import[]> =>
  ctx.db.select().from(expertImport).orderBy(desc(expertImport.createdAt)).limit(100)

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
  const [total] = await ctx.db.select({ count: sql<number>`count(*)::int` }).from(expertImportIssue).where(own)
  const lines = issues.map(issue => ({
    seq: issue.seq,
    row: issue.row,
    column: issue.column,
    text: issueLine(issue),
    rule: issue.rule,
  }))
  return { report: { ...row, counts: row.counts as Record<string, number> }, lines, total: total?.count ?? 0, pageSize }
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
      .limit(batchSize)
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
