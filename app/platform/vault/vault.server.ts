import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeRandom } from '@/crypto/suite-node'

/** The server's secrets, each in its own file (0600) under DATA_DIR/keys; never in the database (crypto.md §10.2). */
export interface Vault {
  /** Encrypts under the data key (AES-256-GCM, fresh nonce): nonce ‖ tag ‖ ciphertext. `about` is authenticated, not stored. */
  close(about: string, plaintext: Uint8Array): Uint8Array
  /** Opens what `close` made; throws if it was damaged or made for something else. */
  open(about: string, box: Uint8Array): Uint8Array
  /** HMAC-SHA-256 under a key of its own, for owner tags. */
  tag(...parts: string[]): Uint8Array
  /** Ed25519 key of the log. */
  logKey: LogKey
  /** Other named 32-byte secrets (K_snap, the platform's draw secrets), made at first use. */
  secret(name: string): Uint8Array
  /** A named file made once by `make` (PKCS#8 keys, certificates): for authority and seal keys. */
  keep(name: string, make: () => Uint8Array): Uint8Array
  folder: string
}

export interface LogKey {
  publicKey: Uint8Array
  sign(message: Uint8Array): Uint8Array
}

/** Opens the vault in `folder`, making what is missing. Two processes at once end with the same secrets. */
export function openVault(folder: string): Vault {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const keep = (name: string, make: () => Uint8Array) => readOrMake(join(folder, name), make)
  // Asked for with every record of a million: read from its file once.
  const known = new Map<string, Uint8Array>()
  const secret = (name: string) => {
    const made = known.get(name) ?? keep(`${name}.secret`, () => randomBytes(32))
    known.set(name, made)
    return made
  }
  const dataKey = secret('data')
  const tagKey = secret('tag')
  return {
    folder,
    keep,
    secret,
    close: (about, plaintext) => closeBox(dataKey, about, plaintext),
    open: (about, box) => openBox(dataKey, about, box),
    tag: (...parts) => new Uint8Array(createHmac('sha256', tagKey).update(parts.join('\0')).digest()),
    logKey: logKeyOf(keep('log-ed25519.pem', makeEd25519)),
  }
}

/** link(2) fails if the name exists: whoever comes second reads the first one's secret. */
function readOrMake(path: string, make: () => Uint8Array): Uint8Array {
  if (!existsSync(path)) {
    const temporary = `${path}.${randomBytes(6).toString('hex')}`
    writeFileSync(temporary, make(), { mode: 0o600, flush: true })
    try {
      linkSync(temporary, path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      rmSync(temporary)
    }
  }
  return new Uint8Array(readFileSync(path))
}

function makeEd25519(): Uint8Array {
  const { privateKey } = generateKeyPairSync('ed25519')
  return Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)
}

function logKeyOf(pem: Uint8Array): LogKey {
  const key: KeyObject = createPrivateKey(Buffer.from(pem))
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return { publicKey: new Uint8Array(spki.subarray(-32)), sign: message => new Uint8Array(sign(null, message, key)) }
}

function closeBox(key: Uint8Array, about: string, plaintext: Uint8Array): Uint8Array {
  const nonce = nodeRandom(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
  const box = new Uint8Array(28 + plaintext.length)
  box.set(nonce)
  box.set(cipher.update(plaintext), 28)
  cipher.final() // GCM is a stream: nothing is left but the tag
  box.set(cipher.getAuthTag(), 12)
  return box
}

function openBox(key: Uint8Array, about: string, box: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, 12)).setAAD(Buffer.from(about))
  decipher.setAuthTag(box.subarray(12, 28))
  return new Uint8Array(Buffer.concat([decipher.update(box.subarray(28)), decipher.final()]))
}

/** A box that holds JSON. */
export const closeJson = (vault: Vault, about: string, value: unknown) => vault.close(about, Buffer.from(JSON.stringify(value)))

/** As closeJson, its length rounded up to a multiple of `padTo`: acts on bids before opening must not be told apart by size (crypto.md §10.2). */
export function closePadded(vault: Vault, about: string, value: unknown, padTo = 4096): Uint8Array {
  const text = JSON.stringify(value)
  const length = Buffer.byteLength(text)
  const padded = Buffer.allocUnsafe(Math.ceil(length / padTo) * padTo)
  padded.write(text)
  return vault.close(about, padded.fill(' ', length))
}

/** Opens a box that holds JSON. */
export const openJson = <T>(vault: Vault, about: string, box: Uint8Array): T =>
  JSON.parse(Buffer.from(vault.open(about, box)).toString()) as T
