// Bids kept in this browser: what is signed and public in IndexedDB, ciphertext in the origin's private file system.
import type { KeptBid } from './kept-bid'

const database = 'sealed-bids'
const store = 'bid'
/** Folder of the origin's private file system under which each kept bid has its own. */
export const keptFolder = 'sealed-bids'

const answered = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

async function inStore<T>(mode: IDBTransactionMode, run: (bids: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open(database, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(store, { keyPath: 'id' })
  const db = await answered(opening)
  try {
    // `strict`: what is said to be kept has reached the disk.
    const work = db.transaction(store, mode, { durability: mode === 'readonly' ? 'default' : 'strict' })
    const done = new Promise<void>((resolve, reject) => {
      work.oncomplete = () => resolve()
      work.onabort = () => reject(work.error)
    })
    const result = await answered(run(work.objectStore(store)))
    await done
    return result
  } finally {
    db.close()
  }
}

/** Every kept bid, whosesoever; none where the browser keeps nothing. */
export async function listKeptBids(): Promise<KeptBid[]> {
  if (!globalThis.indexedDB) return []
  return inStore('readonly', bids => bids.getAll() as IDBRequest<KeptBid[]>)
}

/** The kept bid of this id, if it is still there. */
export const readKeptBid = (id: string): Promise<KeptBid | undefined> =>
  inStore('readonly', bids => bids.get(id) as IDBRequest<KeptBid | undefined>)

/** Keeps a bid, or what has become of it. */
export const putKeptBid = (kept: KeptBid): Promise<unknown> => inStore('readwrite', bids => bids.put(kept))

/** The folder that holds the folders of kept bids. */
export async function keptFolders(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(keptFolder, { create: true })
}

/** Removes a kept bid and its ciphertext from this browser; removing it twice is removing it once. */
export async function discardKeptBid(id: string): Promise<void> {
  await inStore('readwrite', bids => bids.delete(id))
  const folders = await keptFolders()
  await folders.removeEntry(id, { recursive: true }).catch((error: unknown) => {
    if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error
  })
}
