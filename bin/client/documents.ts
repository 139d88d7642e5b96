// What bidders and agencies really hand in: multi-page PDFs, scanned pages, price schedules as XLSX.
import { randomFillSync } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import fontkit from '@pdf-lib/fontkit'
import { strToU8, zipSync } from 'fflate'
import { PDFDocument, type PDFFont, PDFName, type PDFPage, rgb, StandardFonts } from 'pdf-lib'

export interface Paper {
  title: string
  /** Printed on every page below the title, a line each. */
  lines: string[]
  pages: number
  /** Pages with a scanned (incompressible) picture of about 10.5 MB each. */
  scans?: number
}

const a4: [number, number] = [595, 842]
/** Where the platform's own papers find their Chinese font; without it the page numbers and Latin text remain. */
const fontFile = new URL('../../public/fonts/NotoSansSC.ttf', import.meta.url)

async function fontOf(document: PDFDocument): Promise<{ font: PDFFont; isChinese: boolean }> {
  if (!existsSync(fontFile)) return { font: await document.embedFont(StandardFonts.Helvetica), isChinese: false }
  document.registerFontkit(fontkit)
  return { font: await document.embedFont(readFileSync(fontFile), { subset: true }), isChinese: true }
}

function write(page: PDFPage, font: PDFFont, isChinese: boolean, lines: string[]): void {
  lines.forEach((line, at) => {
    const text = isChinese ? line : line.replace(/[^\x20-\x7e]/g, '')
    page.drawText(text, { x: 60, y: 770 - at * 24, size: at === 0 ? 18 : 11, font, color: rgb(0.1, 0.1, 0.1) })
  })
}

const [width, height] = [2_000, 1_750]

/** A page that is one raw 2000 × 1750 RGB picture of noise: what a scanner at high quality makes, as far as compression goes. */
function scan(document: PDFDocument): void {
  const pixels = new Uint8Array(width * height * 3)
  for (let at = 0; at < pixels.length; at += 65_536) randomFillSync(pixels, at, Math.min(65_536, pixels.length - at))
  const image = { Type: 'XObject', Subtype: 'Image', Width: width, Height: height, ColorSpace: 'DeviceRGB', BitsPerComponent: 8 }
  const reference = document.context.register(document.context.stream(pixels, image))
  const page = document.addPage(a4)
  page.node.setXObject(PDFName.of('Scan'), reference)
  const draw = document.context.register(document.context.stream('q 475 0 0 416 60 213 cm /Scan Do Q'))
  page.node.set(PDFName.of('Contents'), draw)
}

/** A PDF of `pages` text pages and `scans` scanned ones. */
export async function pdfOf({ title, lines, pages, scans = 0 }: Paper): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  document.setTitle(title)
  const { font, isChinese } = await fontOf(document)
  for (let number = 1; number <= pages; number++)
    write(document.addPage(a4), font, isChinese, [title, `${number} / ${pages}`, ...lines])
  for (let number = 0; number < scans; number++) scan(document)
  return document.save({ useObjectStreams: false })
}

const entity = (text: string) => text.replace(/[<>&"]/g, c => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' })[c]!)
const cell = (value: string | number, at: string) =>
  typeof value === 'number'
    ? `<c r="${at}"><v>${value}</v></c>`
    : `<c r="${at}" t="inlineStr"><is><t>${entity(value)}</t></is></c>`
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaging = 'http://schemas.openxmlformats.org/package/2006'
const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** An Office Open XML workbook (ECMA-376) of one sheet, at most 26 columns. */
export function xlsxOf(sheet: string, rows: (string | number)[][]): Uint8Array {
  const lines = rows.map(
    (row, y) => `<row r="${y + 1}">${row.map((v, x) => cell(v, `${String.fromCharCode(65 + x)}${y + 1}`)).join('')}</row>`,
  )
  const parts: Record<string, string> = {
    '[Content_Types].xml': `<Types xmlns="${packaging}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${packaging}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${entity(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packaging}/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${lines.join('')}</sheetData></worksheet>`,
  }
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(xml + text)])))
}
