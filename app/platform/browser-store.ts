// What a browser keeps of its own between visits: one IndexedDB store a database. Pages and workers.

/** Result of a request of IndexedDB. */
export const answered = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

/** Runs `run` in one transaction on a store whose rows are named by `keyPath`, making it at first use. All of it is kept or nothing. */
export async function inStore<T>(
  { database, store, keyPath }: { database: string; store: string; keyPath: string },
  mode: IDBTransactionMode,
  run: (rows: IDBObjectStore) => Promise<T>,
): Promise<T> {
  const opening = indexedDB.open(database, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(store, { keyPath })
  const db = await answered(opening)
  try {
    // `strict`: what is said to be kept has reached the disk.
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
