import { createDecipheriv, randomBytes } from 'node:crypto'
import { bodyHeadBytes, chunkBytes, chunkOpener, chunkSealer } from '@/crypto/chunked'
import type { Suite } from '@/crypto/suite'
import { nodeSuites } from '@/crypto/suite-node'
import { webSuites } from '@/crypto/suite-web'
import { type Figure, inTurns, timed } from './figure'
import { inChromium } from './seal-chromium'
import { benchLargeFile } from './seal-file'
import { onThePage } from './seal-page'

const mebibyte = 2 ** 20
const context = new Uint8Array(32)

interface Case {
  name: string
  suite: Suite
  bytes: number
}

async function sealed(suite: Suite, key: Uint8Array, plain: Uint8Array): Promise<{ head: Uint8Array; parts: Uint8Array[] }> {
  const sealer = await chunkSealer(suite, key, new Uint8Array(randomBytes(24)), context)
  return { head: sealer.head, parts: [...(await sealer.push(plain)), ...(await sealer.finish())] }
}

async function open(suite: Suite, key: Uint8Array, head: Uint8Array, parts: Uint8Array[]): Promise<void> {
  const opener = await chunkOpener(suite, key, head, context)
  if (!opener) throw new Error('wrong key')
  for (const part of parts) await opener.push(part)
  await opener.finish()
}

/** OpenSSL and nothing else: the same chunks through node:crypto, the plaintext thrown away. */
function bareNative(key: Uint8Array, parts: Uint8Array[]): void {
  const nonce = new Uint8Array(12)
  for (const part of parts) {
    for (let at = 0; at < part.length; at += chunkBytes + 16) {
      const end = Math.min(at + chunkBytes + 16, part.length)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 })
      decipher.setAuthTag(part.subarray(end - 16, end))
      decipher.update(part.subarray(at, end - 16))
      decipher.final()
    }
  }
}

/** The bare AEAD over the same bytes in the same 16 KiB chunks: no derivation, no commitment, no stream. */
async function bareOpen(suite: Suite, key: Uint8Array, parts: Uint8Array[]): Promise<void> {
  if (suite === nodeSuites.intl) return bareNative(key, parts)
  const aead = await suite.aead(key)
  const nonce = new Uint8Array(12)
  const out = new Uint8Array(chunkBytes)
  for (const part of parts) {
    for (let at = 0; at < part.length; at += chunkBytes + 16) {
      const chunk = part.subarray(at, at + chunkBytes + 16)
      await aead.open(nonce, chunk, out.subarray(0, chunk.length - 16))
    }
  }
}

/** What bareOpen can open: the same plaintext sealed chunk by chunk under one nonce (a measurement, never a format). */
async function bareSealed(suite: Suite, key: Uint8Array, plain: Uint8Array): Promise<Uint8Array[]> {
  const aead = await suite.aead(key)
  const out: Uint8Array[] = []
  for (let at = 0; at < plain.length; at += mebibyte) {
    const run = new Uint8Array((mebibyte / chunkBytes) * (chunkBytes + 16))
    for (let i = 0; i < mebibyte / chunkBytes; i++) {
      const chunk = plain.subarray(at + i * chunkBytes, at + (i + 1) * chunkBytes)
      await aead.seal(new Uint8Array(12), chunk, run.subarray(i * (chunkBytes + 16), (i + 1) * (chunkBytes + 16)))
    }
    out.push(run)
  }
  return out
}

async function opening({ name, suite, bytes }: Case): Promise<Figure> {
  const key = new Uint8Array(randomBytes(suite.keyBytes))
  const plain = new Uint8Array(randomBytes(bytes))
  const { head, parts } = await sealed(suite, key, plain)
  if (head.length !== bodyHeadBytes) throw new Error('head')
  const bare = await bareSealed(suite, key, plain)
  const [ours, floor] = await inTurns(
    5,
    () => open(suite, key, head, parts),
    () => bareOpen(suite, key, bare),
  )
  const perGigabyte = 2 ** 30 / bytes
  return timed('seal', name, 'ms per GiB', ours * perGigabyte, { floor: floor * perGigabyte })
}

/** Sealing in Chromium and opening on the server beside the bare AEAD of the same library at the same chunk size. */
export async function* benchSeal(): AsyncIterable<Figure> {
  yield await opening({ name: 'server opens intl', suite: nodeSuites.intl, bytes: 128 * mebibyte })
  yield await opening({ name: 'server opens gm', suite: nodeSuites.gm, bytes: 32 * mebibyte })
  yield await opening({ name: 'gm in plain JavaScript', suite: webSuites.gm, bytes: 16 * mebibyte })
  yield* benchLargeFile()
  yield* inChromium()
  yield* onThePage()
}
