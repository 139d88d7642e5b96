// C2SP signed notes, tlog-checkpoints and cosignatures (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature), Ed25519. Node and browser.
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, base64, concat, equal, hex, unbase64, unhex, utf8 } from './bytes.ts'

export const noteKeyType = { ed25519: 0x01, cosignature: 0x04 } as const
export type NoteKeyType = (typeof noteKeyType)[keyof typeof noteKeyType]

/** A verifier key: name, four-byte id, type and 32-byte Ed25519 key. */
export interface VerifierKey {
  name: string
  id: Bytes
  type: NoteKeyType
  publicKey: Bytes
}

const nameForm = /^[^\s+\u0000-\u001f]{1,128}$/

const keyIdOf = (name: string, type: number, publicKey: Uint8Array): Bytes =>
  new Uint8Array(sha256(concat(`${name}\n`, Uint8Array.of(type), publicKey)).subarray(0, 4))

/** `name+id+base64(type ‖ key)`. Throws on a name that notes cannot carry. */
export function verifierKeyOf(name: string, publicKey: Uint8Array, type: NoteKeyType = noteKeyType.ed25519): string {
  if (!nameForm.test(name) || publicKey.length !== 32) throw new Error('note: bad name or key')
  return `${name}+${hex(keyIdOf(name, type, publicKey))}+${base64(concat(Uint8Array.of(type), publicKey))}`
}

/** Reads a verifier key; throws unless its id is the one its name and key give. */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name = '', id = '', encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? []
  const bytes = unbase64(encoded)
  const type = bytes[0] as NoteKeyType
  const publicKey = bytes.slice(1)
  if (publicKey.length !== 32 || !Object.values(noteKeyType).includes(type)) throw new Error('note: bad verifier key')
  const expected = keyIdOf(name, type, publicKey)
  if (hex(expected) !== id) throw new Error('note: key id does not fit')
  return { name, id: expected, type, publicKey }
}

export interface Note {
  /** The signed text, with its last newline. */
  text: string
  /** Signature lines, each from `—` to the end of its base64. */
  lines: string[]
}

/** Splits a note into text and signature lines; throws on anything that is not a note. Unknown lines are kept. */
export function parseNote(note: string): Note {
  const at = note.lastIndexOf('\n\n')
  if (note.length > 65_536 || at < 0 || !note.endsWith('\n')) throw new Error('note: malformed')
  const lines = note.slice(at + 2, -1).split('\n')
  if (lines.length > 100 || lines.some(line => !/^— \S+ [A-Za-z0-9+/]+=*$/.test(line)))
    throw new Error('note: malformed signature line')
  return { text: note.slice(0, at + 1), lines }
}

/** A signature line for `text`; `sign` makes the Ed25519 signature. */
export async function signNote(
  text: string,
  key: { name: string; publicKey: Uint8Array },
  sign: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>,
): Promise<string> {
  const id = keyIdOf(key.name, noteKeyType.ed25519, key.publicKey)
  return `— ${key.name} ${base64(concat(id, await sign(utf8(text))))}`
}

const cosignedMessage = (text: string, time: bigint): Bytes => utf8(`cosignature/v1\ntime ${time}\n${text}`)

/** A cosignature/v1 line for a checkpoint's text; `time` in Unix seconds. */
export async function cosignNote(
  text: string,
  key: { name: string; publicKey: Uint8Array },
  time: bigint,
  sign: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>,
): Promise<string> {
  const id = keyIdOf(key.name, noteKeyType.cosignature, key.publicKey)
  const stamp = new Uint8Array(8)
  new DataView(stamp.buffer).setBigUint64(0, time)
  return `— ${key.name} ${base64(concat(id, stamp, await sign(cosignedMessage(text, time))))}`
}

function lineHolds(text: string, line: string, key: VerifierKey): boolean {
  const [, name, encoded = ''] = /^— (\S+) (\S+)$/.exec(line) ?? []
  if (name !== key.name) return false
  try {
    const bytes = unbase64(encoded)
    if (!equal(bytes.subarray(0, 4), key.id)) return false
    if (key.type === noteKeyType.ed25519)
      return bytes.length === 68 && ed25519.verify(bytes.subarray(4), utf8(text), key.publicKey)
    if (bytes.length !== 76) return false
    const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(4)
    return ed25519.verify(bytes.subarray(12), cosignedMessage(text, time), key.publicKey)
  } catch {
    return false
  }
}

/** The note's line that this key signed, or null. Lines of other keys and unknown types are ignored. */
export function signedLine(note: Note, vkey: string): string | null {
  const key = parseVerifierKey(vkey)
  return note.lines.find(line => lineHolds(note.text, line, key)) ?? null
}

/** Whether the note carries a valid signature of this key. */
export const noteHolds = (note: string, vkey: string): boolean => signedLine(parseNote(note), vkey) !== null

/** The cosignature's time (Unix seconds) in its line. */
export const cosignedAt = (line: string): bigint => {
  const bytes = unbase64(line.split(' ')[2] ?? '')
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(4)
}

/** The one line of this witness in the note, as UTF-8 bytes from `—` to the end of its base64 (crypto.md §10.9); null unless exactly one holds. */
export function cosignatureLine(note: string, vkey: string): string | null {
  const parsed = parseNote(note)
  const key = parseVerifierKey(vkey)
  if (parsed.lines.filter(line => line.startsWith(`— ${key.name} `)).length !== 1) return null
  return key.type === noteKeyType.cosignature ? signedLine(parsed, vkey) : null
}

export interface Checkpoint {
  origin: string
  size: number
  /** Lower-case hex. */
  root: string
}

/** The text of a tlog-checkpoint. */
export const checkpointText = (origin: string, size: number, root: Uint8Array): string => `${origin}\n${size}\n${base64(root)}\n`

/** Origin, size and root of a checkpoint note; throws on anything else. Says nothing about its signatures. */
export function readCheckpoint(note: string): Checkpoint {
  const [origin = '', size = '', root = '', ...rest] = parseNote(note).text.split('\n')
  const bytes = unbase64(root)
  if (!origin || !/^(0|[1-9][0-9]{0,15})$/.test(size) || bytes.length !== 32 || rest[0] !== '')
    throw new Error('checkpoint: malformed')
  return { origin, size: Number(size), root: hex(bytes) }
}

/** An Ed25519 public key from its SPKI (RFC 8410); throws on another kind. */
export function ed25519OfSpki(spki: Uint8Array): Bytes {
  const prefix = unhex('302a300506032b6570032100')
  if (spki.length !== 44 || !equal(spki.subarray(0, 12), prefix)) throw new Error('not an Ed25519 key')
  return new Uint8Array(spki.subarray(12))
}

/** The note as the log alone signed it: what time-stamps are taken over, before any witness has seen it. */
export function logSigned(note: string): string {
  const { text, lines } = parseNote(note)
  return `${text}\n${lines[0]}\n`
}
