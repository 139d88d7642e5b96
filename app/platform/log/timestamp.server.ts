import { createHash, randomBytes } from 'node:crypto'
import { checkTimeStamp } from '@/crypto/cms-verify'
import { timeStampRequest, timeStampToken, tokenOfResponse } from '@/crypto/tsp'
import type { Platform } from '../ctx'
import { platformSigner } from '../identity/platform-key.server'

/** A TSA that is slower than this costs the receipt its token, never the receipt (crypto.md §10.8). */
const limitMs = 2_000

const sha256 = (content: string | Uint8Array) => new Uint8Array(createHash('sha256').update(content).digest())

async function ask(url: string, digest: Uint8Array): Promise<Uint8Array> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query' },
    body: Buffer.from(timeStampRequest(digest, randomBytes(8))),
    signal: AbortSignal.timeout(limitMs),
  })
  if (!response.ok) throw new Error(`TSA answered ${response.status}`)
  return tokenOfResponse(new Uint8Array(await response.arrayBuffer()))
}

/** RFC 3161 token over SHA-256(content), from TSA_URL or, in the sandbox, the built-in TSA. Null if it fails or does not fit. */
export async function timestamp(platform: Platform, content: string | Uint8Array): Promise<Uint8Array | null> {
  const digest = sha256(content)
  try {
    const token = platform.config.tsaUrl ? await ask(platform.config.tsaUrl, digest) : await stampHere(platform, digest)
    return token && checkTimeStamp(token, digest) ? token : null
  } catch (error) {
    platform.logger.warn({ err: error }, 'time-stamp')
    return null
  }
}

async function stampHere(platform: Platform, digest: Uint8Array): Promise<Uint8Array | null> {
  if (!platform.config.isSandbox) return null
  const serial = randomBytes(16)
  serial[0]! &= 0x7f
  return timeStampToken({ digest, nonce: null }, new Date(), serial, await platformSigner(platform, 'tsa'))
}
