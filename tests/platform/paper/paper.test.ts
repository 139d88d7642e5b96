import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDFDocument } from 'pdf-lib'
import { beforeAll, expect, test } from 'vitest'
import type { PaperContent } from '~/platform/paper/paper'
import { makePaper } from '~/platform/paper/paper.server'
import { embedFaces, widthOf, wrap } from '~/platform/paper/text.server'

const rows = Array.from({ length: 60 }, (_, i) => [String(i + 1), `第${i + 1}建筑工程有限公司`, `${i + 1},000.00`])
const content: PaperContent = {
  title: '开标记录',
  number: 'E3500000717000012026-01',
  issuer: '公共资源交易平台',
  at: new Date('2026-03-02T01:00:00Z'),
  recordHash: 'ab'.repeat(32),
  verifyUrl: 'http://127.0.0.1:3000/papers/1',
  isSandbox: true,
  blocks: [
    { kind: 'heading', text: '一、项目' },
    { kind: 'facts', rows: [['项目名称', '第一中学“新建教学楼”工程（EPC）— 施工 ¥1,234.50 𬭚']] },
    {
      kind: 'table',
      caption: '唱标结果',
      columns: [
        { head: '序号', share: 1 },
        { head: '投标人', share: 4 },
        { head: '报价（元）', share: 2, isFigure: true },
      ],
      rows,
    },
    { kind: 'text', text: '各投标人对开标无异议。' },
  ],
}

let folder: string
const packed = (text: string) => text.replace(/\s/g, '')
const tool = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: 'utf8', cwd: folder })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paper-'))
  writeFileSync(join(folder, 'paper.pdf'), await makePaper(content))
})

test('every word of a paper can be read back, and both fonts are embedded as subsets', () => {
  const text = packed(tool('pdftotext', '-layout', 'paper.pdf', '-'))
  for (const word of [
    '开标记录',
    'E3500000717000012026-01',
    '项目名称',
    '¥1,234.50',
    '60,000.00',
    '各投标人对开标无异议',
    'abab',
  ])
    expect(text).toContain(word)
  for (const line of tool('pdffonts', 'paper.pdf').trim().split('\n').slice(2)) expect(line).toMatch(/Identity-H\s+yes/)
  expect(readFileSync(join(folder, 'paper.pdf')).length).toBeLessThan(300_000)
})

test('a character that no font has is drawn as a mark, never dropped', () => {
  expect(tool('pdftotext', 'paper.pdf', '-')).toContain('〓')
})

test('each page of a long table repeats its head, counts the pages and says 演练', async () => {
  const pages = (await PDFDocument.load(await makePaper(content))).getPageCount()
  expect(pages).toBeGreaterThan(2)
  for (let page = 1; page <= pages; page++) {
    const text = tool('pdftotext', '-layout', '-f', String(page), '-l', String(page), 'paper.pdf', '-')
    expect(packed(text)).toContain(`第${page}页共${pages}页`)
    expect(packed(text)).toContain('演练文书，不具法律效力')
    if (/有限公司/.test(text)) expect(text).toMatch(/序号\s+投标人\s+报价/)
  }
})

/** Bands of pixel lines with ink, between two columns of pixels of a PGM. */
function inkBands(pgm: Buffer, left: number, right: number): number {
  const [, width = '', height = ''] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.toString('latin1', 0, 40)) ?? []
  const pixels = pgm.subarray(pgm.length - Number(width) * Number(height))
  const isInked = Array.from({ length: Number(height) }, (_, y) =>
    pixels.subarray(y * Number(width) + left, y * Number(width) + right).some(value => value < 128),
  )
  return isInked.filter((inked, y) => inked && !isInked[y - 1]).length
}

test('every glyph is drawn: a subset with a misaligned glyph table would leave some out', async () => {
  // Characters without a gap between their strokes from top to bottom, one a line.
  const characters = [...'中国申甲由田电里果東車事書串半平米木本末未来']
  const blocks = characters.map(text => ({ kind: 'text' as const, text }))
  writeFileSync(
    join(folder, 'glyphs.pdf'),
    await makePaper({ ...content, recordHash: undefined, verifyUrl: undefined, isSandbox: false, blocks }),
  )
  tool('pdftoppm', '-r', '72', '-gray', 'glyphs.pdf', 'glyphs')
  const lines = inkBands(readFileSync(join(folder, 'glyphs-1.pgm')), 57, 66)
  // Title's rule, page head and foot are no part of it: they are lighter or stand elsewhere.
  expect(lines).toBeGreaterThanOrEqual(characters.length)
})

test('outside the sandbox a paper carries no 演练 mark', async () => {
  writeFileSync(join(folder, 'real.pdf'), await makePaper({ ...content, isSandbox: false }))
  expect(tool('pdftotext', 'real.pdf', '-')).not.toContain('演')
})

test('the same content gives the same pages', async () => {
  const [a, b] = [await makePaper(content), await makePaper(content)]
  expect(Math.abs(a.length - b.length)).toBeLessThan(64)
})

test('lines fit their width, words stay whole, and none begins with a comma', async () => {
  const faces = await embedFaces(await PDFDocument.create())
  const text = '本记录由平台按《招标投标法》第三十六条形成，各投标人，均可核验 https://example.gov.cn/papers/1 。'.repeat(4)
  const lines = wrap(faces, text, 10, 200)
  expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
  for (const line of lines) {
    expect(widthOf(faces, line, 10)).toBeLessThanOrEqual(212)
    expect(line).not.toMatch(/^[，。]/)
  }
  expect(wrap(faces, 'ab'.repeat(100), 10, 100).length).toBeGreaterThan(5)
})
