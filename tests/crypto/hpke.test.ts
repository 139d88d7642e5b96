import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { hex, unhex, utf8 } from '@/crypto/bytes'
import { pointOfSpki } from '@/crypto/ec-key'
import { hpkeOpen, hpkeSeal, p256FromPkcs8, p256FromScalar } from '@/crypto/hpke'
import { nodeRandom } from '@/crypto/suite-node'
import x25519Vector from '../vectors/hpke/a11.json'
import vector from '../vectors/hpke/a31.json'

const aes128 = { aead: 1, aad: unhex(vector.aad) } as const
const info = unhex(vector.info)

test('the message of RFC 9180 A.3.1 opens', async () => {
  const plain = await hpkeOpen(p256FromScalar(unhex(vector.skR)), info, { enc: unhex(vector.enc), ct: unhex(vector.ct) }, aes128)
  expect(hex(plain)).toBe(vector.plain)
})

/** An X25519 key by Node's own hand (RFC 8410): the KEM that we do not use, under the key schedule that we do. */
function x25519Key(secret: Uint8Array) {
  const der = (prefix: string, bytes: Uint8Array) => Buffer.concat([Buffer.from(prefix, 'hex'), bytes])
  const key = createPrivateKey({ key: der('302e020100300506032b656e04220420', secret), format: 'der', type: 'pkcs8' })
  const publicOf = (bytes: Uint8Array) =>
    createPublicKey({ key: der('302a300506032b656e032100', bytes), format: 'der', type: 'spki' })
  const point = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(12)
  const agree = async (other: Uint8Array) => new Uint8Array(diffieHellman({ privateKey: key, publicKey: publicOf(other) }))
  return { point: new Uint8Array(point), agree }
}

test('the message of RFC 9180 A.1.1 (X25519) opens under the same key schedule, and under no other id', async () => {
  const key = x25519Key(unhex(x25519Vector.skR))
  expect(hex(key.point)).toBe(x25519Vector.pkR)
  const message = { enc: unhex(x25519Vector.enc), ct: unhex(x25519Vector.ct) }
  const plain = await hpkeOpen(key, unhex(x25519Vector.info), message, { ...aes128, kem: 0x20 })
  expect(hex(plain)).toBe(x25519Vector.plain)
  await expect(hpkeOpen(key, unhex(x25519Vector.info), message, aes128)).rejects.toThrow('malformed enc')
  await expect(hpkeOpen(key, unhex(x25519Vector.info), message, { aad: aes128.aad, kem: 0x20 })).rejects.toThrow()
})

test('sealing with the RFC’s ephemeral randomness gives the RFC’s bytes', async () => {
  const recipient = p256FromScalar(unhex(vector.skR)).point
  const { enc, ct } = await hpkeSeal(recipient, info, unhex(vector.plain), () => unhex(vector.ikmE), aes128)
  expect([hex(enc), hex(ct)]).toEqual([vector.enc, vector.ct])
})

test('WebCrypto’s keys and plain scalars open the same messages; other keys, infos and bent bytes do not', async () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const point = pointOfSpki(new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' })))!.point
  const key = await p256FromPkcs8(new Uint8Array(pair.privateKey.export({ format: 'der', type: 'pkcs8' })))
  expect(hex(key.point)).toBe(hex(point))
  const sealed = await hpkeSeal(point, info, utf8('部分密钥'), nodeRandom)
  expect(await hpkeOpen(key, info, sealed)).toEqual(utf8('部分密钥'))
  const other = p256FromScalar(unhex(vector.skR))
  await expect(hpkeOpen(other, info, sealed)).rejects.toThrow()
  await expect(hpkeOpen(key, utf8('x'), sealed)).rejects.toThrow()
  for (const bend of [
    { ...sealed, ct: sealed.ct.map((b, i) => (i ? b : b ^ 1)) },
    { ...sealed, enc: sealed.enc.map((b, i) => (i === 64 ? b ^ 1 : b)) },
  ])
    await expect(hpkeOpen(key, info, bend)).rejects.toThrow()
  await expect(
    hpkeSeal(
      point.map((b, i) => (i === 64 ? b ^ 1 : b)),
      info,
      utf8('x'),
      nodeRandom,
    ),
  ).rejects.toThrow()
})
