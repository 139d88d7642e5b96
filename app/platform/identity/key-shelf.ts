// Keys that this browser keeps: CryptoKeys that cannot be exported, in IndexedDB beside their certificates.
import type { BrowserKey } from '@/crypto/keyprovider-browser'

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

const database = 'tender-keys'
const store = 'key'

const answered = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

async function inStore<T>(mode: IDBTransactionMode, run: (keys: IDBObjectStore) => Promise<T>): Promise<T> {
  const opening = indexedDB.open(database, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(store, { keyPath: 'fingerprint' })
  const db = await answered(opening)
  try {
    const work = db.transaction(store, mode, { durability: mode === 'readonly' ? 'default' : 'strict' })
    const done = new Promise<void>((resolve, reject) => {
      work.oncomplete = () => resolve()
      work.onabort = () => reject(work.error)
    })
    const result = await run(work.objectStore(store))
    await done
    return result
  } finally {
    db.close()
  }
}

async function readAll(): Promise<ShelvedKey[]> {
  if (!globalThis.indexedDB) return []
  return inStore('readonly', keys => answered(keys.getAll() as IDBRequest<ShelvedKey[]>))
}

/** Keeps keys; all of them or none. */
export const shelveKeys = (made: ShelvedKey[]): Promise<void> =>
  inStore('readwrite', async keys => {
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
  await inStore('readwrite', async keys => {
    for (const { fingerprint } of gone) await answered(keys.delete(fingerprint))
  })
}
