// A party's own keys: made here, certified by the demo CA, kept in a .p12 that no server sees.
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { base64, hex, unbase64, utf8 } from '../../crypto/bytes'
import { type Signer, signDetached } from '../../crypto/cms'
import { p256FromPkcs8 } from '../../crypto/hpke'
import { type KeyEntry, normalKey, readP12, writeP12 } from '../../crypto/p12'
import { signerOfPkcs8 } from '../../crypto/signature-node'
import { nodeSuites } from '../../crypto/suite-node'
import { hpkeUnwrap, type Recipient, type UnwrapKey } from '../../crypto/wrap'
import { parseCertificate } from '../../crypto/x509'
import type { Api } from './api'

export interface KeyPair {
  pkcs8: Uint8Array
  spki: Uint8Array
  certificate: Uint8Array
  chain: Uint8Array[]
  /** SHA-256 of the certificate's DER. */
  fingerprint: string
}

export interface Keys {
  sign: KeyPair
  encrypt: KeyPair
}

/** Password of the demo accounts and of their .p12 files. */
export const demoPassword = 'demo-2026'

const sha256 = (bytes: Uint8Array): string => hex(nodeSuites.intl.hash(bytes))

/** Name of a key in headers: SHA-256 of its SPKI (crypto.md §10.13). */
export const kidOf = sha256

/** A fresh P-256 key pair as PKCS#8 and SPKI. */
export function freshPair(): Pick<KeyPair, 'pkcs8' | 'spki'> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const [pkcs8, spki] = [privateKey.export({ type: 'pkcs8', format: 'der' }), publicKey.export({ type: 'spki', format: 'der' })]
  return { pkcs8: new Uint8Array(pkcs8), spki: new Uint8Array(spki) }
}

async function certified(api: Api, use: 'sign' | 'encrypt'): Promise<KeyPair> {
  const pair = freshPair()
  const wanted = { use, suite: 'intl', algorithm: 'p256', spki: base64(pair.spki) }
  const issued = await api.post<{ certificate: string; chain: string[] }>('/sandbox/certificates', wanted)
  const certificate = unbase64(issued.certificate)
  return { ...pair, certificate, chain: issued.chain.map(unbase64), fingerprint: sha256(certificate) }
}

/** Fresh keys for signing and encryption, certified for the actor by the sandbox's demo CA. */
export async function certifiedKeys(api: Api): Promise<Keys> {
  return { sign: await certified(api, 'sign'), encrypt: await certified(api, 'encrypt') }
}

const pairOf = (entry: KeyEntry): KeyPair => ({
  pkcs8: normalKey(entry),
  spki: entry.certificate.spki,
  certificate: entry.certificate.der,
  chain: entry.chain.map(c => c.der),
  fingerprint: sha256(entry.certificate.der),
})

/** Reads the party's .p12. Throws on a wrong password, damage, or when one of the two keys is missing. */
export function openKeys(file: string, password: string): Keys {
  const entries = readP12(new Uint8Array(readFileSync(file)), password)
  const sign = entries.find(({ certificate }) => certificate.usages?.includes('digitalSignature'))
  const encrypt = entries.find(entry => entry !== sign)
  if (!sign || !encrypt) throw new Error(`${file}: it should hold a signing and an encryption key`)
  return { sign: pairOf(sign), encrypt: pairOf(encrypt) }
}

/** Writes the .p12 whole or not at all, readable by its owner only. */
export function saveKeys(file: string, keys: Keys, password: string): void {
  const draft = `${file}.new`
  writeFileSync(draft, writeP12([keys.sign, keys.encrypt], password), { mode: 0o600 })
  renameSync(draft, file)
}

/** The keys in FOLDER/LOGIN.p12; made and certified at first use. */
export async function keysFor(api: Api, folder: string, login: string): Promise<Keys> {
  const file = join(folder, `${login}.p12`)
  if (existsSync(file)) return openKeys(file, demoPassword)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const keys = await certifiedKeys(api)
  saveKeys(file, keys, demoPassword)
  return keys
}

/** The signing half as crypto/cms.ts wants it. */
export const signerOf = ({ sign }: Keys): Signer => ({
  certificate: parseCertificate(sign.certificate),
  chain: sign.chain.map(parseCertificate),
  sign: signerOfPkcs8('p256', sign.pkcs8),
})

/** A detached CMS over the text's UTF-8, in base64. */
export const signText = async (keys: Keys, text: string): Promise<string> =>
  base64(await signDetached(utf8(text), signerOf(keys)))

/** Opens what was wrapped to a P-256 key under this name. */
export const unwrapWith = async (kid: string, pkcs8: Uint8Array): Promise<UnwrapKey> =>
  hpkeUnwrap(kid, await p256FromPkcs8(pkcs8))

/** Opens what was wrapped to the party's encryption certificate. */
export const ownUnwrap = ({ encrypt }: Keys): Promise<UnwrapKey> => unwrapWith(encrypt.fingerprint, encrypt.pkcs8)

/** The party itself as a recipient. */
export const selfOf = ({ encrypt }: Keys): Recipient => ({ alg: 'HPKE-P256', kid: encrypt.fingerprint, spki: encrypt.spki })
