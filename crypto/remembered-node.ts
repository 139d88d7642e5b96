// What was made of a key's or a text's bytes, kept for the next time: at a deadline those of a thousand bidders come again and again.

/** A name that only the same bytes have. */
const nameOf = (from: Uint8Array | string): string =>
  typeof from === 'string' ? from : Buffer.from(from.buffer, from.byteOffset, from.length).toString('latin1')

/** `make`, once for the same bytes or the same text; the oldest are dropped after `most`. What throws is not kept. */
export function remembered<F extends Uint8Array | string, V>(make: (from: F) => V, most = 4_096): (from: F) => V {
  const kept = new Map<string, V>()
  return from => {
    const name = nameOf(from)
    const known = kept.get(name)
    if (known !== undefined) return known
    const made = make(from)
    if (kept.size >= most) kept.delete(kept.keys().next().value!)
    kept.set(name, made)
    return made
  }
}
