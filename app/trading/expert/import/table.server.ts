import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { unzipSync } from 'fflate'
import { readSheet } from 'read-excel-file/node'
import { Refusal, refuseUnless } from '~/shared/refusal'

/** A row of a table: its cells as text and its number in the file, the heading being 1. */
export type TableRow = { row: number; cells: string[] }
export type TableKind = 'csv' | 'tsv' | 'xlsx'

/** A workbook is read whole, so it is bounded; longer lists come as CSV, which is read as a stream. */
export const workbookMost = { bytes: 10 * 1_048_576, unpackedBytes: 200 * 1_048_576, rows: 50_000 }
const recordMost = 65_536

/** Kind of a table by its name. Refuses file-type-refused. */
export function kindOf(name: string): TableKind {
  const kind = /\.(csv|tsv|xlsx)$/i.exec(name)?.[1]?.toLowerCase()
  refuseUnless(kind, 'file-type-refused', { file: name, allowed: 'CSV、TSV、XLSX', field: 'file' })
  return kind as TableKind
}

/** Where a table's bytes come from; each call begins at the first of them. */
export type Source = () => AsyncIterable<Uint8Array>

/** A table in a file of this machine. */
export const fileSource =
  (path: string): Source =>
  () =>
    createReadStream(path, { highWaterMark: 262_144 })

/** Lists of other departments come as UTF-8 or as GB 18030 (what a spreadsheet writes in China); the first bytes tell. */
function encodingOf(first: Uint8Array): 'utf-8' | 'gb18030' {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(first.subarray(0, 65_536), { stream: true })
    return 'utf-8'
  } catch {
    return 'gb18030'
  }
}

async function* decoded(source: Source): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null
  for await (const chunk of source()) {
    decoder ??= new TextDecoder(encodingOf(chunk))
    yield decoder.decode(chunk, { stream: true })
  }
  if (decoder) yield decoder.decode()
}

async function* delimited(from: Source, delimiter: string): AsyncGenerator<TableRow> {
  const parser = parse({
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: recordMost,
    info: true,
  })
  // One at a time: of what is read ahead nobody knows yet that it was read.
  const source = Readable.from(decoded(from), { highWaterMark: 1 })
  source.on('error', error => parser.destroy(error))
  source.pipe(parser)
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[]
      info: { records: number; empty_lines: number }
    }>)
      yield { row: info.records + info.empty_lines, cells: record }
  } catch (error) {
    const reason = (error as { code?: string }).code?.startsWith('CSV_') ? '引号没有配对或一行过长' : '读取中断'
    throw new Refusal('import-unreadable', { reason, field: 'file' })
  }
}

/** Sizes as the archive itself states them, before anything is unpacked. */
function refuseSwollen(bytes: Uint8Array): void {
  let unpacked = 0
  try {
    unzipSync(bytes, {
      filter: file => {
        unpacked += file.originalSize
        return false
      },
    })
  } catch {
    throw new Refusal('import-unreadable', { reason: '不是有效的 XLSX 文件', field: 'file' })
  }
  refuseUnless(unpacked <= workbookMost.unpackedBytes, 'file-too-big', { file: 'XLSX', limit: '解压后 200 MB', field: 'file' })
}

/** A workbook's bytes; refuses file-too-big before more than its bound is in memory. */
async function wholeOf(from: Source, name: string): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of from()) {
    size += part.length
    const limit = '10 MB（更长的名单请用 CSV）'
    refuseUnless(size <= workbookMost.bytes, 'file-too-big', { file: name, limit, field: 'file' })
    parts.push(part)
  }
  return Buffer.concat(parts)
}

async function* workbook(from: Source, name: string): AsyncGenerator<TableRow> {
  const bytes = await wholeOf(from, name)
  refuseSwollen(bytes)
  const rows = await readSheet(bytes).catch(() => {
    throw new Refusal('import-unreadable', { reason: '不是有效的 XLSX 文件', field: 'file' })
  })
  refuseUnless(rows.length <= workbookMost.rows, 'file-too-big', {
    file: name,
    limit: '50,000 行（更长的名单请用 CSV）',
    field: 'file',
  })
  for (const [at, cells] of rows.entries()) {
    const texts = cells.map(cell => (cell === null ? '' : cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell)))
    if (texts.some(text => text !== '')) yield { row: at + 1, cells: texts }
  }
}

/** The rows of a table file, one after the other. CSV and TSV need memory for a row, a workbook for the whole (bounded). */
export function rowsOf(from: Source, name: string): AsyncGenerator<TableRow> {
  const kind = kindOf(name)
  return kind === 'xlsx' ? workbook(from, name) : delimited(from, kind === 'tsv' ? '\t' : ',')
}
