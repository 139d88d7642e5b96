import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { Signer } from '@/crypto/cms'
import { signerOfPkcs8 } from '@/crypto/signature-node'
import { parseCertificate } from '@/crypto/x509'
import type { Platform } from '../ctx'
import { issueInSandbox, sandboxAuthority } from './authority.server'

/** Keys the platform signs with itself: papers (电子印章), and in the sandbox time-stamps. */
export const platformKeys = {
  seal: { commonName: '公共资源交易平台文书签章', isTimeStamper: false },
  tsa: { commonName: '演练时间戳服务', isTimeStamper: true },
} as const
export type PlatformKey = keyof typeof platformKeys

const notBefore = new Date('2020-01-01T00:00:00Z')
const notAfter = new Date('2049-12-31T00:00:00Z')

function makeKey(): Uint8Array {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }))
}

const spkiOf = (pkcs8: Uint8Array) =>
  new Uint8Array(
    createPublicKey(createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })).export({
      type: 'spki',
      format: 'der',
    }),
  )

async function certify(platform: Platform, name: PlatformKey, pkcs8: Uint8Array): Promise<Uint8Array> {
  const { commonName, isTimeStamper } = platformKeys[name]
  return issueInSandbox(platform, 'intl', {
    subject: { commonName, organisation: platform.config.platformId },
    spki: spkiOf(pkcs8),
    notBefore,
    notAfter,
    usages: ['digitalSignature', 'nonRepudiation'],
    isTimeStamper,
  })
}

async function openKey(platform: Platform, name: PlatformKey): Promise<Signer> {
  const pkcs8 = platform.vault.keep(`${name}.p8`, makeKey)
  // Outside the sandbox the operator puts the accredited certificate beside the key; nobody issues one here.
  const issued = platform.config.isSandbox ? await certify(platform, name, pkcs8) : null
  const der = platform.vault.keep(`${name}.der`, () => {
    if (!issued) throw new Error(`DATA_DIR/keys/${name}.der: put the certificate of DATA_DIR/keys/${name}.p8 here`)
    return issued
  })
  const chain = platform.config.isSandbox ? [parseCertificate((await sandboxAuthority(platform, 'intl')).certificate)] : []
  return { certificate: parseCertificate(der), chain, sign: signerOfPkcs8('p256', pkcs8) }
}

const known = new WeakMap<Platform, Map<PlatformKey, Promise<Signer>>>()

/** A signing key of the platform's own, made at first use under DATA_DIR/keys. */
export function platformSigner(platform: Platform, name: PlatformKey): Promise<Signer> {
  const made = known.get(platform) ?? new Map<PlatformKey, Promise<Signer>>()
  known.set(platform, made)
  const signer = made.get(name) ?? openKey(platform, name)
  made.set(name, signer)
  return signer
}
