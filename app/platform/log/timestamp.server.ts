import type { Config } from '../env.server'
import type { Vault } from '../vault/vault.server'

export function makeTimestamper(_config: Config, _vault: Vault) {
  return async (_note: string): Promise<Uint8Array | null> => null
}
