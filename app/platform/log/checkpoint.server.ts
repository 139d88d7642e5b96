import { checkpointText, signNote, verifierKeyOf } from '@/crypto/note'
import type { Config } from '../env.server'
import type { Vault } from '../vault/vault.server'

/** Name of the log in its notes: `<platform>/log`. */
export const logName = (config: Config) => `${config.platformId}/log`

/** The log's verifier key, as anchors carry it. */
export const logVerifierKey = (config: Config, vault: Vault): string => verifierKeyOf(logName(config), vault.logKey.publicKey)

/** Signs C2SP tlog-checkpoints with the log's Ed25519 key. */
export function checkpointSigner(config: Config, vault: Vault) {
  const key = { name: logName(config), publicKey: vault.logKey.publicKey }
  return async (size: number, root: Uint8Array): Promise<string> => {
    const text = checkpointText(key.name, size, root)
    return `${text}\n${await signNote(text, key, vault.logKey.sign)}\n`
  }
}
