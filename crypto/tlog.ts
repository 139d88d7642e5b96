// Salted leaves of the platform's log (crypto.md §10.3), and their proofs in the C2SP tlog-proof form.
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, base64, concat, hex, unbase64, unhex } from './bytes.ts'
import { canonicalBytes, type Json } from './jcs.ts'
import { type HashFunction, verifyInclusion } from './merkle.ts'
import { readCheckpoint } from './note.ts'

const ledgerPrefix = 'tbid/ledger@1\0'

/** leaf = SHA-256(0x00 ‖ `tbid/ledger@1\0` ‖ salt32 ‖ SHA-256(JCS(payload))). Throws unless the salt has 32 bytes. `hash` is SHA-256, in plain JavaScript unless a faster one is given. */
export function ledgerLeaf(salt: Uint8Array, payload: Record<string, Json>, hash: HashFunction = sha256): Bytes {
  if (salt.length !== 32) throw new Error('ledger: the salt has 32 bytes')
  return new Uint8Array(hash(concat(Uint8Array.of(0), ledgerPrefix, salt, hash(canonicalBytes(payload)))))
}

export interface TlogProof {
  index: number
  proof: Bytes[]
  /** The checkpoint note. */
  checkpoint: string
}

const header = 'c2sp.org/tlog-proof@v1'

/** The text form: header, index, one hash a line, an empty line, the checkpoint. */
export function formatTlogProof({
  index,
  proof,
  checkpoint,
}: {
  index: number
  proof: Uint8Array[]
  checkpoint: string
}): string {
  return [header, `index ${index}`, ...proof.map(base64), '', checkpoint].join('\n')
}

/** Reads the text form; throws on anything else. */
export function parseTlogProof(text: string): TlogProof {
  const at = text.indexOf('\n\n')
  const [first, second = '', ...hashes] = text.slice(0, at).split('\n')
  const [, index] = /^index (0|[1-9][0-9]{0,15})$/.exec(second) ?? []
  if (at < 0 || first !== header || index === undefined || hashes.length > 64) throw new Error('tlog-proof: malformed')
  const proof = hashes.map(unbase64)
  if (proof.some(h => h.length !== 32)) throw new Error('tlog-proof: malformed')
  return { index: Number(index), proof, checkpoint: text.slice(at + 2) }
}

/** Whether the proof leads from the leaf to its checkpoint's root. Says nothing about who signed the checkpoint. */
export function tlogProofHolds(leaf: Uint8Array, { index, proof, checkpoint }: TlogProof): boolean {
  const { size, root } = readCheckpoint(checkpoint)
  return verifyInclusion({ index, size, leaf, proof, root: unhex(root) })
}

/** An entry with all that proves it: what `lot.close`, receipts and transcripts carry. */
export interface ProvenPayload {
  payload: Record<string, Json>
  /** Hex. */
  salt: string
  proof: string
}

/** Whether a payload with this salt is the leaf its proof speaks of. */
export function payloadHolds({ payload, salt, proof }: ProvenPayload): boolean {
  return tlogProofHolds(ledgerLeaf(unhex(salt), payload), parseTlogProof(proof))
}

/** Leaf in lower-case hex, as lot.close lists it. */
export const leafHex = (salt: string, payload: Record<string, Json>): string => hex(ledgerLeaf(unhex(salt), payload))
