// What was made of a key's bytes, kept for the next signature by the same key: at a deadline those of a thousand bidders come again and again.

/** `make`, once for the same bytes; the oldest are dropped after `most`. What throws is not kept. */
export function remembered<V>(make: (bytes: Uint8Array) => V, most = 4_096): (bytes: Uint8Array) => V {
  const kept = new Map<string, V>()
  return bytes => {
    const name = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    const known = kept.get(name)
    if (known !== undefined) return known
    const made = make(bytes)
    if (kept.size >= most) kept.delete(kept.keys().next().value!)
    kept.set(name, made)
    return made
  }
}
