import type { Block, Column } from './paper'
import { grey, ink, lineWidth, room, rule, type Sheet, tint, writeText } from './sheet.server'
import { drawLine, widthOf, wrap } from './text.server'

const size = 10
const leading = 15
const padding = 5

const heightOf = (lines: string[][]) => Math.max(1, ...lines.map(l => l.length)) * leading + 2 * padding

interface Cell {
  lines: string[]
  x: number
  width: number
  isRight?: boolean
  color?: typeof ink
}

function drawCells(sheet: Sheet, cells: Cell[], height: number): void {
  for (const cell of cells) {
    for (const [i, line] of cell.lines.entries()) {
      const shift = cell.isRight ? cell.width - 2 * padding - widthOf(sheet.faces, line, size) : 0
      const y = sheet.y - padding - size - i * leading
      drawLine(sheet.faces, line, { page: sheet.page, x: cell.x + padding + shift, y, size, color: cell.color ?? ink })
    }
  }
  const y = sheet.y - height
  sheet.page.drawLine({ start: { x: sheet.left, y }, end: { x: sheet.left + lineWidth, y }, thickness: 0.5, color: rule })
}

function writeFacts(sheet: Sheet, rows: [string, string][]): void {
  // Leaves a hash in hex room on one line.
  const labelWidth = 100
  for (const [label, value] of rows) {
    const left = wrap(sheet.faces, label, size, labelWidth - 2 * padding)
    const right = wrap(sheet.faces, value, size, lineWidth - labelWidth - 2 * padding)
    const height = heightOf([left, right])
    room(sheet, height)
    const cells: Cell[] = [
      { lines: left, x: sheet.left, width: labelWidth, color: grey },
      { lines: right, x: sheet.left + labelWidth, width: lineWidth - labelWidth },
    ]
    drawCells(sheet, cells, height)
    sheet.y -= height
  }
  sheet.y -= 8
}

/** Places of the columns, by their shares of the line. */
function placesOf(sheet: Sheet, columns: Column[]): { x: number; width: number; isRight: boolean }[] {
  const total = columns.reduce((sum, column) => sum + column.share, 0)
  let x = sheet.left
  return columns.map(column => {
    const width = (lineWidth * column.share) / total
    const place = { x, width, isRight: column.isFigure ?? false }
    x += width
    return place
  })
}

function writeRow(sheet: Sheet, texts: string[], places: ReturnType<typeof placesOf>, head?: () => void): void {
  const cells = places.map(
    (place, i): Cell => ({ ...place, lines: wrap(sheet.faces, texts[i] ?? '', size, place.width - 2 * padding) }),
  )
  const height = heightOf(cells.map(cell => cell.lines))
  // A row is never split; a new page repeats the head.
  if (room(sheet, height)) head?.()
  drawCells(sheet, cells, height)
  sheet.y -= height
}

function writeTable(sheet: Sheet, { caption, columns, rows }: Extract<Block, { kind: 'table' }>): void {
  const places = placesOf(sheet, columns)
  const head = () => {
    const height = heightOf(columns.map((c, i) => wrap(sheet.faces, c.head, size, places[i]!.width - 2 * padding)))
    sheet.page.drawRectangle({ x: sheet.left, y: sheet.y - height, width: lineWidth, height, color: tint })
    writeRow(
      sheet,
      columns.map(c => c.head),
      places,
    )
  }
  // Caption, head and the first row stay together.
  room(sheet, 90)
  if (caption) writeText(sheet, caption, size, { color: grey })
  head()
  for (const row of rows) writeRow(sheet, row, places, head)
  if (rows.length === 0) writeText(sheet, '（无）', size, { color: grey })
  sheet.y -= 10
}

/** Writes one block. */
export function writeBlock(sheet: Sheet, block: Block): void {
  if (block.kind === 'heading') {
    // With the caption, head and first row of a table under it.
    room(sheet, 120)
    sheet.y -= 6
    writeText(sheet, block.text, 13)
    sheet.y -= 2
  }
  if (block.kind === 'text') {
    writeText(sheet, block.text, 10.5)
    sheet.y -= 4
  }
  if (block.kind === 'facts') writeFacts(sheet, block.rows)
  if (block.kind === 'table') writeTable(sheet, block)
}
