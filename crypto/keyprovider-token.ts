// A USB key behind its maker's middleware on this machine, as a provider. The contract `tbid-key/1` is in README.md beside this file.
import { p256 } from '@noble/curves/nist.js'
import type { KeyKind } from './algorithm.ts'
import { type Bytes, base64, plainBytes, unbase64 } from './bytes.ts'
import type { Signer } from './cms.ts'
import { pointOfSpki } from './ec-key.ts'
import { entryFor, type HeldCertificate, KeyError, type KeyProblem, type KeyProvider, usesOf } from './keyprovider.ts'
import { base64Text, type Check, integer, list, nullable, oneOf, record, text } from './schema.ts'
import { webSignature } from './signature-web.ts'
import { sm2Verify } from './sm2.ts'
import { hpkeUnwrap, type UnwrapKey } from './wrap.ts'
import { type Certificate, parseCertificate } from './x509.ts'

/** What is asked: `operation` is the last part of the address, `body` goes as JSON. */
export interface TokenRequest {
  operation: 'hello' | 'list' | 'sign' | 'open'
  body: Record<string, string | null>
  /** How long the answer may take. */
  timeoutMs: number
}

/** What came: an answer with its HTTP status, or that none came. */
export type TokenReply = { kind: 'answer'; status: number; body: unknown } | { kind: 'unreachable' } | { kind: 'timeout' }

/** Carries a request to the middleware and never throws. */
export type TokenExchange = (request: TokenRequest) => Promise<TokenReply>

export const tokenProtocol = 'tbid-key/1'
export const signAlgorithms: Record<KeyKind, string> = { rsa: 'RSA-SHA256', p256: 'ECDSA-P256-SHA256', sm2: 'SM2-SM3' }
export const openAlgorithms: Record<KeyKind, string> = { rsa: 'RSA-OAEP-256', p256: 'ECDH-P256', sm2: 'SM2' }
/** Answers of a middleware that runs come at once; where the owner types a PIN or presses a button, within two minutes. */
export const tokenTimeouts = { quick: 5_000, owner: 120_000 }

const kinds: readonly KeyKind[] = ['rsa', 'p256', 'sm2']
const short = text(/^[\s\S]{1,128}$/u)
const certificateText = base64Text(1, 16_384)
const hello = record({ protocol: oneOf(tokenProtocol), maker: short, token: nullable(short), pin: oneOf('passed', 'asked') })
const listed = record({
  certificates: list(record({ id: short, certificate: certificateText, chain: list(certificateText, 0, 5) }), 0, 20),
})
const signed = record({ signature: base64Text(1, 2_048) })
const opened = record({ plain: base64Text(1, 2_048) })
const refusal = record({ code: short }, { left: integer(0, 99) })

const problemOf: Record<string, KeyProblem> = {
  'no-token': 'no-token',
  'token-removed': 'token-removed',
  'wrong-pin': 'wrong-pin',
  'pin-locked': 'pin-locked',
  cancelled: 'cancelled',
  unsupported: 'unsupported',
}

/** One request; the answer in its shape. Throws KeyError: no-middleware, timeout, what the middleware says, or middleware-fault; a plain error where what is to be opened is damaged. */
async function ask<T>(
  exchange: TokenExchange,
  operation: TokenRequest['operation'],
  body: TokenRequest['body'],
  shape: Check<T>,
): Promise<T> {
  const timeoutMs = operation === 'sign' || operation === 'open' ? tokenTimeouts.owner : tokenTimeouts.quick
  const reply = await exchange({ operation, body, timeoutMs })
  if (reply.kind === 'unreachable') throw new KeyError('no-middleware')
  if (reply.kind === 'timeout') throw new KeyError('timeout')
  if (reply.status === 200 && shape(reply.body)) return reply.body
  if (reply.status === 200 || !refusal(reply.body)) throw new KeyError('middleware-fault')
  const { code, left } = reply.body
  if (code === 'damaged') throw new Error('wrap: does not open')
  throw new KeyError((Object.hasOwn(problemOf, code) && problemOf[code]) || 'middleware-fault', left ?? null)
}

interface TokenCertificate extends HeldCertificate {
  id: string
}

/** The certificates of the USB key. `pin` is null where the middleware asks its owner itself. */
export async function tokenProvider(exchange: TokenExchange, pin: string | null): Promise<KeyProvider> {
  if (!globalThis.crypto?.subtle) throw new KeyError('insecure')
  const { token } = await ask(exchange, 'hello', {}, hello)
  if (token === null) throw new KeyError('no-token')
  const { certificates } = await ask(exchange, 'list', {}, listed)
  const all = certificates.flatMap(readCertificate)
  const open = async (id: string, kind: KeyKind, input: Uint8Array): Promise<Uint8Array> => {
    const body = { id, algorithm: openAlgorithms[kind], input: base64(input), pin }
    return unbase64((await ask(exchange, 'open', body, opened)).plain)
  }
  return {
    source: 'token',
    can: { sign: kinds, unwrap: kinds },
    certificates: async () => all.map(({ id: _, ...held }) => held),
    signer: async held => signerOf(exchange, pin, entryFor(all, held, 'sign')),
    unwrapper: async held => {
      const { id, certificate } = entryFor(all, held, 'encrypt')
      return unwrapperOf(certificate, (kind, input) => open(id, kind, input))
    },
    close: () => {},
  }
}

function signerOf(exchange: TokenExchange, pin: string | null, { id, certificate, chain }: TokenCertificate): Signer {
  const body = { id, algorithm: signAlgorithms[certificate.key], pin }
  const sign = async (message: Uint8Array) => {
    const { signature } = await ask(exchange, 'sign', { ...body, message: base64(message) }, signed)
    return checked(certificate, message, unbase64(signature))
  }
  return { certificate, chain, sign }
}

function readCertificate({ id, certificate, chain }: { id: string; certificate: string; chain: string[] }): TokenCertificate[] {
  try {
    const parsed = parseCertificate(unbase64(certificate))
    return [{ id, certificate: parsed, chain: chain.map(text => parseCertificate(unbase64(text))), uses: usesOf(parsed) }]
  } catch {
    return [] // a certificate of a kind this platform does not take stands beside ours
  }
}

function unwrapperOf(certificate: Certificate, open: (kind: KeyKind, input: Uint8Array) => Promise<Uint8Array>): UnwrapKey {
  const { fingerprint: kid, spki, key: kind } = certificate
  if (kind === 'rsa') return { alg: 'RSA-OAEP-256', kid, open: ({ ct }) => open(kind, ct) }
  if (kind === 'sm2') return { alg: 'SM2', kid, open: ({ ct }) => open(kind, ct) }
  return hpkeUnwrap(kid, { point: pointOfSpki(spki)!.point, agree: point => open(kind, point) })
}

/** A signature that does not fit its certificate would be found out only after the act: it is refused here. */
async function checked(certificate: Certificate, message: Uint8Array, signature: Bytes): Promise<Bytes> {
  const holds = await signatureFits(certificate, message, signature).catch(() => false)
  if (!holds) throw new KeyError('middleware-fault')
  return signature
}

async function signatureFits({ key: kind, spki }: Certificate, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (kind === 'rsa') {
    const key = await crypto.subtle.importKey('spki', plainBytes(spki), webSignature.rsa, false, ['verify'])
    return crypto.subtle.verify(webSignature.rsa.name, key, plainBytes(signature), plainBytes(message))
  }
  const { point } = pointOfSpki(spki)!
  if (kind === 'sm2') return sm2Verify(point, message, signature)
  return p256.verify(signature, message, point, { format: 'der', lowS: false })
}
