// Project Wycheproof's edge cases (tests/vectors/wycheproof, as published) against what we verify, open and derive with.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { concat, hex, unhex } from '@/crypto/bytes'
import { pkcs8OfScalar } from '@/crypto/ec-key'
import { type HmacHash, hkdfExpand, hkdfExtract, hmac } from '@/crypto/hkdf'
import { p256FromPkcs8, p256FromScalar } from '@/crypto/hpke'
import { signatureHolds } from '@/crypto/signature-node'
import { sm4Gcm } from '@/crypto/sm4gcm'
import type { Aead } from '@/crypto/suite'
import { aesGcmNode, nodeSuites } from '@/crypto/suite-node'
import { webSuites } from '@/crypto/suite-web'
import { rsaUnwrap } from '@/crypto/wrap'

type Case = Record<string, string> & { tcId: number; size: number; flags: string[] }
type Group = Record<string, string | number> & { tests: Case[]; privateKeyPkcs8: string; publicKeyDer: string }

const groupsOf = (name: string): Group[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../vectors/wycheproof', `${name}_test.json`), 'utf8')).testGroups

/** Judges every case of `groups`; each must come out as its file says. Gives how many were judged. */
async function judge(groups: Group[], judged: (group: Group, one: Case) => unknown): Promise<number> {
  let count = 0
  for (const group of groups)
    for (const one of group.tests) {
      if (one.result === 'acceptable') continue
      let came: unknown
      try {
        came = (await judged(group, one)) === false ? 'invalid' : 'valid'
      } catch {
        came = 'invalid'
      }
      expect([one.tcId, one.comment, came]).toEqual([one.tcId, one.comment, one.result])
      count++
    }
  return count
}

const bytesOf = (one: Case, ...names: string[]) => names.map(name => unhex(one[name] ?? '')) as Uint8Array[]

test('SM4-GCM: every nonce of 12 bytes seals to the same bytes and opens, every bent tag is refused', async () => {
  const groups = groupsOf('sm4_gcm').filter(group => group.ivSize === 96 && group.tagSize === 128)
  const count = await judge(groups, (_, one) => {
    const [key, iv, aad, msg, ct, tag] = bytesOf(one, 'key', 'iv', 'aad', 'msg', 'ct', 'tag')
    const aead = sm4Gcm(key!)
    const plain = new Uint8Array(msg!.length)
    aead.open(iv!, concat(ct!, tag!), plain, aad)
    const sealed = new Uint8Array(msg!.length + 16)
    aead.seal(iv!, msg!, sealed, aad)
    return hex(plain) === one.msg && hex(sealed) === `${one.ct}${one.tag}`
  })
  expect(count).toBeGreaterThan(60)
})

test('AES-GCM as the suite uses it, in Node and by WebCrypto: no associated data, 12-byte nonces', async () => {
  const groups = groupsOf('aes_gcm').filter(group => group.ivSize === 96 && group.tagSize === 128 && group.keySize !== 192)
  const makes: ((key: Uint8Array) => Aead | Promise<Aead>)[] = [aesGcmNode, key => webSuites.intl.aead(key)]
  for (const make of makes) {
    const fitting = groups.map(group => ({ ...group, tests: group.tests.filter(one => one.aad === '') }) as Group)
    const count = await judge(fitting, async (_, one) => {
      const [key, iv, msg, ct, tag] = bytesOf(one, 'key', 'iv', 'msg', 'ct', 'tag')
      const aead = await make(key!)
      const plain = new Uint8Array(msg!.length)
      await aead.open(iv!, concat(ct!, tag!), plain)
      const sealed = new Uint8Array(msg!.length + 16)
      await aead.seal(iv!, msg!, sealed)
      return hex(plain) === one.msg && hex(sealed) === `${one.ct}${one.tag}`
    })
    expect(count).toBeGreaterThan(60)
  }
})

test('HMAC with SM3', async () => {
  const count = await judge(groupsOf('hmac_sm3'), (group, one) => {
    const [key, msg] = bytesOf(one, 'key', 'msg')
    return hex(hmac(nodeSuites.gm.kdf, key!, msg!)).slice(0, Number(group.tagSize) / 4) === one.tag
  })
  expect(count).toBe(174)
})

test('HKDF with SHA-512 (chunked encryption) and SHA-256 (HPKE)', async () => {
  const sha256: HmacHash = { hash: nodeSuites.intl.hash, blockBytes: 64, outputBytes: 32 }
  const kdfs: [string, HmacHash][] = [
    ['hkdf_sha256', sha256],
    ['hkdf_sha512', nodeSuites.intl.kdf],
  ]
  for (const [name, kdf] of kdfs) {
    const count = await judge(groupsOf(name), (_, one) => {
      const [ikm, salt, info] = bytesOf(one, 'ikm', 'salt', 'info')
      return hex(hkdfExpand(kdf, hkdfExtract(kdf, salt!, ikm!), info!, one.size)) === one.okm
    })
    expect(count).toBeGreaterThan(80)
  }
})

test('ECDSA P-256 and RSA PKCS#1 v1.5 signatures', async () => {
  for (const [name, least] of [
    ['ecdsa_secp256r1_sha256', 480],
    ['rsa_signature_2048_sha256', 250],
  ] as const) {
    const count = await judge(groupsOf(name), (group, one) => {
      const [msg, sig] = bytesOf(one, 'msg', 'sig')
      return signatureHolds(unhex(group.publicKeyDer), msg!, sig!)
    })
    expect(count).toBeGreaterThan(least)
  }
})

test('RSA-OAEP with SHA-256: those without a label, the only ones a wrap may have', async () => {
  const groups = groupsOf('rsa_oaep_2048_sha256_mgf1sha256')
  const count = await judge(
    groups.map(group => ({ ...group, tests: group.tests.filter(one => one.label === '') }) as Group),
    async (group, one) => {
      const key = await rsaUnwrap('', unhex(group.privateKeyPkcs8))
      return hex(await key.open({ ct: unhex(one.ct ?? ''), enc: new Uint8Array() })) === one.msg
    },
  )
  expect(count).toBeGreaterThan(25)
})

test('ECDH P-256, in plain JavaScript and by WebCrypto: points off the curve are refused', async () => {
  const scalarOf = (text: string) => unhex(text.slice(-64).padStart(64, '0'))
  // HPKE takes uncompressed points alone.
  const groups = groupsOf('ecdh_secp256r1_ecpoint')
  const fitting = groups.map(group => ({ ...group, tests: group.tests.filter(one => /^04/.test(one.public ?? '')) }) as Group)
  const makes = [
    async (secret: Uint8Array) => p256FromScalar(secret),
    async (secret: Uint8Array) => p256FromPkcs8(pkcs8OfScalar('P-256', secret, p256FromScalar(secret).point)),
  ]
  for (const make of makes) {
    const count = await judge(fitting, async (_, one) => {
      const key = await make(scalarOf(one.private ?? ''))
      return hex(await key.agree(unhex(one.public ?? ''))) === one.shared
    })
    expect(count).toBeGreaterThan(300)
  }
})
