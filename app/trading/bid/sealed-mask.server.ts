import { createCipheriv, hkdfSync } from 'node:crypto'
import type { Platform } from '~/platform/ctx'

/**
 * The header of a sealed file names lot, certificate and custodians' keys in clear: its key is bound to them (crypto.md §10.4). At rest
 * that would link lots to bidders (§10.2), so the start of every upload lies under a key of the server. The largest header (four RSA-4096
 * wraps, nine shares, names of 128 characters) has less than 12 KiB; what follows is ciphertext by itself.
 */
export const maskedBytes = 16_384

const keys = new WeakMap<Platform['vault'], Uint8Array>()

function keyOf({ vault }: Pick<Platform, 'vault'>): Uint8Array {
  const known = keys.get(vault)
  if (known) return known
  const key = new Uint8Array(hkdfSync('sha256', vault.secret('uploads'), '', 'sealed file at rest', 32))
  keys.set(vault, key)
  return key
}

/** The counter block an upload starts with: its id, which is random and used once. */
const startOf = (uploadId: string) => Buffer.from(uploadId.replaceAll('-', ''), 'hex')

const cipherOf = (platform: Pick<Platform, 'vault'>, uploadId: string) =>
  createCipheriv('aes-256-ctr', keyOf(platform), startOf(uploadId))

/** Masks or unmasks a whole upload, or its start, where it lies. */
export function maskInPlace(platform: Pick<Platform, 'vault'>, uploadId: string, bytes: Uint8Array): void {
  bytes.set(cipherOf(platform, uploadId).update(bytes.subarray(0, maskedBytes)))
}

/**
 * Masks or unmasks (it is the same) bytes that stand at `at` in an upload, by AES-256-CTR; those beyond the masked start come back
 * as they are.
 */
export function maskAt(platform: Pick<Platform, 'vault'>, uploadId: string, at: number, bytes: Uint8Array): Uint8Array {
  const length = Math.min(bytes.length, maskedBytes - at)
  if (length <= 0) return bytes
  const cipher = cipherOf(platform, uploadId)
  if (at > 0) cipher.update(Buffer.alloc(at))
  const masked = cipher.update(bytes.subarray(0, length))
  return length === bytes.length ? new Uint8Array(masked) : new Uint8Array(Buffer.concat([masked, bytes.subarray(length)]))
}

/** A stream of an upload's bytes from `at` on, masked or unmasked as they go. */
export async function* maskFrom(
  platform: Pick<Platform, 'vault'>,
  uploadId: string,
  at: number,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let place = at
  for await (const piece of pieces) {
    yield place < maskedBytes ? maskAt(platform, uploadId, place, piece) : piece
    place += piece.length
  }
}
