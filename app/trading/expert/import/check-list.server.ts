import { setImmediate as pause } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { expertImport, expertImportBatch } from '@/db/schema/trading/expert-record'
import { readRegions } from '@/db/seed/code-lists'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { addSeconds } from '~/shared/time'
import { rowOf } from '../expert.server'
import { specialtyNames } from '../specialty.read.server'
import { dropParts, partsOf } from './arrive.server'
import { type Known, type ListedExpert, readExpertRow, readHeading } from './expert-row'
import type { Issue } from './issue.text'
import { leaseSeconds } from './lease.server'
import { importLimits } from './limit.server'
import { addIssues, countedBy, type Import, issueCount } from './report.server'
import { rowsOf, type TableRow } from './table.server'

/** Good rows of a batch; findings, or rows of any kind, after which it is sent although it has fewer. */
const most = { good: 1_000, issues: 1_000, rows: 5_000 }
/** Rows after which others get their turn: sealing a thousand takes a tenth of a second. */
const rowsAtOnce = 50

/** Bytes handed to the reader at once: what it has read is what is judged, but for a few of these. */
const sliceSize = 65_536

type Heading = ReturnType<typeof readHeading>

/** A list being read by this process: where it stands, and what rows are judged by. */
export type Reading = {
  list: Import
  known: Known
  rowsMost: number
  lines: AsyncGenerator<TableRow>
  bytesRead(): number
  heading: Heading | null
  width: number
  /** Rows of the list read so far; batches sent so far. */
  rows: number
  batches: number
}

/** Begins to read a list, and goes on to where an earlier process came to. */
export async function openReading(ctx: Ctx, list: Import): Promise<Reading> {
  const names = await specialtyNames(ctx)
  const known = { specialties: new Set(names.keys()), regions: new Set(readRegions().map(({ code }) => code)) }
  let bytes = 0
  const counted = async function* () {
    for await (const part of partsOf(ctx, list.id)())
      for (let at = 0; at < part.length; at += sliceSize) {
        const slice = part.subarray(at, at + sliceSize)
        bytes += slice.length
        yield slice
      }
  }
  const lines = rowsOf(counted, list.fileName)
  const { rows: rowsMost } = await importLimits(ctx)
  const batches = await ctx.db.$count(expertImportBatch, eq(expertImportBatch.importId, list.id))
  const reading: Reading = { list, known, rowsMost, lines, bytesRead: () => bytes, heading: null, width: 0, rows: 0, batches }
  while (reading.rows < list.rows && (await nextRow(reading))) if (reading.rows % rowsAtOnce === 0) await pause()
  return reading
}

/** The next row of the list, the heading read on the way; null at the end, and where the heading is of no use. Refuses import-unreadable, file-too-big. */
async function nextRow(reading: Reading): Promise<TableRow | null> {
  for (;;) {
    const { value, done } = await reading.lines.next()
    if (done) {
      if (!reading.heading) throw new Refusal('import-unreadable', { reason: '文件为空', field: 'file' })
      return null
    }
    if (reading.heading) {
      const limit = `${reading.rowsMost} 行`
      refuseUnless(++reading.rows <= reading.rowsMost, 'file-too-big', { file: reading.list.fileName, limit, field: 'file' })
      return value
    }
    reading.heading = readHeading(value.cells)
    reading.width = value.cells.length
    if (reading.heading.issues.length > 0) return null
  }
}

type Prepared = ReturnType<typeof preparedRow>

/** A row of the table as JSON, with the units to avoid beside it; what is the same for the whole list is added when it is taken over. */
function preparedRow(ctx: Ctx, { number }: Import, row: number, who: ListedExpert) {
  const { name, phone, idNumber, title, email, disc, region: regionCode, employer: employerName, employerCode, avoid } = who
  const person = { name, phone, idNumber, title, email }
  const made = rowOf(ctx.platform, { code: `D${number}-${row}`, disc, regionCode, employerName, employerCode, person })
  const { source: _source, import_id: _import, state: _state, edition: _edition, ...own } = made
  return { row, ...(avoid.length > 0 ? { avoid } : {}), ...own }
}

/** What a batch found: good rows sealed, the others' reasons, whether the list is at its end. */
export type Batch = {
  from: number
  rows: number
  seq: number
  staged: Prepared[]
  issues: Issue[]
  rejected: number
  isEnd: boolean
  bytesDone: number
}

/** Reads, judges and seals the next rows. With `all`, rows are sealed only as long as none of the list is bad: nothing would come of it. */
export async function readBatch(ctx: Ctx, reading: Reading, mayStage: boolean): Promise<Batch> {
  const { list, known, rows: from } = reading
  const [staged, issues]: [Prepared[], Issue[]] = [[], []]
  let [rejected, isEnd, isFirst]: [number, boolean, boolean] = [0, false, reading.heading === null]
  while (staged.length < most.good && issues.length < most.issues && reading.rows - from < most.rows) {
    const next = await nextRow(reading)
    if (isFirst) issues.push(...(reading.heading?.issues ?? []))
    isFirst = false
    isEnd = next === null
    if (!next) break
    const read = readExpertRow(next.row, next.cells, reading.heading!.places, reading.width, known)
    if (!Array.isArray(read)) {
      if (mayStage && (list.mode !== 'all' || rejected === 0)) staged.push(preparedRow(ctx, list, next.row, read))
    } else if (issues.push(...read) > 0) rejected++
    if (reading.rows % rowsAtOnce === 0) await pause()
  }
  const seq = staged.length > 0 ? reading.batches++ : reading.batches
  const bytesDone = reading.bytesRead()
  return { from, rows: reading.rows, seq, staged, issues, rejected, isEnd, bytesDone }
}

/** Whether anything of a list whose rows are all judged shall come into the library. */
const isToTake = ({ mode }: Import, { rejected, staged }: { rejected: number; staged: number }) =>
  staged > 0 && (mode === 'good-rows' || rejected === 0)

/**
 * Keeps a batch: only where the list stands as this process left it, so that whatever was killed or came twice doubles no row. Says how the list
 * stands then; null where another has it, or it was cancelled.
 */
export const keepBatch = command(
  'expert.manage',
  async (ctx, { id, lease, batch }: { id: string; lease: string; batch: Batch }) => {
    const [row] = await ctx.db.select().from(expertImport).where(eq(expertImport.id, id)).for('update')
    if (row?.state !== 'checking' || row.lease !== lease || row.rows !== batch.from) return { result: null, entry: null }
    if (batch.staged.length > 0)
      await ctx.db.insert(expertImportBatch).values({ importId: id, seq: batch.seq, rows: JSON.stringify(batch.staged) })
    await addIssues(ctx, id, issueCount(row.counts), batch.issues)
    const sums = { rejected: row.rejected + batch.rejected, staged: row.staged + batch.staged.length }
    const state = !batch.isEnd ? ('checking' as const) : isToTake(row, sums) ? ('taking' as const) : ('done' as const)
    const course = {
      rows: batch.rows,
      bytesDone: batch.bytesDone,
      counts: countedBy(row.counts as Record<string, number>, batch.issues),
    }
    const mine = { leasedUntil: addSeconds(ctx.now, leaseSeconds), touchedAt: ctx.now, attempts: 0 }
    const end = state === 'done' ? { finishedAt: ctx.now, staged: 0, lease: null, leasedUntil: null } : {}
    const [now] = await ctx.db
      .update(expertImport)
      .set({ ...sums, ...course, ...mine, ...end, state })
      .where(eq(expertImport.id, id))
      .returning()
    if (state !== 'done') return { result: now!, entry: null }
    await dropParts(ctx, id)
    const { number, fileHash, source, mode, rows, rejected } = now!
    return { result: now!, entry: { facts: { import: id, number, fileHash, source, mode, rows, accepted: 0, rejected } } }
  },
  'expert.import',
)
