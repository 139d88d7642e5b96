// Runs in a web worker: the sealing body over fresh bytes, beside the bare AEAD over the same bytes in the same chunks.
import { chunkBytes, chunkSealer } from '../../crypto/chunked'
import { webRandom, webSuites } from '../../crypto/suite-web'

const mebibyte = 2 ** 20
const chunksAtOnce = 64

async function timeOf(run: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

self.onmessage = async ({ data }: MessageEvent<{ suite: 'intl' | 'gm'; mebibytes: number }>) => {
  const suite = webSuites[data.suite]
  const key = webRandom(suite.keyBytes)
  const piece = new Uint8Array(mebibyte)
  for (let at = 0; at < mebibyte; at += 65_536) piece.set(webRandom(65_536), at)
  const ours = async () => {
    const sealer = await chunkSealer(suite, key, webRandom(24), new Uint8Array(32))
    for (let i = 0; i < data.mebibytes; i++) await sealer.push(piece)
    await sealer.finish()
  }
  const bare = async () => {
    const aead = await suite.aead(key)
    const out = new Uint8Array(chunkBytes + 16)
    for (let i = 0; i < data.mebibytes; i++) {
      const chunks = Array.from({ length: chunksAtOnce }, (_, at) =>
        aead.seal(new Uint8Array(12), piece.subarray(at * chunkBytes, (at + 1) * chunkBytes), out),
      )
      await Promise.all(chunks)
    }
  }
  await ours()
  const runs: { ours: number; floor: number }[] = []
  for (let round = 0; round < 3; round++) runs.push({ ours: await timeOf(ours), floor: await timeOf(bare) })
  const middle = (values: number[]) => values.sort((a, b) => a - b)[1]!
  self.postMessage({ ours: middle(runs.map(r => r.ours)), floor: middle(runs.map(r => r.floor)) })
}
