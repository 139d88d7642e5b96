import { degrees, type PDFDocument, type PDFPage, rgb } from 'pdf-lib'
import { drawLine, type Faces, widthOf, wrap } from './text.server'

export const ink = rgb(0.1, 0.1, 0.12)
export const grey = rgb(0.42, 0.44, 0.48)
export const rule = rgb(0.78, 0.8, 0.83)
export const tint = rgb(0.95, 0.96, 0.97)
const warning = rgb(0.72, 0.35, 0)

/** A4 in points. */
const a4: [number, number] = [595.28, 841.89]
const margin = { left: 56, right: 56, top: 76, bottom: 64 }
export const lineWidth = a4[0] - margin.left - margin.right

/** Where the next thing goes; a new page comes by itself when `room` finds none. */
export interface Sheet {
  document: PDFDocument
  faces: Faces
  page: PDFPage
  y: number
  left: number
}

export function openSheet(document: PDFDocument, faces: Faces): Sheet {
  const sheet = { document, faces, page: document.addPage(a4), y: 0, left: margin.left }
  sheet.y = a4[1] - margin.top
  return sheet
}

/** Makes sure `height` points are free; says whether a new page was begun. */
export function room(sheet: Sheet, height: number): boolean {
  if (sheet.y - height >= margin.bottom) return false
  sheet.page = sheet.document.addPage(a4)
  sheet.y = a4[1] - margin.top
  return true
}

/** A text over as many lines and pages as it needs. */
export function writeText(
  sheet: Sheet,
  text: string,
  size: number,
  options: { color?: typeof ink; isCentred?: boolean } = {},
): void {
  const leading = size * 1.6
  for (const line of wrap(sheet.faces, text, size, lineWidth)) {
    room(sheet, leading)
    const shift = options.isCentred ? (lineWidth - widthOf(sheet.faces, line, size)) / 2 : 0
    drawLine(sheet.faces, line, {
      page: sheet.page,
      x: sheet.left + shift,
      y: sheet.y - size,
      size,
      color: options.color ?? ink,
    })
    sheet.y -= leading
  }
}

export function writeRule(sheet: Sheet): void {
  const { page, left, y } = sheet
  page.drawLine({ start: { x: left, y }, end: { x: left + lineWidth, y }, thickness: 0.6, color: rule })
}

/** Head, foot and watermark of every page, once their number is known. */
export function frame(sheet: Sheet, marks: { head: string; number: string; foot: string; isSandbox: boolean }): void {
  const pages = sheet.document.getPages()
  for (const [i, page] of pages.entries()) {
    const [top, bottom] = [a4[1] - 44, 38]
    const put = (text: string, x: number, y: number, color = grey) =>
      drawLine(sheet.faces, text, { page, x, y, size: 8.5, color })
    const right = (text: string) => margin.left + lineWidth - widthOf(sheet.faces, text, 8.5)
    put(marks.head, margin.left, top)
    put(marks.number, right(marks.number), top)
    for (const y of [top - 8, bottom + 14])
      page.drawLine({ start: { x: margin.left, y }, end: { x: margin.left + lineWidth, y }, thickness: 0.5, color: rule })
    const count = `第 ${i + 1} 页 共 ${pages.length} 页`
    put(marks.foot, margin.left, bottom, marks.isSandbox ? warning : grey)
    put(count, right(count), bottom)
    if (marks.isSandbox) watermark(sheet, page)
  }
}

function watermark(sheet: Sheet, page: PDFPage): void {
  for (const [x, y] of [
    [120, 190],
    [230, 500],
  ])
    page.drawText('演练', {
      x,
      y,
      size: 120,
      font: sheet.faces.chinese,
      color: grey,
      opacity: 0.09,
      rotate: degrees(28),
    })
}
