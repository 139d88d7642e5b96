import { generateKeyPairSync } from 'node:crypto'
import type { KeyKind } from '@/crypto/algorithm'
import { issueCertificate, issueRevocationList } from '@/crypto/authority'
import { concat, hex, utf8 } from '@/crypto/bytes'
import { signDetached } from '@/crypto/cms'
import { messageText } from '@/crypto/messages'
import { writeP12 } from '@/crypto/p12'
import { sealStage } from '@/crypto/seal'
import { signerOfPkcs8 } from '@/crypto/signature-node'
import type { Random, SuiteId } from '@/crypto/suite'
import { nodeRandom, nodeSuites } from '@/crypto/suite-node'
import { timeStampRequest, timeStampToken } from '@/crypto/tsp'
import type { Recipient } from '@/crypto/wrap'
import { parseCertificate } from '@/crypto/x509'

function recipient(suite: SuiteId): Recipient {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: suite === 'gm' ? 'SM2' : 'prime256v1' })
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
  return { alg: suite === 'gm' ? 'SM2' : 'HPKE-P256', kid: hex(nodeRandom(32)), spki }
}

export interface SealedSample {
  bytes: Uint8Array
  /** K of the stage: the first secret the sealer draws. */
  key: Uint8Array
}

/** One small sealed file in mode both, 2 of 3, with the key that opens it. */
export async function sealedSample(suite: SuiteId, role = 'technical'): Promise<SealedSample> {
  const drawn: Uint8Array[] = []
  const random: Random = n => {
    const bytes = nodeRandom(n)
    drawn.push(bytes)
    return bytes
  }
  const text = hex(nodeRandom(32))
  const bind = {
    project: 'P1',
    lot: 'L1',
    round: 1,
    stage: 'main',
    deadline: '2026-12-01T01:30:00Z',
    bidderCert: text,
    policy: text,
  }
  const lotKeys = [recipient(suite), recipient(suite), recipient(suite)]
  const stage = await sealStage({
    suite: nodeSuites[suite],
    random,
    bind,
    mode: 'both',
    bidderKeys: [recipient(suite)],
    lotKeys,
    k: 2,
  })
  const content = nodeRandom(5_000)
  const sealer = await stage.file({ role, name: '技术标.pdf', type: 'application/pdf', size: content.length })
  const sealed = [...(await sealer.push(content)), ...(await sealer.finish()).rest]
  return { bytes: concat(...sealed), key: drawn[0]! }
}

/** A key pair in the only forms that an SM2 key may be exported in (crypto.md §3, trap 3). */
export function pairOf(kind: KeyKind) {
  const namedCurve = kind === 'sm2' ? 'SM2' : 'prime256v1'
  const pair = kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve })
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' })
  return { spki: new Uint8Array(spki), pkcs8: new Uint8Array(pair.privateKey.export({ type: 'pkcs8', format: 'der' })) }
}

async function issued(kind: KeyKind) {
  const pair = pairOf(kind)
  const name = { commonName: '演练 CA', organisation: '演练', serialNumber: '91350102MA00000001' }
  const issuer = { name, key: kind, spki: pair.spki, sign: signerOfPkcs8(kind, pair.pkcs8) }
  const [notBefore, notAfter] = [new Date('2026-01-01T00:00:00Z'), new Date('2036-01-01T00:00:00Z')]
  const usages = ['digitalSignature' as const, 'nonRepudiation' as const]
  const request = { subject: name, spki: pair.spki, serial: nodeRandom(8), notBefore, notAfter, usages }
  return { ...pair, certificate: await issueCertificate(request, issuer) }
}

export async function revocationListSample(): Promise<Uint8Array> {
  const { spki, pkcs8 } = pairOf('p256')
  const issuer = { name: { commonName: '演练 CA' }, key: 'p256' as const, spki, sign: signerOfPkcs8('p256', pkcs8) }
  const [at, next] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-02T00:00:00Z')]
  const revoked = Array.from({ length: 5 }, () => ({ serial: nodeRandom(8).map(byte => byte & 0x7f), since: at }))
  return issueRevocationList({ revoked, number: 7, at, next }, issuer)
}

export const certificateSample = async (kind: KeyKind): Promise<Uint8Array> => (await issued(kind)).certificate

/** A detached signature over `content`. */
export async function cmsSample(kind: KeyKind = 'p256'): Promise<Uint8Array> {
  const { certificate, pkcs8 } = await issued(kind)
  return signDetached(utf8('content'), { certificate: parseCertificate(certificate), sign: signerOfPkcs8(kind, pkcs8) })
}

/** A time-stamp token (RFC 3161) over SHA-256 of `content`. */
export async function tokenSample(): Promise<Uint8Array> {
  const { certificate, pkcs8 } = await issued('p256')
  const tsa = { certificate: parseCertificate(certificate), sign: signerOfPkcs8('p256', pkcs8) }
  const digest = nodeSuites.intl.hash(utf8('content'))
  return timeStampToken({ digest, nonce: null }, new Date('2026-06-01T00:00:00Z'), nodeRandom(8), tsa)
}

/** A signature over `content` with its key in front: length of the key in two bytes, key, signature. */
export function signatureSample(kind: KeyKind): Uint8Array {
  const { spki, pkcs8 } = pairOf(kind)
  return concat(Uint8Array.of(spki.length >> 8, spki.length & 255), spki, signerOfPkcs8(kind, pkcs8)(utf8('content')))
}

export const p12Sample = async (password: string): Promise<Uint8Array> => writeP12([await issued('p256')], password)

export const timeStampSample = (): Uint8Array => timeStampRequest(nodeRandom(32), nodeRandom(8))

export function statementSample(): string {
  const hash = hex(nodeRandom(32))
  const file = { fileId: hex(nodeRandom(16)), role: 'price', stage: 'main', size: 70_000, root: hash, head: hash, twin: hash }
  const scope = { platform: 'E3500000717', project: 'P1', lot: 'L1', round: 1 }
  return messageText({ t: 'tbid/submit@1', ...scope, policy: hash, org: 'O1', cert: hash, seq: 1, prev: null, files: [file] })
}
