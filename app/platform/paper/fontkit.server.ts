import fontkit from '@pdf-lib/fontkit'
import type { PDFDocument } from 'pdf-lib'

type Fontkit = Parameters<PDFDocument['registerFontkit']>[0]
type Font = Extract<Awaited<ReturnType<Fontkit['create']>>, { createSubset: unknown }>

/** The inside of @pdf-lib/fontkit 1.1.1's TrueType subset, as far as it must be corrected. */
interface TrueTypeSubset {
  glyf: Uint8Array[]
  offset: number
  _addGlyph(id: number): number
}

const isTrueType = (subset: object): subset is TrueTypeSubset => '_addGlyph' in subset

/** fontkit brings its own Buffer and its streams take no other. */
const buffersOf = (glyph: Uint8Array) => glyph.constructor as BufferConstructor

/**
 * Glyphs of odd length shift everything after them: a short `loca` table counts in words, and the subset does not align
 * (OpenType 1.9, loca: "the local offset divided by 2 is stored"). So each glyph is padded to four bytes.
 */
function alignGlyphs(subset: TrueTypeSubset): void {
  const add = subset._addGlyph.bind(subset)
  subset._addGlyph = id => {
    const at = add(id)
    const glyph = subset.glyf[at]!
    const missing = (4 - (glyph.length % 4)) % 4
    subset.glyf[at] = buffersOf(glyph).concat([glyph, buffersOf(glyph).alloc(missing)])
    subset.offset += missing
    return at
  }
}

/**
 * pdf-lib asks for a text's glyphs and takes nothing of their places, so the whole shaping (GSUB, GPOS) of every word measured or drawn
 * was for its ligatures alone, which a paper's figures and names do without: nine tenths of the time a paper took. A glyph a code point.
 */
function layOutPlainly(font: Font): void {
  font.layout = text => {
    const glyphs = Array.from(text, character => font.glyphForCodePoint(character.codePointAt(0)!))
    return { glyphs } as ReturnType<Font['layout']>
  }
}

async function open(bytes: Uint8Array, name?: string): Promise<Font> {
  const font = await (fontkit as Fontkit).create(bytes, name)
  if (!font || !('createSubset' in font)) throw new Error(`not a font: ${name}`)
  layOutPlainly(font)
  const createSubset = font.createSubset.bind(font)
  type Subset = ReturnType<typeof createSubset>
  font.createSubset = (): Subset => {
    const subset = createSubset()
    if (isTrueType(subset)) alignGlyphs(subset)
    return {
      includeGlyph: (glyph: Parameters<Subset['includeGlyph']>[0]) => subset.includeGlyph(glyph),
      encodeStream: () => subset.encodeStream!(),
    }
  }
  return font
}

/** A font is read once for all papers: each has its own subset of it, and nothing else. */
const known = new WeakMap<Uint8Array, Promise<Font>>()

/** fontkit whose subsets viewers can read. Both its spellings of `encode` exist; pdf-lib would take the one that needs a stream. */
export const soundFontkit: Fontkit = {
  create: (bytes, name) => {
    const font = known.get(bytes) ?? open(bytes, name)
    known.set(bytes, font)
    return font
  },
}
