// Bids kept in this browser: what is signed and public in IndexedDB, ciphertext in the origin's private file system.
import { answered, inStore } from '~/platform/browser-store'
import type { KeptBid } from './kept-bid'

const shelf = { database: 'sealed-bids', store: 'bid', keyPath: 'id' }
/** Folder of the origin's private file system under which each kept bid has its own. */
export const keptFolder = 'sealed-bids'

/** Every kept bid, whosesoever; none where the browser keeps nothing. */
export async function listKeptBids(): Promise<KeptBid[]> {
  if (!globalThis.indexedDB) return []
  return inStore(shelf, 'readonly', bids => answered(bids.getAll() as IDBRequest<KeptBid[]>))
}

/** The kept bid of this id, if it is still there. */
export const readKeptBid = (id: string): Promise<KeptBid | undefined> =>
  inStore(shelf, 'readonly', bids => answered(bids.get(id) as IDBRequest<KeptBid | undefined>))

/** Keeps a bid, or what has become of it. */
export const putKeptBid = (kept: KeptBid): Promise<unknown> => inStore(shelf, 'readwrite', bids => answered(bids.put(kept)))

/** The folder that holds the folders of kept bids. */
export async function keptFolders(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(keptFolder, { create: true })
}

const lockOf = (name: string) => `sealed-bid ${name}`

/** Runs while no other page of this browser holds this name, a kept bid's id for one; null, and nothing is run, when one does. */
export async function alone<T>(name: string, run: () => Promise<T>): Promise<{ result: T } | null> {
  return navigator.locks.request(lockOf(name), { ifAvailable: true }, async (lock): Promise<{ result: T } | null> => {
    return lock ? { result: await run() } : null
  })
}

/** Removes a kept bid and its ciphertext from this browser; removing it twice is removing it once. */
export async function discardKeptBid(id: string): Promise<void> {
  await inStore(shelf, 'readwrite', bids => answered(bids.delete(id)))
  const folders = await keptFolders()
  await folders.removeEntry(id, { recursive: true }).catch((error: unknown) => {
    if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error
  })
}

/** Tells the platform that what has come of these files is not wanted; where it does not hear it removes them by their age. */
async function giveUploadsUp({ files }: KeptBid): Promise<void> {
  const begun = files.flatMap(({ uploadId }) => uploadId ?? [])
  await Promise.allSettled(begun.map(uploadId => fetch(`/api/v1/uploads/${uploadId}`, { method: 'DELETE' })))
}

/** The same for a person who lets it go, at the platform as well; false, and nothing is removed, while another page works on it. */
export async function discardUnlessBusy(id: string): Promise<boolean> {
  const held = await alone(id, async () => {
    const kept = await readKeptBid(id)
    await discardKeptBid(id)
    if (kept) await giveUploadsUp(kept)
  })
  return held !== null
}
