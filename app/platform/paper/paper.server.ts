import { PDFDocument } from 'pdf-lib'
import { create, type QRCode } from 'qrcode'
import { formatInstant } from '~/shared/time'
import { writeBlock } from './block.server'
import type { PaperContent } from './paper'
import { frame, grey, ink, openSheet, room, type Sheet, writeRule, writeText } from './sheet.server'
import { drawLine, embedFaces, wrap } from './text.server'

const sandboxFoot = '演练文书，不具法律效力：仅缩短法定期限并接受演练证书'

function writeHead(sheet: Sheet, { title, number, issuer, at }: PaperContent): void {
  writeText(sheet, title, 20, { isCentred: true })
  sheet.y -= 2
  writeText(sheet, `${number} · ${issuer} · ${formatInstant(at)}`, 9, { color: grey, isCentred: true })
  sheet.y -= 6
  writeRule(sheet)
  sheet.y -= 12
}

/** Dark cells that stand side by side in a row are one rectangle: a third of so many. */
function* barsOf(modules: QRCode['modules']): Generator<{ row: number; column: number; length: number }> {
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      const start = column
      while (column < modules.size && modules.get(row, column)) column++
      if (column > start) yield { row, column: start, length: column - start }
    }
  }
}

function drawQr(sheet: Sheet, text: string, x: number, top: number, side: number): void {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const cell = side / modules.size
  for (const { row, column, length } of barsOf(modules)) {
    const [width, height] = [length * cell + 0.05, cell + 0.05]
    sheet.page.drawRectangle({ x: x + column * cell, y: top - (row + 1) * cell, width, height, color: ink })
  }
}

/** How to check the paper without us: the record's hash, the anchors' hash, where it stands. */
function writeProof(sheet: Sheet, { recordHash, anchorsHash, verifyUrl }: PaperContent): void {
  if (!recordHash && !verifyUrl) return
  const side = verifyUrl ? 84 : 0
  room(sheet, verifyUrl ? 112 : 76)
  sheet.y -= 6
  writeRule(sheet)
  sheet.y -= 10
  const lines = [
    ...(recordHash ? [`记录哈希（SHA-256）：${recordHash}`] : []),
    ...(anchorsHash ? [`信任锚哈希（SHA-256）：${anchorsHash}`] : []),
    ...(verifyUrl ? [`核验地址：${verifyUrl}`] : []),
    '离线核验：npm run verify -- --anchors anchors.json 本文件',
  ]
  let y = sheet.y - 8
  for (const line of lines.flatMap(text => wrap(sheet.faces, text, 8.5, 483 - side - 16))) {
    drawLine(sheet.faces, line, { page: sheet.page, x: sheet.left, y, size: 8.5, color: grey })
    y -= 13
  }
  if (verifyUrl) drawQr(sheet, verifyUrl, sheet.left + 483 - side, sheet.y, side)
  sheet.y -= Math.max(side, sheet.y - y) + 4
}

/** The paper as a PDF, unsigned; both fonts embedded as subsets. Same content, same pages. */
export async function makePaper(content: PaperContent): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  document.setTitle(`${content.title} ${content.number}`, { showInWindowTitleBar: true })
  document.setLanguage('zh-CN')
  document.setCreationDate(content.at)
  document.setModificationDate(content.at)
  const sheet = openSheet(document, await embedFaces(document))
  writeHead(sheet, content)
  for (const block of content.blocks) writeBlock(sheet, block)
  writeProof(sheet, content)
  frame(sheet, {
    head: content.title,
    number: content.number,
    foot: content.isSandbox ? sandboxFoot : content.issuer,
    isSandbox: content.isSandbox,
  })
  return document.save({ useObjectStreams: false })
}
