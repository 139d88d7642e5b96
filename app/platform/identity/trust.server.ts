import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { type RevocationList, revocationListOf } from '@/crypto/crl'
import { type Certificate, certificateOf } from '@/crypto/x509'
import type { Platform } from '../ctx'
import { type Suite, sandboxAuthority, suites } from './authority.server'

export interface Root {
  suite: Suite
  scope: 'sandbox' | 'production'
  certificate: Certificate
}

/** Whom certificates are believed from: the demo CA in the sandbox only, and what the operator put under DATA_DIR/trust. */
export interface TrustStore {
  roots: Root[]
  intermediates: Certificate[]
  revocationLists: RevocationList[]
}

const isSelfIssued = ({ issuer, subject }: Certificate) => Buffer.from(issuer.raw).equals(Buffer.from(subject.raw))

/** A file holds one certificate or CRL, as DER or PEM. */
function readSource(path: string): Uint8Array | string {
  const bytes = readFileSync(path)
  return bytes[0] === 0x30 ? new Uint8Array(bytes) : bytes.toString('latin1')
}

function take(store: TrustStore, name: string, source: Uint8Array | string): void {
  if (extname(name) === '.crl') store.revocationLists.push(revocationListOf(source))
  if (!['.pem', '.cer', '.crt', '.der'].includes(extname(name))) return
  const certificate = certificateOf(source)
  if (!isSelfIssued(certificate)) store.intermediates.push(certificate)
  else store.roots.push({ suite: certificate.key === 'sm2' ? 'gm' : 'intl', scope: 'production', certificate })
}

/** One file that cannot be read costs what it holds, not the others. */
function readFolder(folder: string, onError: (name: string, error: unknown) => void): TrustStore {
  const store: TrustStore = { roots: [], intermediates: [], revocationLists: [] }
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
    try {
      take(store, name, readSource(join(folder, name)))
    } catch (error) {
      onError(name, error)
    }
  }
  return store
}

async function openTrust(platform: Platform): Promise<TrustStore> {
  const store = readFolder(join(platform.config.dataDir, 'trust'), (file, error) =>
    platform.logger.error({ file, err: error }, 'trust folder'),
  )
  if (!platform.config.isSandbox) return store
  const made = await Promise.all(suites.map(suite => sandboxAuthority(platform, suite)))
  const roots = made.map(({ suite, certificate }): Root => ({ suite, scope: 'sandbox', certificate: certificateOf(certificate) }))
  return { ...store, roots: [...roots, ...store.roots] }
}

const known = new WeakMap<Platform, Promise<TrustStore>>()

/** The trust store of this process, read once. */
export function trustOf(platform: Platform): Promise<TrustStore> {
  const store = known.get(platform) ?? openTrust(platform)
  known.set(platform, store)
  return store
}
