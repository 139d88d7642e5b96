import { createHash } from 'node:crypto'
import type { Config } from '../env.server'
import type { Vault } from '../vault/vault.server'

/** Name of the log in its notes: `<platform>/log`. */
export const logName = (config: Config) => `${config.platformId}/log`

const ed25519 = 0x01

/** First four bytes of SHA-256(name ‖ "\n" ‖ type ‖ key): C2SP signed-note. */
const keyIdOf = (name: string, publicKey: Uint8Array) =>
  createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([ed25519]))
    .update(publicKey)
    .digest()
    .subarray(0, 4)

/** The log's verifier key, as anchors carry it. */
export function logVerifierKey(config: Config, vault: Vault): string {
  const name = logName(config)
  const { publicKey } = vault.logKey
  const encoded = Buffer.concat([Buffer.from([ed25519]), publicKey]).toString('base64')
  return `${name}+${keyIdOf(name, publicKey).toString('hex')}+${encoded}`
}

/** Signs C2SP tlog-checkpoints with the log's Ed25519 key. */
export function checkpointSigner(config: Config, vault: Vault) {
  const name = logName(config)
  const keyId = keyIdOf(name, vault.logKey.publicKey)
  return (size: number, root: Uint8Array): string => {
    const text = `${name}\n${size}\n${Buffer.from(root).toString('base64')}\n`
    const signature = Buffer.concat([keyId, vault.logKey.sign(Buffer.from(text))]).toString('base64')
    return `${text}\n— ${name} ${signature}\n`
  }
}
