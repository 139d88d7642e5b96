// A process's own clock, set from outside while it runs (Debian's faketime).
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folders = ['/usr/lib', '/usr/lib64']

/** Debian's libfaketime for threads. Throws, naming the package, where it is not installed. */
function library(): string {
  for (const folder of folders) {
    for (const below of ['', ...readdirSync(folder)]) {
      try {
        const name = readdirSync(join(folder, below, 'faketime')).find(file => file.startsWith('libfaketimeMT.so'))
        if (name) return join(folder, below, 'faketime', name)
      } catch {}
    }
  }
  throw new Error('libfaketime is not installed: apt-get install faketime')
}

export interface FakeClock {
  env: Record<string, string>
  /** Seconds ahead of the real time; negative: behind. Seen by the process within a second. */
  set(seconds: number): void
}

/** A clock kept in a file of `folder`, which every user of the machine may read. Timers stay real: only the time of day is faked. */
export function fakeClock(folder: string, name: string): FakeClock {
  const file = join(folder, `${name}.clock`)
  const set = (seconds: number) => writeFileSync(file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`, { mode: 0o644 })
  set(0)
  const env = {
    LD_PRELOAD: library(),
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
    FAKETIME_CACHE_DURATION: '1',
  }
  return { env, set }
}
