// Sealed files in the origin's private file system, written and read in place: memory stays flat whatever their size.
import type { Bytes } from '@/crypto/bytes'
import { Failed } from './failed.worker'
import { keptFolders, listKeptBids } from './kept-bid-client'

/** What workers have beside the page's FileSystemFileHandle (WHATWG File System, §2.6). */
interface SyncAccess {
  read(into: Uint8Array, options: { at: number }): number
  write(from: Uint8Array, options: { at: number }): number
  truncate(size: number): void
  getSize(): number
  flush(): void
  close(): void
}
type WorkerFile = FileSystemFileHandle & { createSyncAccessHandle?(): Promise<SyncAccess> }

async function accessTo(folder: FileSystemDirectoryHandle, name: string, create: boolean): Promise<SyncAccess> {
  const file: WorkerFile = await folder.getFileHandle(name, { create })
  if (!file.createSyncAccessHandle) throw new Failed('no-store')
  return file.createSyncAccessHandle()
}

/** Throws no-store unless this browser keeps files the way sealing needs them. */
export async function checkStore(): Promise<void> {
  if (!navigator.storage?.getDirectory || !navigator.locks || !globalThis.indexedDB) throw new Failed('no-store')
  const probe = `probe-${crypto.randomUUID()}`
  try {
    const all = await navigator.storage.getDirectory()
    const access = await accessTo(all, probe, true)
    access.close()
    await all.removeEntry(probe)
    await listKeptBids()
  } catch {
    throw new Failed('no-store')
  }
}

/** Throws no-room, with the bytes, unless this browser may keep so many more. */
export async function checkRoom(needed: number): Promise<void> {
  const { quota = 0, usage = 0 } = await navigator.storage.estimate()
  const free = Math.max(0, quota - usage)
  if (free < needed) throw new Failed('no-room', { room: { needed, free } })
}

const lockOf = (bidId: string) => `sealed-bid ${bidId}`

/** Runs while no other page works on this kept bid; throws busy when one does. */
export function holdBid<T>(bidId: string, run: () => Promise<T>): Promise<T> {
  return navigator.locks.request(lockOf(bidId), { ifAvailable: true }, lock => {
    if (!lock) throw new Failed('busy')
    return run()
  }) as Promise<T>
}

/** Removes ciphertext whose sealing was broken off: nobody signed it, nobody holds it, its key is gone. */
export async function sweepStore(): Promise<void> {
  const folders = await keptFolders()
  const kept = new Set((await listKeptBids()).map(bid => bid.id))
  for await (const name of (folders as FileSystemDirectoryHandle & { keys(): AsyncIterable<string> }).keys()) {
    if (kept.has(name)) continue
    const remove = () => folders.removeEntry(name, { recursive: true })
    await navigator.locks.request(lockOf(name), { ifAvailable: true }, lock => (lock ? remove() : undefined))
  }
}

export interface SealedOut {
  write(pieces: Bytes[]): void
  close(): void
}

/** A new sealed file of exactly `size` bytes; its room is taken at once. Throws no-room. */
export async function createSealed(bidId: string, fileId: string, size: number): Promise<SealedOut> {
  const folder = await (await keptFolders()).getDirectoryHandle(bidId, { create: true })
  const access = await accessTo(folder, fileId, true)
  let at = 0
  try {
    access.truncate(size)
  } catch (error) {
    access.close()
    throw error
  }
  return {
    write(pieces) {
      for (const piece of pieces) {
        if (access.write(piece, { at }) !== piece.length) throw new Failed('no-room')
        at += piece.length
      }
    },
    close() {
      access.flush()
      access.close()
    },
  }
}

export interface SealedIn {
  size: number
  /** The bytes from `at` on, at most `length`. */
  read(at: number, length: number): Bytes
  close(): void
}

/** A kept sealed file. Throws kept-missing when the browser has cleared it away. */
export async function openSealed(bidId: string, fileId: string): Promise<SealedIn> {
  const folder = await (await keptFolders()).getDirectoryHandle(bidId).catch(() => null)
  const access = folder && (await accessTo(folder, fileId, false).catch(() => null))
  if (!access) throw new Failed('kept-missing')
  return {
    size: access.getSize(),
    read(at, length) {
      const bytes = new Uint8Array(length)
      return bytes.subarray(0, access.read(bytes, { at }))
    },
    close: () => access.close(),
  }
}
