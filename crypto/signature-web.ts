// Signing with a .p12's key in the browser: WebCrypto for RSA and P-256, plain JavaScript for SM2. Runs under Node as well.
import { ecdsaDer, type Signer } from './cms.ts'
import { scalarOfPkcs8 } from './ec-key.ts'
import { p256FromPkcs8 } from './hpke.ts'
import { type KeyEntry, normalKey } from './p12.ts'
import { sm2Sign } from './sm2.ts'
import { webRandom } from './suite-web.ts'
import { hpkeUnwrap, type Recipient, rsaUnwrap, sm2Unwrap, type UnwrapKey, type WrapAlg } from './wrap.ts'

/** How WebCrypto names the signing algorithms. */
export const webSignature: Record<'rsa' | 'p256', RsaHashedImportParams | EcKeyImportParams> = {
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  p256: { name: 'ECDSA', namedCurve: 'P-256' },
}

/** What signs CMS with this entry's key; the key itself stays in WebCrypto where WebCrypto knows its kind. */
export async function webSigner(entry: KeyEntry): Promise<Signer> {
  const { certificate, chain, kind } = entry
  const pkcs8 = normalKey(entry)
  if (kind === 'sm2') {
    const { secret } = scalarOfPkcs8(pkcs8)
    return { certificate, chain, sign: message => sm2Sign(secret, message, webRandom) }
  }
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, webSignature[kind], false, ['sign'])
  const how = kind === 'rsa' ? webSignature.rsa.name : { name: 'ECDSA', hash: 'SHA-256' }
  const raw = async (message: Uint8Array) => new Uint8Array(await crypto.subtle.sign(how, key, new Uint8Array(message)))
  return { certificate, chain, sign: kind === 'rsa' ? raw : async message => ecdsaDer(await raw(message)) }
}

/** Whether the certificate may sign documents. */
const maySign = ({ certificate: { usages } }: KeyEntry): boolean =>
  !usages || usages.includes('digitalSignature') || usages.includes('nonRepudiation')

const algs: Record<KeyEntry['kind'], WrapAlg> = { rsa: 'RSA-OAEP-256', p256: 'HPKE-P256', sm2: 'SM2' }

/** Signing and encryption key of a .p12; one that may do both stands for both. Null where one is missing. */
export function keysOf(entries: KeyEntry[]): { sign: KeyEntry | null; encrypt: KeyEntry | null } {
  const sign = entries.find(maySign) ?? null
  return { sign, encrypt: entries.find(entry => entry !== sign && !onlySigns(entry)) ?? (sign && !onlySigns(sign) ? sign : null) }
}

const onlySigns = ({ certificate: { usages } }: KeyEntry) =>
  usages !== null &&
  !usages.some(usage => usage === 'keyEncipherment' || usage === 'dataEncipherment' || usage === 'keyAgreement')

/** The holder of this certificate as a recipient of wraps. */
export const recipientOf = ({ certificate, kind }: KeyEntry): Recipient => ({
  alg: algs[kind],
  kid: certificate.fingerprint,
  spki: certificate.spki,
})

/** Opens what was wrapped to this certificate. */
export async function unwrapOf(entry: KeyEntry): Promise<UnwrapKey> {
  const kid = entry.certificate.fingerprint
  const pkcs8 = normalKey(entry)
  if (entry.kind === 'rsa') return rsaUnwrap(kid, pkcs8)
  return entry.kind === 'sm2' ? sm2Unwrap(kid, scalarOfPkcs8(pkcs8).secret) : hpkeUnwrap(kid, await p256FromPkcs8(pkcs8))
}
