import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { KeyKind } from '@/crypto/algorithm'
import { type Issuer, issueCertificate, issueRevocationList } from '@/crypto/authority'
import type { Signer } from '@/crypto/cms'
import { parseRevocationList, type RevocationList } from '@/crypto/crl'
import { signerOfPkcs8 } from '@/crypto/signature-node'
import { type Certificate, type KeyUsage, parseCertificate } from '@/crypto/x509'

export interface Keys {
  kind: KeyKind
  pkcs8: Uint8Array
  spki: Uint8Array
}

/** A fresh key pair of this kind, as PKCS#8 and SPKI. */
export function keyPair(kind: KeyKind): Keys {
  const encoding = {
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  } as const
  const pair =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048, ...encoding })
      : generateKeyPairSync('ec', { namedCurve: kind === 'p256' ? 'P-256' : 'SM2', ...encoding })
  return {
    kind,
    pkcs8: new Uint8Array(pair.privateKey as unknown as Buffer),
    spki: new Uint8Array(pair.publicKey as unknown as Buffer),
  }
}

export interface TestAuthority {
  root: Certificate
  issuer: Issuer
  issue(
    spki: Uint8Array,
    options?: Partial<{ usages: KeyUsage[]; from: Date; to: Date; creditCode: string; isCa: boolean; isTimeStamper: boolean }>,
  ): Promise<Certificate>
  signer(kind: KeyKind, options?: Parameters<TestAuthority['issue']>[1]): Promise<Signer & { keys: Keys }>
}

const day = 86_400_000
const year = 365 * day

export interface AList {
  /** Serials in hex. */
  revoked?: { serial: string; since: Date }[]
  number?: number
  at?: Date
  next?: Date
}

/** A CRL of an issuer; good for a day from now unless it is told otherwise. */
export async function aRevocationList(
  issuer: Issuer,
  { revoked = [], number = 1, at = new Date(), next = new Date(at.getTime() + day) }: AList = {},
): Promise<RevocationList> {
  const entries = revoked.map(({ serial, since }) => ({ serial: Buffer.from(serial, 'hex'), since }))
  return parseRevocationList(await issueRevocationList({ revoked: entries, number, at, next }, issuer))
}

/** A root of one kind of key that issues whatever a test needs. */
export async function testAuthority(
  kind: KeyKind,
  { rootUsages = ['keyCertSign', 'cRLSign'] }: { rootUsages?: KeyUsage[] } = {},
): Promise<TestAuthority> {
  const keys = keyPair(kind)
  const issuer: Issuer = {
    name: { commonName: `试验根 ${kind}`, organisation: '试验' },
    key: kind,
    spki: keys.spki,
    sign: signerOfPkcs8(kind, keys.pkcs8),
  }
  const now = Date.now()
  const root = parseCertificate(
    await issueCertificate(
      {
        subject: issuer.name,
        spki: keys.spki,
        serial: randomBytes(16),
        notBefore: new Date(now - 5 * year),
        notAfter: new Date(now + 9 * year),
        usages: rootUsages,
        isCa: true,
      },
      issuer,
    ),
  )
  const issue: TestAuthority['issue'] = async (spki, options = {}) =>
    parseCertificate(
      await issueCertificate(
        {
          subject: { commonName: '某某公司', organisation: '某某公司', serialNumber: options.creditCode ?? '91350100M000100Y43' },
          spki,
          serial: randomBytes(16),
          notBefore: options.from ?? new Date(now - year),
          notAfter: options.to ?? new Date(now + year),
          usages: options.usages ?? ['digitalSignature', 'nonRepudiation'],
          isCa: options.isCa,
          isTimeStamper: options.isTimeStamper,
        },
        issuer,
      ),
    )
  const signer: TestAuthority['signer'] = async (leafKind, options) => {
    const leaf = keyPair(leafKind)
    return { keys: leaf, certificate: await issue(leaf.spki, options), chain: [root], sign: signerOfPkcs8(leafKind, leaf.pkcs8) }
  }
  return { root, issuer, issue, signer }
}
