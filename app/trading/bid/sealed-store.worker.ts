// Sealed files in the origin's private file system, written in place and sent from the disk: memory stays flat whatever their size.
import type { Bytes } from '@/crypto/bytes'
import { Failed } from './failed.worker'
import { alone, keptFolders, listKeptBids } from './kept-bid-client'

/** What workers have beside the page's FileSystemFileHandle (WHATWG File System, §2.6). */
interface SyncAccess {
  write(from: Uint8Array, options: { at: number }): number
  truncate(size: number): void
  flush(): void
  close(): void
}
type WorkerFile = FileSystemFileHandle & { createSyncAccessHandle?(): Promise<SyncAccess> }

async function accessTo(folder: FileSystemDirectoryHandle, name: string): Promise<SyncAccess> {
  const file: WorkerFile = await folder.getFileHandle(name, { create: true })
  if (!file.createSyncAccessHandle) throw new Failed('no-store')
  return file.createSyncAccessHandle()
}

/** Throws no-store unless this browser keeps files the way sealing needs them. */
export async function checkStore(): Promise<void> {
  if (!navigator.storage?.getDirectory || !navigator.locks || !globalThis.indexedDB) throw new Failed('no-store')
  const probe = `probe-${crypto.randomUUID()}`
  try {
    const all = await navigator.storage.getDirectory()
    const access = await accessTo(all, probe)
    access.close()
    await all.removeEntry(probe)
    await listKeptBids()
  } catch {
    throw new Failed('no-store')
  }
}

const mebibyte = 1_048_576

/** Bytes that the file can be made to hold: found by halving, to the MiB. */
function largest(access: SyncAccess, wanted: number): number {
  let [fits, fails] = [0, Math.ceil(wanted / mebibyte)]
  while (fails - fits > 1) {
    const middle = Math.floor((fits + fails) / 2)
    try {
      access.truncate(middle * mebibyte)
      fits = middle
    } catch {
      fails = middle
    }
  }
  return fits * mebibyte
}

/**
 * Throws no-room, with the bytes, unless this browser lets us keep so many more. Its own estimate is coarse on purpose (Chromium says
 * 10 GiB to everybody), so the room is taken for a moment.
 */
export async function checkRoom(needed: number): Promise<void> {
  const { quota = 0, usage = 0 } = await navigator.storage.estimate()
  const told = Math.max(0, quota - usage)
  if (told < needed) throw new Failed('no-room', { room: { needed, free: told } })
  const all = await navigator.storage.getDirectory()
  const probe = `probe-${crypto.randomUUID()}`
  const access = await accessTo(all, probe)
  try {
    access.truncate(needed)
  } catch {
    throw new Failed('no-room', { room: { needed, free: largest(access, needed) } })
  } finally {
    access.close()
    await all.removeEntry(probe)
  }
}

/** Runs while no other page works on this kept bid, or on whatever else is named; throws busy when one does. */
export async function holdBid<T>(name: string, run: () => Promise<T>): Promise<T> {
  const held = await alone(name, run)
  if (!held) throw new Failed('busy')
  return held.result
}

/** Removes ciphertext whose sealing was broken off: nobody signed it, nobody holds it, its key is gone. */
export async function sweepStore(): Promise<void> {
  const folders = await keptFolders()
  const kept = new Set((await listKeptBids()).map(bid => bid.id))
  for await (const name of (folders as FileSystemDirectoryHandle & { keys(): AsyncIterable<string> }).keys()) {
    if (!kept.has(name)) await alone(name, () => folders.removeEntry(name, { recursive: true }))
  }
}

export interface SealedOut {
  write(pieces: Bytes[]): void
  close(): void
}

/** A new sealed file of exactly `size` bytes; its room is taken at once. Throws no-room. */
export async function createSealed(bidId: string, fileId: string, size: number): Promise<SealedOut> {
  const folder = await (await keptFolders()).getDirectoryHandle(bidId, { create: true })
  const access = await accessTo(folder, fileId)
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

/**
 * A kept sealed file, from the disk as it is read: bodies that are slices of it go out ten times as fast as bytes of this worker's.
 * Throws kept-missing when the browser has cleared it away.
 */
export async function openSealed(bidId: string, fileId: string): Promise<Blob> {
  try {
    const folder = await (await keptFolders()).getDirectoryHandle(bidId)
    return await (await folder.getFileHandle(fileId)).getFile()
  } catch {
    throw new Failed('kept-missing')
  }
}
