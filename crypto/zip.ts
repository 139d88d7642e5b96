// Reading a ZIP whose members are stored, not compressed (APPNOTE 6.3): strict, without copying. Node and browser.
import { fromUtf8 } from './bytes.ts'

const endMark = 0x06054b50
const entryMark = 0x02014b50
const localMark = 0x04034b50
const noStored = 0xffff_ffff

const fail = (what: string): never => {
  throw new Error(`zip: ${what}`)
}

function endOf(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 65_557); at--)
    if (view.getUint32(at, true) === endMark && at + 22 + view.getUint16(at + 20, true) === view.byteLength) return at
  return fail('no end of directory')
}

function contentOf(bytes: Uint8Array, view: DataView, at: number, size: number): Uint8Array {
  if (at + 30 > bytes.length || view.getUint32(at, true) !== localMark) fail('local header')
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
  if (start + size > bytes.length) fail('truncated')
  return bytes.subarray(start, start + size)
}

/**
 * Members by name, as views into the archive. Throws on compression, encryption, ZIP64, names that leave the archive, or one name
 * twice: readers that disagree about which of two members counts would disagree about what was archived.
 */
export function readZip(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (bytes.length < 22) fail('too short')
  const end = endOf(view)
  const count = view.getUint16(end + 10, true)
  const members = new Map<string, Uint8Array>()
  let at = view.getUint32(end + 16, true)
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== entryMark) fail('directory')
    const [flags, method, size, packed] = [
      view.getUint16(at + 8, true),
      view.getUint16(at + 10, true),
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
    ]
    const lengths = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)] as const
    const name = fromUtf8(bytes.subarray(at + 46, at + 46 + lengths[0]))
    if (method !== 0 || flags & 1 || size !== packed || size === noStored) fail(`${name}: only stored members are read`)
    if (name.startsWith('/') || name.split('/').includes('..') || name.includes('\\') || members.has(name)) fail(`name ${name}`)
    members.set(name, contentOf(bytes, view, view.getUint32(at + 42, true), size))
    at += 46 + lengths[0] + lengths[1] + lengths[2]
  }
  if (at !== end) fail('directory size')
  return members
}
