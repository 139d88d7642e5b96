import fontkit from '@pdf-lib/fontkit'
import type { PDFDocument } from 'pdf-lib'

type Fontkit = Parameters<PDFDocument['registerFontkit']>[0]

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

/** fontkit whose subsets viewers can read. Both its spellings of `encode` exist; pdf-lib would take the one that needs a stream. */
export const soundFontkit: Fontkit = {
  create: async (bytes, name) => {
    const font = await (fontkit as Fontkit).create(bytes, name)
    if (!font || !('createSubset' in font)) throw new Error(`not a font: ${name}`)
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
  },
}
