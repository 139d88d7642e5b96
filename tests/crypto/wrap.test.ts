import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { hex, unbase64 } from '@/crypto/bytes'
import { sealStage } from '@/crypto/seal'
import { nodeRandom, nodeSuites } from '@/crypto/suite-node'
import { bindingHash, rsaUnwrap, unwrapSecret, wrapSecret } from '@/crypto/wrap'
import { bind, stageOf } from './sealing'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const spki = new Uint8Array(rsa.publicKey.export({ format: 'der', type: 'spki' }))
const pkcs8 = new Uint8Array(rsa.privateKey.export({ format: 'der', type: 'pkcs8' }))
const kid = 'ab'.repeat(32)
const binding = bindingHash(nodeSuites.intl, bind, 'b')

test('RSA-OAEP with SHA-256 carries a bidder’s part, and OpenSSL reads it', async () => {
  const secret = nodeRandom(32)
  const wrap = await wrapSecret({ alg: 'RSA-OAEP-256', kid, spki }, secret, binding, nodeRandom)
  const key = await rsaUnwrap(kid, pkcs8)
  expect(hex((await unwrapSecret(key, wrap, binding))!)).toBe(hex(secret))
  const { privateDecrypt } = await import('node:crypto')
  const plain = privateDecrypt({ key: rsa.privateKey, oaepHash: 'sha256' }, unbase64(wrap.ct))
  expect(plain.toString('hex')).toBe(hex(secret) + hex(binding))
  await expect(unwrapSecret(key, { ...wrap, ct: wrap.ct.replace(/^./, c => (c === 'A' ? 'B' : 'A')) }, binding)).rejects.toThrow()
})

test('an RSA key may hold the bidder’s part in intl, never a custodian’s', async () => {
  const stage = stageOf('intl', 'both', nodeRandom)
  const recipient = { alg: 'RSA-OAEP-256' as const, kid, spki }
  await expect(sealStage({ ...stage, bidderKeys: [recipient] })).resolves.toBeDefined()
  await expect(sealStage({ ...stage, lotKeys: [recipient, ...stage.lotKeys.slice(1)] })).rejects.toThrow()
})
