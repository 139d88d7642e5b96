import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { hex, unhex, utf8 } from '@/crypto/bytes'
import { pointOfSpki } from '@/crypto/ec-key'
import { hpkeOpen, hpkeSeal, p256FromPkcs8, p256FromScalar } from '@/crypto/hpke'
import { nodeRandom } from '@/crypto/suite-node'
import vector from '../vectors/hpke/a31.json'

const aes128 = { aead: 1, aad: unhex(vector.aad) } as const
const info = unhex(vector.info)

test('the message of RFC 9180 A.3.1 opens', async () => {
  const plain = await hpkeOpen(p256FromScalar(unhex(vector.skR)), info, { enc: unhex(vector.enc), ct: unhex(vector.ct) }, aes128)
  expect(hex(plain)).toBe(vector.plain)
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
