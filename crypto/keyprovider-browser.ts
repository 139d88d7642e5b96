// Keys that WebCrypto holds and never lets out, as a provider: RSA and P-256. WebCrypto has no SM2, so the gm suite needs another provider.
import type { KeyKind } from './algorithm.ts'
import { type Bytes, plainBytes } from './bytes.ts'
import { ecdsaDer, type Signer } from './cms.ts'
import { pointOfSpki } from './ec-key.ts'
import { p256FromCryptoKey } from './hpke.ts'
import { entryFor, type HeldCertificate, KeyError, type KeyProvider, type KeyUse, usesOf } from './keyprovider.ts'
import { webSignature } from './signature-web.ts'
import { hpkeUnwrap, rsaUnwrapBy, type UnwrapKey } from './wrap.ts'
import { parseCertificate } from './x509.ts'

/** A key with its certificate, as a browser keeps it. WebCrypto ties a key to one algorithm, so each has one use. */
export interface BrowserKey {
  use: KeyUse
  /** DER. */
  certificate: Uint8Array
  chain: Uint8Array[]
  key: CryptoKey
}

type WebKind = 'rsa' | 'p256'
const kinds: readonly WebKind[] = ['p256', 'rsa']
const isWebKind = (kind: KeyKind): kind is WebKind => kind !== 'sm2'

const oaep = { name: 'RSA-OAEP', hash: 'SHA-256' }
const modulus = { modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }
const algorithms: Record<WebKind, Record<KeyUse, RsaHashedKeyGenParams | EcKeyGenParams>> = {
  rsa: { sign: { ...webSignature.rsa, ...modulus } as RsaHashedKeyGenParams, encrypt: { ...oaep, ...modulus } },
  p256: { sign: { name: 'ECDSA', namedCurve: 'P-256' }, encrypt: { name: 'ECDH', namedCurve: 'P-256' } },
}
const keyUses: Record<WebKind, Record<KeyUse, KeyUsage[]>> = {
  rsa: { sign: ['sign', 'verify'], encrypt: ['encrypt', 'decrypt'] },
  p256: { sign: ['sign', 'verify'], encrypt: ['deriveBits'] },
}

/** Makes a key that cannot be exported, and its SPKI for the certificate. Throws KeyError: unsupported for SM2, insecure without WebCrypto. */
export async function makeBrowserKey(kind: KeyKind, use: KeyUse): Promise<{ key: CryptoKey; spki: Bytes }> {
  if (!isWebKind(kind)) throw new KeyError('unsupported')
  if (!globalThis.crypto?.subtle) throw new KeyError('insecure')
  const pair = (await crypto.subtle.generateKey(algorithms[kind][use], false, keyUses[kind][use])) as CryptoKeyPair
  return { key: pair.privateKey, spki: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)) }
}

/** The keys a browser keeps. Throws KeyError: no-browser-key when there is none. */
export function browserProvider(kept: BrowserKey[]): KeyProvider {
  if (!globalThis.crypto?.subtle) throw new KeyError('insecure')
  if (kept.length === 0) throw new KeyError('no-browser-key')
  let keys = kept.map(one => ({ key: one.key, ...heldOf(one) }))
  return {
    source: 'browser',
    can: { sign: kinds, unwrap: kinds },
    certificates: async () => keys.map(({ key: _, ...held }) => held),
    signer: async held => signerOf(entryFor(keys, held, 'sign')),
    unwrapper: async held => unwrapperOf(entryFor(keys, held, 'encrypt')),
    close: () => {
      keys = []
    },
  }
}

type HeldKey = HeldCertificate & { key: CryptoKey }

function heldOf({ use, certificate: der, chain }: BrowserKey): HeldCertificate {
  const certificate = parseCertificate(der)
  return { certificate, chain: chain.map(parseCertificate), uses: usesOf(certificate).filter(one => one === use) }
}

function signerOf({ certificate, chain, key }: HeldKey): Signer {
  const how = certificate.key === 'rsa' ? webSignature.rsa.name : { name: 'ECDSA', hash: 'SHA-256' }
  const raw = async (message: Uint8Array) => new Uint8Array(await crypto.subtle.sign(how, key, plainBytes(message)))
  return { certificate, chain, sign: certificate.key === 'rsa' ? raw : async message => ecdsaDer(await raw(message)) }
}

function unwrapperOf({ certificate, key }: HeldKey): UnwrapKey {
  const { fingerprint, spki } = certificate
  if (certificate.key === 'rsa') return rsaUnwrapBy(fingerprint, key)
  return hpkeUnwrap(fingerprint, p256FromCryptoKey(key, pointOfSpki(spki)!.point))
}
