import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, equal, unhex } from '@/crypto/bytes'
import { bodySize, chunkOpener, chunkSealer, plainSize } from '@/crypto/chunked'
import type { ChunkedInstance } from '@/crypto/suite'
import { aesGcmNode, nodeSuites } from '@/crypto/suite-node'
import { webSuites } from '@/crypto/suite-web'

interface Vector {
  tcId: number
  comment: string
  key: string
  ctx: string
  ct: string
  msgLength: number
  msgSha512: string
  result: string
}
const read = (name: string): Vector[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../vectors/chunked-encryption', name), 'utf8')).testGroups.flatMap(
    (group: { tests: Vector[] }) => group.tests,
  )
const cobblestone128: ChunkedInstance = { aeadName: 'AEAD_AES_128_GCM', keyBytes: 16, kdf: nodeSuites.intl.kdf, aead: aesGcmNode }

async function open(instance: ChunkedInstance, key: Uint8Array, body: Uint8Array, context: Uint8Array, step = 100_003) {
  const opener = await chunkOpener(instance, key, body.subarray(0, 56), context)
  if (!opener) throw new Error('commitment')
  const out = []
  for (let at = 56; at < body.length; at += step) out.push(...(await opener.push(body.subarray(at, at + step))))
  return concat(...out, ...(await opener.finish()))
}

async function seal(
  instance: ChunkedInstance,
  key: Uint8Array,
  salt: Uint8Array,
  context: Uint8Array,
  plain: Uint8Array,
  step = 70_001,
) {
  const sealer = await chunkSealer(instance, key, salt, context)
  const out = [sealer.head]
  for (let at = 0; at < plain.length; at += step) out.push(...(await sealer.push(plain.subarray(at, at + step))))
  return concat(...out, ...(await sealer.finish()))
}

describe.each([
  ['vectors_aes_256_gcm.json', 'node', nodeSuites.intl as ChunkedInstance],
  ['vectors_aes_256_gcm.json', 'web', webSuites.intl as ChunkedInstance],
  ['vectors_aes_128_gcm.json', 'node', cobblestone128],
])('%s on %s', (file, _, instance) => {
  const all = read(file)
  test('holds 35 vectors', () => expect(all.length).toBe(35))
  test.each(all)('$tcId $comment', async vector => {
    const body = new Uint8Array(inflateSync(Buffer.from(vector.ct, 'hex')))
    const [key, context] = [unhex(vector.key), unhex(vector.ctx)]
    if (vector.result !== 'valid') return expect(open(instance, key, body, context)).rejects.toThrow()
    const plain = await open(instance, key, body, context)
    expect(plain.length).toBe(vector.msgLength)
    expect(hash('sha512', plain)).toBe(vector.msgSha512)
    expect(equal(await seal(instance, key, body.subarray(0, 24), context, plain), body)).toBe(true)
    expect([bodySize(plain.length), plainSize(body.length)]).toEqual([body.length, plain.length])
  })
})

const salt = new Uint8Array(24).map((_, at) => at)
const context = new Uint8Array(32).fill(9)

describe.each([
  ['intl', nodeSuites.intl, webSuites.intl],
  ['gm', nodeSuites.gm, webSuites.gm],
])('%s', (_, node, web) => {
  const key = new Uint8Array(node.keyBytes).fill(7)

  test('server and browser write the same bytes and open each other’s, at every size around a chunk and a run', async () => {
    for (const size of [0, 1, 15, 16, 17, 16_383, 16_384, 16_385, 32_768, 1_048_575, 1_048_576, 1_048_577, 1_100_000]) {
      const plain = new Uint8Array(size).map((_, at) => at * 31)
      const body = await seal(node, key, salt, context, plain)
      expect(equal(await seal(web, key, salt, context, plain, 16_384), body), String(size)).toBe(true)
      expect(equal(await open(web, key, body, context), plain), String(size)).toBe(true)
      expect(body.length).toBe(bodySize(size))
    }
  })

  test('another key, salt or context is told from the right one before anything is decrypted', async () => {
    const body = await seal(node, key, salt, context, new Uint8Array(100))
    const wrong = new Uint8Array(node.keyBytes).fill(8)
    expect(await chunkOpener(node, wrong, body.subarray(0, 56), context)).toBeNull()
    expect(await chunkOpener(node, key, body.subarray(0, 56), new Uint8Array(32))).toBeNull()
    await expect(chunkOpener(node, key.subarray(1), body.subarray(0, 56), context)).rejects.toThrow()
  })

  test('any flipped bit and any truncation fails', async () => {
    const plain = new Uint8Array(33_000).fill(5)
    const body = await seal(node, key, salt, context, plain)
    await fc.assert(
      fc.asyncProperty(fc.nat(body.length - 1), fc.nat(7), async (at, bit) => {
        const bent = body.slice()
        bent[at] = bent[at]! ^ (1 << bit)
        await expect(open(node, key, bent, context)).rejects.toThrow()
        await expect(open(node, key, body.subarray(0, at), context)).rejects.toThrow()
      }),
      { numRuns: 60 },
    )
  })
})
