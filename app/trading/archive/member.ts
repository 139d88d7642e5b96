// One file of an archive, and how its name is written.

export interface Member {
  /** Below the bag's folder. */
  path: string
  content: Uint8Array | AsyncIterable<Uint8Array>
}

const encoder = new TextEncoder()

export const textMember = (path: string, text: string): Member => ({ path, content: encoder.encode(text) })
export const jsonMember = (path: string, value: unknown): Member => textMember(path, `${JSON.stringify(value, null, 1)}\n`)

/** A file name that any file system takes; what is left of an unusable one is still told apart by its folder. */
export function safeName(name: string): string {
  const cleaned = [...name].map(c => (c < ' ' || '/\\:*?"<>|%\u007f'.includes(c) ? '_' : c)).join('')
  return cleaned.replace(/^\.+/, '_').slice(0, 120) || '_'
}
