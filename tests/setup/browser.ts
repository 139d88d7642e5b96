// What a browser gives to the workers that seal and send: a private file system, IndexedDB, locks. In memory, one world for all its pages.
import { setImmediate as nextTurn } from 'node:timers/promises'

const missing = (name: string) => new DOMException(`${name} is not there`, 'NotFoundError')

class FakeFile {
  bytes = new Uint8Array()
  async getFile(): Promise<Blob> {
    return new Blob([this.bytes])
  }
  async createSyncAccessHandle() {
    return {
      write: (from: Uint8Array, { at }: { at: number }) => {
        if (at + from.length > this.bytes.length) this.resize(at + from.length)
        this.bytes.set(from, at)
        return from.length
      },
      truncate: (size: number) => this.resize(size),
      flush: () => {},
      close: () => {},
    }
  }
  private resize(size: number): void {
    const grown = new Uint8Array(size)
    grown.set(this.bytes.subarray(0, size))
    this.bytes = grown
  }
}

/** A folder of the private file system (WHATWG File System), with what it holds in the open for tests. */
export class FakeFolder {
  entries = new Map<string, FakeFolder | FakeFile>()
  async getDirectoryHandle(name: string, { create = false } = {}): Promise<FakeFolder> {
    return this.find(name, create, () => new FakeFolder()) as FakeFolder
  }
  async getFileHandle(name: string, { create = false } = {}): Promise<FakeFile> {
    return this.find(name, create, () => new FakeFile()) as FakeFile
  }
  async removeEntry(name: string): Promise<void> {
    if (!this.entries.delete(name)) throw missing(name)
  }
  async *keys(): AsyncGenerator<string> {
    yield* [...this.entries.keys()]
  }
  private find(name: string, create: boolean, make: () => FakeFolder | FakeFile): FakeFolder | FakeFile {
    const found = this.entries.get(name) ?? (create ? make() : null)
    if (!found) throw missing(name)
    this.entries.set(name, found)
    return found
  }
}

type Rows = Map<string, unknown>

/** One database of IndexedDB with one store; requests are answered in a later turn, like a browser's. */
function fakeDatabases() {
  const databases = new Map<string, { rows: Rows; keyPath: string }>()
  const answer = <T>(run: () => T) => {
    const request = { result: undefined as T | undefined, error: null, onsuccess: () => {}, onupgradeneeded: () => {} }
    void nextTurn().then(() => {
      request.result = run()
      request.onsuccess()
    })
    return request
  }
  const storeOf = ({ rows, keyPath }: { rows: Rows; keyPath: string }) => ({
    getAll: () => answer(() => structuredClone([...rows.values()])),
    get: (key: string) => answer(() => structuredClone(rows.get(key))),
    put: (row: Record<string, string>) => {
      const kept = structuredClone(row)
      return answer(() => void rows.set(String(kept[keyPath]), kept))
    },
    delete: (key: string) => answer(() => void rows.delete(key)),
  })
  const opened = (name: string, request: { onupgradeneeded(): void; result: unknown }) => {
    const db = {
      createObjectStore: (_store: string, { keyPath }: { keyPath: string }) => databases.set(name, { rows: new Map(), keyPath }),
      transaction: () => {
        const work = { oncomplete: () => {}, objectStore: () => storeOf(databases.get(name)!) }
        // Requests made in the turn after the last answer belong to it still.
        void nextTurn()
          .then(() => nextTurn())
          .then(() => work.oncomplete())
        return work
      },
      close: () => {},
    }
    request.result = db
    if (!databases.has(name)) request.onupgradeneeded()
    return db
  }
  type Opening = ReturnType<typeof answer<unknown>>
  const open = (name: string): Opening => {
    const request: Opening = answer<unknown>(() => opened(name, request))
    return request
  }
  return { open }
}

/** Web Locks, as far as `ifAvailable` goes. */
function fakeLocks() {
  const held = new Set<string>()
  const request = async (name: string, _options: { ifAvailable: true }, run: (lock: object | null) => unknown) => {
    if (held.has(name)) return run(null)
    held.add(name)
    try {
      return await run({ name })
    } finally {
      held.delete(name)
    }
  }
  return { request, held }
}

/** One browser: `stubs` are the globals its workers see. */
export function fakeBrowser() {
  const root = new FakeFolder()
  const locks = fakeLocks()
  const storage = { getDirectory: async () => root, estimate: async () => ({ quota: 2 ** 40, usage: 0 }) }
  return { root, locks, stubs: { navigator: { storage, locks }, indexedDB: fakeDatabases() } }
}
