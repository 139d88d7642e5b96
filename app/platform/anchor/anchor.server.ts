import type { Ctx } from '../ctx'
import { platformSigner } from '../identity/platform-key.server'
import { trustOf } from '../identity/trust.server'
import { logName, logVerifierKey } from '../log/checkpoint.server'
import { listWitnesses } from './witness.server'

export interface Anchors {
  platform: string
  log: { name: string; vkey: string }
  witnesses: { name: string; vkey: string }[]
  /** Certificates in base64 DER. */
  tsa: { certificate: string }[]
  roots: { suite: 'intl' | 'gm'; scope: 'sandbox' | 'production'; certificate: string }[]
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** What `verify --anchors` needs to know from elsewhere (crypto.md §10.14). Whoever checks must have fetched it before, or from somebody else. */
export async function readAnchors(ctx: Ctx): Promise<Anchors> {
  const { config, vault } = ctx.platform
  const { roots } = await trustOf(ctx)
  return {
    platform: config.platformId,
    log: { name: logName(config), vkey: logVerifierKey(config, vault) },
    witnesses: await listWitnesses(ctx),
    tsa:
      config.isSandbox && !config.tsaUrl
        ? [{ certificate: base64((await platformSigner(ctx.platform, 'tsa')).certificate.der) }]
        : [],
    roots: roots.map(({ suite, scope, certificate }) => ({ suite, scope, certificate: base64(certificate.der) })),
  }
}
