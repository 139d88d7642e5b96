import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { type Certificate, certificateOf } from '@/crypto/x509'
import type { Platform } from '../ctx'
import { demoAuthorityName, type Suite } from './authority.server'

export interface Root {
  suite: Suite
  scope: 'sandbox' | 'production'
  certificate: Certificate
}

/** What the operator put under DATA_DIR/trust: certificates of CAs, and CRLs to be taken in. */
export interface TrustFolder {
  /** Names, sizes and times of the files: changes when they do. */
  mark: string
  roots: Root[]
  intermediates: Certificate[]
  lists: string[]
  /** Files that are no certificate: each costs what it holds, not the others. */
  problems: { file: string; reason: string }[]
}

const mostFiles = 1_000
/** Certificates are small, CRLs are not. */
const mostBytes = 16_777_216

export const trustFolderOf = (platform: Platform) => join(platform.config.dataDir, 'trust')

function listFiles(folder: string): { name: string; mark: string }[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .slice(0, mostFiles)
    .flatMap(name => {
      const found = statSync(join(folder, name), { throwIfNoEntry: false })
      return found?.isFile() ? [{ name, mark: `${name} ${found.size} ${found.mtimeMs} ${found.ino}` }] : []
    })
}

/** A file holds one certificate or CRL, as DER or PEM. */
export function readSource(path: string): Uint8Array | string {
  if (statSync(path).size > mostBytes) throw new Error('larger than 16 MiB')
  const bytes = readFileSync(path)
  return bytes[0] === 0x30 ? new Uint8Array(bytes) : bytes.toString('latin1')
}

const isSelfIssued = ({ issuer, subject }: Certificate) => Buffer.from(issuer.raw).equals(Buffer.from(subject.raw))

/** A demo CA's key lies on a disk beside the platform, and it certifies whoever asks: its certificates stand for nobody outside a rehearsal. */
function refuseDemo({ issuer, subject }: Certificate): void {
  if ([issuer, subject].some(({ organisation }) => organisation === demoAuthorityName))
    throw new Error('a certificate of the demo CA, which is believed in the sandbox only')
}

function take(found: TrustFolder, { config }: Platform, folder: string, name: string): void {
  if (extname(name) === '.crl') found.lists.push(name)
  if (!['.pem', '.cer', '.crt', '.der'].includes(extname(name))) return
  const certificate = certificateOf(readSource(join(folder, name)))
  if (!config.isSandbox) refuseDemo(certificate)
  if (!isSelfIssued(certificate)) found.intermediates.push(certificate)
  else found.roots.push({ suite: certificate.key === 'sm2' ? 'gm' : 'intl', scope: 'production', certificate })
}

/** Reads the folder, or gives back what was read before where nothing has changed since. */
export function readTrustFolder(platform: Platform, before?: TrustFolder): TrustFolder {
  const folder = trustFolderOf(platform)
  const files = listFiles(folder)
  const mark = files.map(file => file.mark).join('\n')
  if (before?.mark === mark) return before
  const found: TrustFolder = { mark, roots: [], intermediates: [], lists: [], problems: [] }
  for (const { name } of files) {
    try {
      take(found, platform, folder, name)
    } catch (error) {
      found.problems.push({ file: name, reason: error instanceof Error ? error.message : '' })
      platform.logger.error({ file: name, err: error }, 'trust folder')
    }
  }
  return found
}
