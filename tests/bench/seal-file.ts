// A gigabyte from a real file, opened in a process of its own: time and memory of what the server does with a large bid.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshPair, kidOf } from '@/bin/client/keys'
import { root } from '@/bin/processes'
import { hex, unhex } from '@/crypto/bytes'
import { openFile } from '@/crypto/open'
import { sealStage } from '@/crypto/seal'
import { nodeRandom, nodeSuites } from '@/crypto/suite-node'
import { type Figure, timed } from './figure'

const mebibyte = 2 ** 20

const bind = {
  project: 'P1',
  lot: 'L1',
  round: 1,
  stage: 'main',
  deadline: '2026-12-01T01:30:00Z',
  bidderCert: '0'.repeat(64),
  policy: '0'.repeat(64),
}

/** Seals `mebibytes` of random content into a file; gives the key that opens it. */
async function sealedFile(path: string, mebibytes: number): Promise<Uint8Array> {
  const suite = nodeSuites.intl
  const { spki } = freshPair()
  const to = [{ alg: 'HPKE-P256' as const, kid: kidOf(spki), spki }]
  let stageKey: Uint8Array | null = null
  // The first 32 random bytes of a sealing are its stage key.
  const random = (n: number) => {
    const bytes = nodeRandom(n)
    stageKey ??= bytes
    return bytes
  }
  const sealer = await sealStage({ suite, random, bind, mode: 'bidder', bidderKeys: to, lotKeys: [], k: 0 })
  const file = await sealer.file({
    role: 'technical',
    name: 'big.bin',
    type: 'application/octet-stream',
    size: mebibytes * mebibyte,
  })
  const out = createWriteStream(path)
  const write = async (pieces: Uint8Array[]) => {
    for (const piece of pieces) if (!out.write(piece)) await once(out, 'drain')
  }
  const content = nodeRandom(mebibyte)
  for (let i = 0; i < mebibytes; i++) await write(await file.push(content))
  await write((await file.finish()).rest)
  out.end()
  await once(out, 'finish')
  return stageKey!
}

interface Opened {
  ms: number
  rssMiB: number
  bytes: number
}

/** Peak memory of this program. A process's own account of it begins with its parent's, so Linux's is asked where there is one. */
function peakMiB(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]
  return (peak ? Number(peak) : process.resourceUsage().maxRSS) / 1024
}

/** What the child does: opens the whole file, throws the content away, says what it took. */
async function openIt(path: string, key: string): Promise<Opened> {
  const opener = openFile(nodeSuites, unhex(key))
  const start = performance.now()
  let bytes = 0
  for await (const piece of createReadStream(path, { highWaterMark: mebibyte }))
    for (const plain of await opener.push(piece)) bytes += plain.length
  const { rest } = await opener.finish()
  for (const plain of rest) bytes += plain.length
  return { ms: performance.now() - start, rssMiB: peakMiB(), bytes }
}

/** Opens 1 GiB (or less) from disk in its own process: whole path with frame, padding and content root. */
export async function* benchLargeFile(mebibytes = 1024): AsyncIterable<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'open-tender-bench-'))
  const path = join(folder, 'sealed.tbid')
  try {
    const key = hex(await sealedFile(path, mebibytes))
    const child = fork('bin/run.mjs', ['tests/bench/seal-file.ts', path, key], { cwd: root })
    const [answer] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`the opening process ended with ${code}`))),
    ])) as [Opened]
    if (answer.bytes !== mebibytes * mebibyte) throw new Error(`${answer.bytes} bytes came out`)
    const perGigabyte = 1024 / mebibytes
    yield timed('seal', 'server opens a 1 GiB file whole: frame, padding and content root', 'ms per GiB', answer.ms * perGigabyte)
    yield timed('seal', 'peak memory of the process that opened it', 'MiB', answer.rssMiB)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.send && process.argv.length === 4) {
  const [path, key] = process.argv.slice(2) as [string, string]
  process.send(await openIt(path, key), () => process.exit(0))
}
