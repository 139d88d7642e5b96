// Keys that this browser keeps: CryptoKeys that cannot be exported, in IndexedDB beside their certificates.
import type { BrowserKey } from '@/crypto/keyprovider-browser'
import { answered, inStore } from '../browser-store'

/** One key on the shelf. Those made together for one holder are a set and are chosen together. */
export interface ShelvedKey extends BrowserKey {
  fingerprint: string
  setId: string
  /** Common name of the certificate. */
  subject: string
  /** ISO 8601. */
  notAfter: string
}

/** A set as the picker shows it. */
export interface KeySet {
  setId: string
  subject: string
  notAfter: string
  uses: BrowserKey['use'][]
}

const shelf = { database: 'tender-keys', store: 'key', keyPath: 'fingerprint' }

async function readAll(): Promise<ShelvedKey[]> {
  if (!globalThis.indexedDB) return []
  return inStore(shelf, 'readonly', keys => answered(keys.getAll() as IDBRequest<ShelvedKey[]>))
}

/** Keeps keys; all of them or none. */
export const shelveKeys = (made: ShelvedKey[]): Promise<void> =>
  inStore(shelf, 'readwrite', async keys => {
    for (const key of made) await answered(keys.put(key))
  })

/** The keys of a set; none where it is gone. */
export const readSet = async (setId: string): Promise<ShelvedKey[]> => (await readAll()).filter(key => key.setId === setId)

/** Every set on the shelf, newest certificate first. */
export async function listSets(): Promise<KeySet[]> {
  const sets = new Map<string, KeySet>()
  for (const { setId, subject, notAfter, use } of await readAll()) {
    const uses = [...(sets.get(setId)?.uses ?? []), use]
    sets.set(setId, { setId, subject, notAfter, uses })
  }
  return [...sets.values()].sort((a, b) => b.notAfter.localeCompare(a.notAfter))
}

/** Forgets a set for good: nobody has a copy. */
export const forgetSet = async (setId: string): Promise<void> => {
  const gone = await readSet(setId)
  await inStore(shelf, 'readwrite', async keys => {
    for (const { fingerprint } of gone) await answered(keys.delete(fingerprint))
  })
}
