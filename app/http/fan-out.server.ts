import type { Response } from 'express'

/** One event as it goes over the line, made once for all watchers. */
export interface Frame {
  seq: number
  bytes: Buffer
}

interface Watcher {
  response: Response
  /** Place in `frames` of the next one this watcher has not been sent. */
  next: number
  /** Since when its line has been full, or null. */
  fullSince: number | null
}

/** Everybody who watches one thing in this process. */
export interface Room {
  /** Reads what is new and sends it; calls that come meanwhile make it look once more. */
  refresh(): Promise<void>
  /** Sends what comes after `seq`, and everything from then on, until the response closes. */
  join(response: Response, seq: number): void
  /** Drops watchers whose line has been full too long: they come back and go on where they stopped. */
  sweep(now: number): void
  size(): number
}

/** A reader this slow is cut off. */
const patienceMs = 20_000
/** What one write may carry to a watcher that catches up. */
const mostBytes = 256 * 1024

/**
 * A room: what happens is read once, made into bytes once, and the same bytes go to every watcher. A watcher whose line is
 * full is sent nothing until it drains, so that nobody's slowness takes memory or anybody else's time.
 */
export function makeRoom(readAfter: (seq: number) => Promise<Frame[]>): Room {
  const frames: Frame[] = []
  const watchers = new Set<Watcher>()
  let running: Promise<void> | undefined
  let isAsked = false

  const write = (watcher: Watcher, bytes: Buffer, next: number) => {
    watcher.next = next
    if (watcher.response.write(bytes)) return
    watcher.fullSince = Date.now()
    watcher.response.once('drain', () => {
      watcher.fullSince = null
      catchUp(watcher)
    })
  }
  const catchUp = (watcher: Watcher) => {
    while (watcher.fullSince === null && watcher.next < frames.length && !watcher.response.writableEnded) {
      let [end, size] = [watcher.next, 0]
      while (end < frames.length && size < mostBytes) size += frames[end++]!.bytes.length
      write(watcher, Buffer.concat(frames.slice(watcher.next, end).map(frame => frame.bytes)), end)
    }
  }
  const publish = (fresh: Frame[]) => {
    const before = frames.length
    frames.push(...fresh)
    const bytes = Buffer.concat(fresh.map(frame => frame.bytes))
    for (const watcher of watchers)
      if (watcher.next === before && watcher.fullSince === null) write(watcher, bytes, frames.length)
  }
  const read = async () => {
    do {
      isAsked = false
      const fresh = await readAfter(frames.at(-1)?.seq ?? 0)
      if (fresh.length > 0) publish(fresh)
    } while (isAsked)
  }
  return {
    refresh: () => {
      isAsked = true
      running ??= read().finally(() => {
        running = undefined
      })
      return running
    },
    join: (response, seq) => {
      const first = frames.findIndex(frame => frame.seq > seq)
      const watcher: Watcher = { response, next: first === -1 ? frames.length : first, fullSince: null }
      watchers.add(watcher)
      response.once('close', () => watchers.delete(watcher))
      catchUp(watcher)
    },
    sweep: now => {
      for (const { response, fullSince } of watchers) if (fullSince !== null && now - fullSince > patienceMs) response.destroy()
    },
    size: () => watchers.size,
  }
}
