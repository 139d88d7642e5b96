// Keys of a .p12 as a provider: RSA, P-256 and SM2. SM2 runs in plain JavaScript here, so no key ever reaches Node's export (crypto.md §3).
import type { KeyKind } from './algorithm.ts'
import { entryFor, type HeldCertificate, KeyError, type KeyProvider, usesOf } from './keyprovider.ts'
import { type KeyEntry, P12Error, readP12 } from './p12.ts'
import { unwrapOf, webSigner } from './signature-web.ts'

const kinds: readonly KeyKind[] = ['rsa', 'p256', 'sm2']

/** Opens a .p12. Throws KeyError: wrong-password, or insecure where the page has no WebCrypto. */
export function fileProvider(bytes: Uint8Array, password: string): KeyProvider {
  if (!globalThis.crypto?.subtle) throw new KeyError('insecure')
  let entries = entriesOf(bytes, password)
  return {
    source: 'file',
    can: { sign: kinds, unwrap: kinds },
    certificates: async () => entries.map(({ certificate, chain, uses }) => ({ certificate, chain, uses })),
    signer: async held => webSigner(entryFor(entries, held, 'sign')),
    unwrapper: async held => unwrapOf(entryFor(entries, held, 'encrypt')),
    close: () => {
      for (const { pkcs8 } of entries) pkcs8.fill(0)
      entries = []
    },
  }
}

function entriesOf(bytes: Uint8Array, password: string): (KeyEntry & HeldCertificate)[] {
  try {
    return readP12(bytes, password).map(entry => ({ ...entry, uses: usesOf(entry.certificate) }))
  } catch (error) {
    throw new KeyError(error instanceof P12Error ? 'wrong-password' : 'fault')
  }
}
