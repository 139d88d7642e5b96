import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PDFDocument, PDFFont, PDFPage, RGB } from 'pdf-lib'
import { soundFontkit } from './fontkit.server'

/** The two faces of a paper: Chinese, and everything the Chinese font has no glyphs for. */
export interface Faces {
  chinese: PDFFont
  latin: PDFFont
  has(font: 'chinese' | 'latin', codePoint: number): boolean
}

const folder = (root = process.cwd()) => join(root, 'app/platform/paper/font')
const files = new Map<string, Buffer>()

function fontFile(name: string): Buffer {
  const bytes = files.get(name) ?? readFileSync(join(folder(), name))
  files.set(name, bytes)
  return bytes
}

/** What the two fonts have glyphs for, some fifty thousand characters: looked up once for all papers. */
let characters: Record<'chinese' | 'latin', Set<number>> | undefined

/** Embeds both fonts as subsets: a paper carries only the glyphs it uses. */
export async function embedFaces(document: PDFDocument): Promise<Faces> {
  document.registerFontkit(soundFontkit)
  const chinese = await document.embedFont(fontFile('DroidSansFallbackFull.ttf'), { subset: true })
  const latin = await document.embedFont(fontFile('NotoSans-Regular.ttf'), { subset: true })
  characters ??= { chinese: new Set(chinese.getCharacterSet()), latin: new Set(latin.getCharacterSet()) }
  const known = characters
  return { chinese, latin, has: (font, codePoint) => known[font].has(codePoint) }
}

interface Run {
  font: PDFFont
  text: string
}

/** The font that draws a character; one that neither has is drawn as 〓, so that nothing vanishes unseen. */
function faceOf(faces: Faces, character: string): Run {
  const codePoint = character.codePointAt(0)!
  if (faces.has('latin', codePoint)) return { font: faces.latin, text: character }
  return { font: faces.chinese, text: faces.has('chinese', codePoint) ? character : '〓' }
}

function runsOf(faces: Faces, text: string): Run[] {
  const runs: Run[] = []
  for (const character of text) {
    const run = faceOf(faces, character)
    const last = runs.at(-1)
    if (last?.font === run.font) last.text += run.text
    else runs.push(run)
  }
  return runs
}

/** Width of a text in points. */
export const widthOf = (faces: Faces, text: string, size: number): number =>
  runsOf(faces, text).reduce((sum, run) => sum + run.font.widthOfTextAtSize(run.text, size), 0)

/** No line begins with these (GB/T 15834 §5.1: 标点不出现在一行之首). */
const clinging = /^[，。、；：？！）》」』”’％]/
const wordPattern = /[A-Za-z0-9@._:/?&=%+#-]+|[\s\S]/gu

/** Breaks a text into lines of at most `width`: between Chinese characters anywhere, inside a Latin word only if it is wider than a line. */
export function wrap(faces: Faces, text: string, size: number, width: number): string[] {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const word of piecesOf(faces, paragraph, size, width)) {
      if (line && widthOf(faces, line + word, size) > width && !clinging.test(word)) {
        lines.push(line)
        line = word === ' ' ? '' : word
      } else line += word
    }
    lines.push(line)
  }
  return lines
}

function piecesOf(faces: Faces, text: string, size: number, width: number): string[] {
  const words = text.match(wordPattern) ?? []
  return words.flatMap(word => (word.length > 1 && widthOf(faces, word, size) > width ? [...word] : [word]))
}

export interface Pen {
  page: PDFPage
  x: number
  /** Baseline. */
  y: number
  size: number
  color: RGB
}

/** Draws one line; returns the x where it ends. */
export function drawLine(faces: Faces, text: string, { page, x, y, size, color }: Pen): number {
  let at = x
  for (const run of runsOf(faces, text)) {
    page.drawText(run.text, { x: at, y, size, font: run.font, color })
    at += run.font.widthOfTextAtSize(run.text, size)
  }
  return at
}
