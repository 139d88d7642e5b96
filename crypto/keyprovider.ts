// One interface to whoever holds keys (crypto.md §10.13): a .p12, the browser itself, a USB key behind its maker's middleware. Node and browser.
import type { KeyKind } from './algorithm.ts'
import { type Bytes, utf8 } from './bytes.ts'
import { type Signer, signDetached, signDigest } from './cms.ts'
import type { Recipient, UnwrapKey, WrapAlg } from './wrap.ts'
import { type Certificate, certificateOf } from './x509.ts'

export type KeyUse = 'sign' | 'encrypt'
export type KeySource = 'file' | 'browser' | 'token'

/** A certificate whose key the provider holds. */
export interface HeldCertificate {
  certificate: Certificate
  /** Sent along with signatures, so that a verifier needs only the root. */
  chain: Certificate[]
  /** What the certificate allows its key: one may do both. */
  uses: KeyUse[]
}

export const keyProblems = [
  'wrong-password',
  'no-signing-key',
  'no-encryption-key',
  'no-browser-key',
  'unsupported',
  'no-middleware',
  'no-token',
  'token-removed',
  'wrong-pin',
  'pin-locked',
  'cancelled',
  'timeout',
  'middleware-fault',
  'insecure',
  'fault',
] as const
/** Why a key could not be used: a closed list, for each of which pages have a sentence. */
export type KeyProblem = (typeof keyProblems)[number]

/** A provider refused. `left`: tries left before a PIN locks, where the provider knows. */
export class KeyError extends Error {
  override name = 'KeyError'
  constructor(
    readonly problem: KeyProblem,
    readonly left: number | null = null,
  ) {
    super(`key: ${problem}`)
  }
}

/**
 * Holds keys and never gives one out. Every call throws KeyError and nothing else, but a wrap that does not open is a plain error. `signer` signs with a key whose certificate allows
 * it and `unwrapper` opens wraps made for one (both throw `unsupported` where the provider cannot).
 */
export interface KeyProvider {
  readonly source: KeySource
  /** Kinds of key it can sign and open wraps with. */
  readonly can: { sign: readonly KeyKind[]; unwrap: readonly KeyKind[] }
  certificates(): Promise<HeldCertificate[]>
  signer(held: HeldCertificate): Promise<Signer>
  unwrapper(held: HeldCertificate): Promise<UnwrapKey>
  /** Lets go of what it holds; a session with a token ends. */
  close(): void
}

const signing = ['digitalSignature', 'nonRepudiation']
const encrypting = ['keyEncipherment', 'dataEncipherment', 'keyAgreement']

/** What a certificate allows (RFC 5280 §4.2.1.3); one without the extension allows everything. */
export function usesOf({ usages }: Certificate): KeyUse[] {
  if (!usages) return ['sign', 'encrypt']
  const has = (wanted: string[]) => usages.some(usage => wanted.includes(usage))
  return [...(has(signing) ? (['sign'] as const) : []), ...(has(encrypting) ? (['encrypt'] as const) : [])]
}

/** The provider's own entry for a certificate that allows this use. Throws unsupported for a stranger's and for another use. */
export function entryFor<T extends HeldCertificate>(entries: T[], { certificate }: HeldCertificate, use: KeyUse): T {
  const found = entries.find(one => one.certificate.fingerprint === certificate.fingerprint)
  if (!found?.uses.includes(use)) throw new KeyError('unsupported')
  return found
}

const algs: Record<KeyKind, WrapAlg> = { rsa: 'RSA-OAEP-256', p256: 'HPKE-P256', sm2: 'SM2' }

/** The holder of a certificate as a recipient of wraps. */
export const recipientOfHeld = ({ certificate }: HeldCertificate): Recipient => ({
  alg: algs[certificate.key],
  kid: certificate.fingerprint,
  spki: certificate.spki,
})

/** The holder of a spare certificate (备用证书) as a recipient, from its file, PEM or DER. Throws when it is none or only signs. */
export function spareRecipient(file: Uint8Array): Recipient {
  const start = new TextDecoder().decode(file.subarray(0, 11))
  const certificate = certificateOf(start === '-----BEGIN ' ? new TextDecoder().decode(file) : file)
  const { usages } = certificate
  const mayEncrypt =
    usages === null || usages.some(one => one === 'keyEncipherment' || one === 'dataEncipherment' || one === 'keyAgreement')
  if (!mayEncrypt) throw new Error('spare: this certificate may not encrypt')
  return { alg: algs[certificate.key], kid: certificate.fingerprint, spki: certificate.spki }
}

/** The certificate to sign with. Throws no-signing-key. */
export async function signingCertificate(provider: KeyProvider): Promise<HeldCertificate> {
  const found = (await provider.certificates()).find(({ uses }) => uses.includes('sign'))
  if (!found) throw new KeyError('no-signing-key')
  return found
}

/** The certificate to be a recipient with: one for encryption alone before one that does both. Throws no-encryption-key. */
export async function encryptionCertificate(provider: KeyProvider): Promise<HeldCertificate> {
  const able = (await provider.certificates()).filter(({ uses }) => uses.includes('encrypt'))
  const found = able.find(({ uses }) => !uses.includes('sign')) ?? able[0]
  if (!found) throw new KeyError('no-encryption-key')
  return found
}

/** A detached CMS (CAdES-B) over content, by the provider's signing key. */
export async function signContent(provider: KeyProvider, content: Uint8Array): Promise<Bytes> {
  return named(signDetached(content, await provider.signer(await signingCertificate(provider))))
}

/** The same over content known by its digests: the one that the key's algorithm uses is signed. */
export async function signContentDigest(provider: KeyProvider, digests: { sha256: Uint8Array; sm3: Uint8Array }): Promise<Bytes> {
  const held = await signingCertificate(provider)
  const digest = held.certificate.key === 'sm2' ? digests.sm3 : digests.sha256
  return named(signDigest({ digest }, await provider.signer(held)))
}

/** Tries a key whose owner has to let it be used each time: it signs a line that stands for nothing. Throws KeyError. */
export async function tryKey(provider: KeyProvider, held: HeldCertificate): Promise<void> {
  if (provider.source === 'token') await (await provider.signer(held)).sign(utf8('tbid-key/1 trial'))
}

/** Everything that opens wraps: one for each certificate the provider can decrypt with. */
export async function unwrappersOf(provider: KeyProvider): Promise<UnwrapKey[]> {
  const able = (await provider.certificates()).filter(({ certificate }) => provider.can.unwrap.includes(certificate.key))
  return Promise.all(able.filter(({ uses }) => uses.includes('encrypt')).map(held => provider.unwrapper(held)))
}

/** What went wrong as a KeyError; anything unforeseen is a fault. */
export const keyErrorOf = (error: unknown): KeyError => (error instanceof KeyError ? error : new KeyError('fault'))

const named = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw keyErrorOf(error)
  })
