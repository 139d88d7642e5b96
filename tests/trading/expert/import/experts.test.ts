import { createHash } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expert } from '@/db/schema/trading/expert'
import { expertImport, expertImportPart } from '@/db/schema/trading/expert-record'
import { aCreditCode, anActor } from '@/tests/factories/actor'
import { aListLine, anIdNumber, listHeading } from '@/tests/factories/expert'
import { openExpert } from '~/trading/expert/expert.server'
import { nextImportStep, stepImports } from '~/trading/expert/import/import-list.server'
import { anImportDesk, type ImportDesk } from './desk'

let desk: ImportDesk
let t: ImportDesk['t']
let api: ImportDesk['api']
let keeper: ImportDesk['keeper']
const code = aCreditCode()
let serial = 1

beforeAll(async () => {
  desk = await anImportDesk()
  ;({ t, api, keeper } = desk)
})
afterAll(() => desk?.close())

const send = (body: Uint8Array | string, { mode = 'good-rows', name = 'list.csv', source = '住建局', actor = keeper } = {}) =>
  api.call(
    'POST',
    `/expert-imports?kind=experts&mode=${mode}&name=${encodeURIComponent(name)}&source=${encodeURIComponent(source)}`,
    {
      actor,
      body: typeof body === 'string' ? Buffer.from(body) : body,
      headers: { 'content-type': 'application/octet-stream' },
    },
  )
const reportOf = async (id: string) =>
  (await api.call('GET', `/expert-imports/${id}`, { actor: keeper })).body.lines.map(
    ({ row, column, rule }: { row: number; column: string; rule: string }) => `${row} ${column} ${rule}`,
  )
const fileOf = (lines: string[]) => [listHeading, ...lines].join('\n')
const good = (count: number) => Array.from({ length: count }, () => aListLine(serial++, code))
const counted = async () => {
  const [row] = await t.platform.database.db.select({ count: sql<number>`count(*)::int` }).from(expert)
  return row!.count
}
/** A line with one cell changed. */
const changed = (line: string, at: number, text: string) => line.split(',').with(at, text).join(',')

test('a clean list is taken over whole: sealed, committed to, active, with the main specialty first', async () => {
  const before = await counted()
  const { status, body } = await send(fileOf(good(3)), { mode: 'all' })
  expect([status, body.rows, body.accepted, body.rejected, body.isTaken]).toEqual([201, 3, 3, 0, true])
  expect(await counted()).toBe(before + 3)
  const [row] = await t.platform.database.db.select().from(expert).where(eq(expert.importId, body.id))
  expect(row).toMatchObject({ state: 'active', mainDisc: 'A0801', disc: ['A0401', 'A0601', 'A0801'], employerCode: code })
  expect(openExpert(t.platform, row!).idNumber).toMatch(/^350102/)
  const { rows } = await t.platform.database.db.execute<{ text: string }>(sql`select e::text as text from expert e`)
  expect(rows.some(one => /专家\d|138\d{8}/.test(one.text))).toBe(false)
})

test('every bad row is named by row, column and rule; the good ones come in', async () => {
  const [a = '', b = ''] = good(2)
  const lines = [
    a,
    changed(aListLine(serial++, code), 1, '350102197001010011'),
    changed(aListLine(serial++, code), 2, '12345'),
    changed(aListLine(serial++, code), 4, 'A0899'),
    changed(aListLine(serial++, code), 5, 'A0601;A0602;A0603'),
    changed(aListLine(serial++, code), 6, '999999'),
    changed(aListLine(serial++, code), 8, '91350100MA0000000X'),
    changed(aListLine(serial++, code), 0, ''),
    '只有一列',
    b,
    a,
  ]
  const { body } = await send(fileOf(lines))
  expect([body.rows, body.accepted, body.rejected]).toEqual([11, 2, 9])
  expect(await reportOf(body.id)).toEqual([
    '3 证件号码 id-number',
    '4 手机 phone',
    '5 主评专业 specialty-unknown',
    '6 主评专业 specialty-count',
    '7 地区代码 region-unknown',
    '8 统一社会信用代码 credit-code',
    '9 姓名 missing',
    '10 （整行） column-count',
    '12 证件号码 repeated-in-file',
  ])
  expect(body.counts).toMatchObject({ 'id-number': 1, 'repeated-in-file': 1 })
  const csv = await api.call('GET', `/expert-imports/${body.id}/report.csv`, { actor: keeper })
  expect(csv.body.split('\r\n')).toHaveLength(11)
  expect(csv.body).not.toMatch(/138\d{8}|3501021970/)
})

test('a row of somebody punished in tendering is left out and says why', async () => {
  const lines = good(2)
  const idNumber = lines[1]!.split(',')[1]!
  const body = {
    kind: 'administrative',
    authority: '某局',
    document: '罚〔2025〕1号',
    decidedOn: '2025-01-02',
    facts: '串通投标',
  }
  await api.call('POST', '/expert-penalties', { actor: keeper, body: { idNumber, ...body } })
  const sent = await send(fileOf(lines))
  expect([sent.body.accepted, sent.body.rejected]).toEqual([1, 1])
  expect(await reportOf(sent.body.id)).toEqual(['3 证件号码 punished'])
})

test('all or nothing: one bad row and none comes in', async () => {
  const before = await counted()
  const lines = [...good(2), changed(aListLine(serial++, code), 2, '1')]
  const { body } = await send(fileOf(lines), { mode: 'all' })
  expect([body.accepted, body.rejected, body.isTaken]).toEqual([0, 1, false])
  expect(await counted()).toBe(before)
})

test('the same file again changes nothing and brings back the same report; somebody known in another file is named', async () => {
  const text = fileOf(good(2))
  const first = await send(text)
  const before = await counted()
  const again = await send(text)
  expect(again.body).toMatchObject({ id: first.body.id, fileHash: createHash('sha256').update(text).digest('hex') })
  expect(await counted()).toBe(before)
  const other = await send(`${text}\n${good(1)[0]}`, { source: '水利局' })
  expect([other.body.accepted, other.body.rejected]).toEqual([1, 2])
  expect(await reportOf(other.body.id)).toEqual(['2 证件号码 already-in-library', '3 证件号码 already-in-library'])
})

test('a heading without a column, with a strange one or with one twice takes nothing and says which', async () => {
  const { body } = await send(`姓名,姓名,证件号码,密级\n甲,甲,${anIdNumber(1)},x`)
  expect(body.isTaken).toBe(false)
  const report = await reportOf(body.id)
  expect(report).toContain('1 姓名 column-repeated')
  expect(report).toContain('1 密级 column-unknown')
  expect(report).toContain('1 统一社会信用代码 column-missing')
})

test('GB 18030, a byte order mark and quoted cells are read as a spreadsheet in China writes them', async () => {
  // 中 in GB 18030 is D6 D0; only the name is written so, the rest is the same in both.
  const [line = ''] = good(1)
  const header = Buffer.from([0xef, 0xbb, 0xbf])
  const quoted = line.replace('某单位', '"某单位,二部"')
  const utf8 = await send(Buffer.concat([header, Buffer.from(fileOf([quoted]))]))
  expect(utf8.body).toMatchObject({ accepted: 1 })
  const [row] = await t.platform.database.db.select().from(expert).where(eq(expert.importId, utf8.body.id))
  expect(row?.employerName).toBe('某单位,二部')
  const table: Record<string, number[]> = await gbTable(`${listHeading}专家高级工程师某单位`)
  const bytes = [...fileOf(good(1))].flatMap(character => table[character] ?? [...Buffer.from(character)])
  const gb = await send(new Uint8Array(bytes))
  expect(gb.body).toMatchObject({ accepted: 1, rejected: 0 })
  const [second] = await t.platform.database.db.select().from(expert).where(eq(expert.importId, gb.body.id))
  expect(second?.employerName).toBe('某单位')
})

/** Two-byte codes of GB 18030 by asking the decoder for all of them. */
async function gbTable(text: string): Promise<Record<string, number[]>> {
  const decoder = new TextDecoder('gb18030')
  const wanted = new Set(text)
  const table: Record<string, number[]> = {}
  for (let high = 0x81; high <= 0xfe; high++)
    for (let low = 0x40; low <= 0xfe; low++) {
      const character = decoder.decode(new Uint8Array([high, low]))
      if (wanted.has(character)) table[character] = [high, low]
    }
  return table
}

/** The smallest workbook: one sheet of inline strings. */
function workbook(rows: string[][]): Uint8Array {
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`
  const sheet = rows.map(
    (cells, at) =>
      `<row r="${at + 1}">${cells.map((text, i) => cell(text).replace('<c ', `<c r="${String.fromCharCode(65 + i)}${at + 1}" `)).join('')}</row>`,
  )
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const head = '<?xml version="1.0" encoding="UTF-8"?>'
  const packages = 'http://schemas.openxmlformats.org/package/2006'
  return zipSync({
    '[Content_Types].xml': strToU8(
      `${head}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
    ),
    '_rels/.rels': strToU8(
      `${head}<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    'xl/workbook.xml': strToU8(
      `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="名单" sheetId="1" r:id="r1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      `${head}<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    'xl/worksheets/sheet1.xml': strToU8(`${head}<worksheet xmlns="${main}"><sheetData>${sheet.join('')}</sheetData></worksheet>`),
  })
}

test('a workbook is read like a list, by its own row numbers', async () => {
  const [line = '', bad = ''] = good(2)
  const rows = [listHeading, line, changed(bad, 2, '1')].map(text => text.split(','))
  const { body } = await send(workbook(rows), { name: '名单.xlsx' })
  expect([body.rows, body.accepted, body.rejected]).toEqual([2, 1, 1])
  expect(await reportOf(body.id)).toEqual(['3 手机 phone'])
})

test('what is no list is refused with a word for it, and nothing of it stays', async () => {
  const codes = [
    (await send('x', { name: 'list.pdf' })).body.code,
    (await send('not a zip', { name: 'list.xlsx' })).body.code,
    (await send('')).body.code,
    (await send(`${listHeading}\n"${'长'.repeat(70_000)}`)).body.code,
    (await send('x', { actor: await anActor(t, 'agency') })).body.code,
  ]
  expect(codes).toEqual(['file-type-refused', 'import-unreadable', 'import-unreadable', 'import-unreadable', 'not-allowed'])
  expect(await t.platform.database.db.$count(expertImportPart)).toBe(0)
})

test('a long list of bad and good rows needs no more memory than a short one', async () => {
  const lines = Array.from({ length: 60_000 }, (_, at) => (at % 2 ? `坏行${at},1,2,3,4,5,6,7,8` : aListLine(100_000 + at, code)))
  const text = Buffer.from(fileOf(lines))
  global.gc?.()
  const heap = process.memoryUsage().heapUsed
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().heapUsed - heap)
  }, 50)
  const { id } = (await send(text, { source: '长名单' })).body
  while (await nextImportStep(await t.ctx())) await stepImports(await t.ctx())
  clearInterval(watch)
  const [body] = await t.platform.database.db.select().from(expertImport).where(eq(expertImport.id, id))
  expect(body!.rows).toBe(60_000)
  expect(body!.accepted + body!.rejected).toBe(60_000)
  expect(body!.rejected).toBeGreaterThanOrEqual(30_000)
  expect(most).toBeLessThan(400 * 1_048_576)
}, 120_000)
