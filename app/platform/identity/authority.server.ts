import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { KeyKind } from '@/crypto/algorithm'
import { type CertificateRequest, type Issuer, issueCertificate } from '@/crypto/authority'
import { signerOfPkcs8 } from '@/crypto/signature-node'
import { Refusal } from '~/shared/refusal'
import type { Platform } from '../ctx'

export const suites = ['intl', 'gm'] as const
export type Suite = (typeof suites)[number]

/** What an organisation holds after issue: its certificate, and the chain up to the sandbox root. */
export interface Authority {
  suite: Suite
  issuer: Issuer
  /** DER of the root. */
  certificate: Uint8Array
}

/** A root that rehearsals of any date may use; the rehearsal's own dates are far inside. */
const rootNotBefore = new Date('2020-01-01T00:00:00Z')
const rootNotAfter = new Date('2049-12-31T23:59:59Z')

/** Organisation of every demo CA, of this platform and of any other like it. */
export const demoAuthorityName = '公共资源交易平台演练 CA'

const rootName: Record<Suite, string> = { intl: '演练根证书 P-256', gm: '演练根证书 SM2' }
const keyOfSuite: Record<Suite, KeyKind> = { intl: 'p256', gm: 'sm2' }

interface KeyFile {
  pkcs8: string
  spki: string
}

function makeKey(suite: Suite): Uint8Array {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: suite === 'gm' ? 'SM2' : 'P-256' })
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  return Buffer.from(JSON.stringify({ pkcs8, spki } satisfies KeyFile))
}

/** Two processes at once end with the same root: the vault keeps whichever came first. */
async function makeAuthority({ vault }: Platform, suite: Suite): Promise<Authority> {
  const { pkcs8, spki } = JSON.parse(
    Buffer.from(vault.keep(`sandbox-ca-${suite}.json`, () => makeKey(suite))).toString(),
  ) as KeyFile
  const key = keyOfSuite[suite]
  const sign = signerOfPkcs8(key, Buffer.from(pkcs8, 'base64'))
  const issuer: Issuer = {
    name: { commonName: rootName[suite], organisation: demoAuthorityName },
    key,
    spki: Buffer.from(spki, 'base64'),
    sign,
  }
  const root = await issueCertificate(
    {
      subject: issuer.name,
      spki: issuer.spki,
      serial: newSerial(),
      notBefore: rootNotBefore,
      notAfter: rootNotAfter,
      usages: ['keyCertSign', 'cRLSign'],
      isCa: true,
    },
    issuer,
  )
  return { suite, issuer, certificate: vault.keep(`sandbox-ca-${suite}.der`, () => root) }
}

const known = new WeakMap<Platform, Map<Suite, Promise<Authority>>>()

/** The demo CA of a suite, made at first use, its key under DATA_DIR/keys. Refuses not-found outside the sandbox. */
export function sandboxAuthority(platform: Platform, suite: Suite): Promise<Authority> {
  if (!platform.config.isSandbox) throw new Refusal('not-found')
  const made = known.get(platform) ?? new Map<Suite, Promise<Authority>>()
  known.set(platform, made)
  const authority = made.get(suite) ?? makeAuthority(platform, suite)
  made.set(suite, authority)
  return authority
}

/** A positive serial of 127 random bits (CA/Browser Forum BR §7.1 asks for 64). */
function newSerial(): Uint8Array {
  const serial = new Uint8Array(randomBytes(16))
  serial[0] = (serial[0]! & 0x3f) | 0x40
  return serial
}

/** Issues a certificate of the demo CA, as DER. Refuses not-found outside the sandbox. */
export async function issueInSandbox(
  platform: Platform,
  suite: Suite,
  request: Omit<CertificateRequest, 'serial'>,
): Promise<Uint8Array> {
  const { issuer } = await sandboxAuthority(platform, suite)
  return issueCertificate({ ...request, serial: newSerial() }, issuer)
}
