// What a draw needs of a checkpoint note: size, root, and the two signature lines (C2SP signed-note, tlog-checkpoint, tlog-cosignature).
import { createPublicKey, hash, verify } from 'node:crypto'

export type Checkpoint = { body: string; size: number; root: Uint8Array; lines: string[] }

const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')
const [logType, cosignatureType] = [0x01, 0x04]

/** Reads a checkpoint note; proves no signature. Throws when it is not one. */
export function readCheckpointNote(note: string): Checkpoint {
  const match = /^(\S[^\n]*\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n)\n((?:— \S+ [A-Za-z0-9+/]+={0,2}\n)+)$/.exec(note)
  if (!match) throw new Error('not a checkpoint note')
  const [, body = '', size, root = '', lines = ''] = match
  return { body, size: Number(size), root: Buffer.from(root, 'base64'), lines: lines.trimEnd().split('\n') }
}

function readKey(vkey: string, type: number) {
  const [, name = '', id = '', encoded = ''] = /^(\S+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(vkey) ?? []
  const bytes = Buffer.from(encoded, 'base64')
  const keyId = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), bytes]), 'buffer').subarray(0, 4)
  if (bytes[0] !== type || keyId.toString('hex') !== id) return null
  const key = createPublicKey({ key: Buffer.concat([spkiPrefix, bytes.subarray(1)]), format: 'der', type: 'spki' })
  return { name, keyId, key }
}

/** Signature bytes after the key id, of each line that this key could have written. */
function* signaturesOf(at: Checkpoint, key: { name: string; keyId: Buffer }): Generator<{ line: string; bytes: Buffer }> {
  for (const line of at.lines) {
    const [, name, encoded] = line.split(' ')
    const bytes = Buffer.from(encoded ?? '', 'base64')
    if (name === key.name && bytes.subarray(0, 4).equals(key.keyId)) yield { line, bytes: bytes.subarray(4) }
  }
}

/** Whether the log's key (vkey, type 0x01) signed this checkpoint. */
export function isSignedByLog(at: Checkpoint, vkey: string): boolean {
  const key = readKey(vkey, logType)
  if (!key) return false
  return [...signaturesOf(at, key)].some(({ bytes }) => verify(null, Buffer.from(at.body), key.key, bytes))
}

/** The cosignature line of this witness (vkey, type 0x04); null unless there is exactly one and it holds (crypto.md §10.9). */
export function cosignatureBy(at: Checkpoint, vkey: string): string | null {
  const key = readKey(vkey, cosignatureType)
  const [found, second] = key ? [...signaturesOf(at, key)] : []
  if (!key || !found || second || found.bytes.length !== 72) return null
  const signed = `cosignature/v1\ntime ${found.bytes.readBigUInt64BE(0)}\n${at.body}`
  return verify(null, Buffer.from(signed), key.key, found.bytes.subarray(8)) ? found.line : null
}
