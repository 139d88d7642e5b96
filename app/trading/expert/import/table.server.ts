import { createReadStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
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
export const rowsMost = 2_000_000
const recordMost = 65_536

/** Kind of a table by its name. Refuses file-type-refused. */
export function kindOf(name: string): TableKind {
  const kind = /\.(csv|tsv|xlsx)$/i.exec(name)?.[1]?.toLowerCase()
  refuseUnless(kind, 'file-type-refused', { file: name, allowed: 'CSV、TSV、XLSX', field: 'file' })
  return kind as TableKind
}

/** Lists of other departments come as UTF-8 or as GB 18030 (what a spreadsheet writes in China); the first bytes tell. */
async function encodingOf(path: string): Promise<'utf-8' | 'gb18030'> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(65_536), 0, 65_536, 0)
    new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead), { stream: true })
    return 'utf-8'
  } catch {
    return 'gb18030'
  } finally {
    await file.close()
  }
}

async function* decoded(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(await encodingOf(path))
  for await (const chunk of createReadStream(path, { highWaterMark: 262_144 }))
    yield decoder.decode(chunk as Buffer, { stream: true })
  yield decoder.decode()
}

async function* delimited(path: string, delimiter: string): AsyncGenerator<TableRow> {
  const parser = parse({
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: recordMost,
    info: true,
  })
  const source = Readable.from(decoded(path))
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

async function* workbook(path: string, name: string): AsyncGenerator<TableRow> {
  const bytes = await readFile(path)
  refuseUnless(bytes.length <= workbookMost.bytes, 'file-too-big', {
    file: name,
    limit: '10 MB（更长的名单请用 CSV）',
    field: 'file',
  })
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
export function rowsOf(path: string, name: string): AsyncGenerator<TableRow> {
  const kind = kindOf(name)
  return kind === 'xlsx' ? workbook(path, name) : delimited(path, kind === 'tsv' ? '\t' : ',')
}
