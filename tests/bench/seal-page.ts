// A gigabyte sealed on the bidder's own page of a real site: time, memory and whether the page stayed alive.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CDPSession, Page } from 'playwright-core'
import { aLotTakingBids, fillBid, partyIn, writeBid } from '@/tests/e2e/bidding'
import { launchKept } from '@/tests/e2e/browser'
import { type Story, signInPage, startStory } from '@/tests/e2e/site'
import { type Figure, timed } from './figure'

const gibibyte = 2 ** 30
const mib = (bytes: number) => bytes / 2 ** 20

type Usage = { usedSize: number; embedderHeapUsedSize?: number; backingStorageSize?: number }
type Ask = (method: string) => Promise<unknown>

/** Bytes a page or worker holds once its garbage is gone: objects, what the browser keeps for them, and buffers. */
async function heldBy(ask: Ask): Promise<number> {
  await ask('HeapProfiler.collectGarbage')
  const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = (await ask('Runtime.getHeapUsage')) as Usage
  return usedSize + embedderHeapUsedSize + backingStorageSize
}

/** The page's workers as DevTools sees them: one asker for each that is alive. */
async function workersOf(devtools: CDPSession): Promise<Map<string, Ask>> {
  const workers = new Map<string, Ask>()
  const waiting = new Map<number, (answer: unknown) => void>()
  let number = 0
  devtools.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type !== 'worker') return
    const ask: Ask = method =>
      new Promise(resolve => {
        const id = ++number
        waiting.set(id, resolve)
        const gone = () => resolve({ usedSize: 0 })
        devtools.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) }).catch(gone)
      })
    workers.set(sessionId, ask)
  })
  devtools.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message)
    waiting.get(id)?.(result ?? { usedSize: 0 })
    waiting.delete(id)
  })
  devtools.on('Target.detachedFromTarget', ({ sessionId }) => void workers.delete(sessionId))
  await devtools.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false })
  return workers
}

/** Starts to watch how long the page's own thread is ever busy at a stretch, having seen that a busy stretch is noticed. */
const watchTasks = (page: Page) =>
  page.evaluate(async () => {
    const seen = window as unknown as { longest: number }
    seen.longest = 0
    new PerformanceObserver(list => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration)
    }).observe({ type: 'longtask' })
    await new Promise(resolve => setTimeout(resolve, 100))
    for (const end = performance.now() + 120; performance.now() < end; );
    await new Promise(resolve => setTimeout(resolve, 500))
    if (seen.longest < 100) throw new Error('a busy stretch of the page went unnoticed')
    seen.longest = 0
  })
const longestTask = (page: Page) => page.evaluate(() => (window as unknown as { longest: number }).longest)

/** What the page says it does, and how much of it is done. */
const progressOf = (page: Page) =>
  page.evaluate(() => {
    const progress = document.querySelector('progress')
    return { phase: progress?.labels[0]?.textContent?.split('：')[0] ?? '', share: progress?.value ?? 0 }
  })

interface Watched {
  sealMs: number
  grownMiB: number
  samples: number
  sentMs: number
  longestMs: number
}

async function sealWatched(page: Page): Promise<Watched> {
  const devtools = await page.context().newCDPSession(page)
  const ask = devtools.send.bind(devtools) as Ask
  const start = await heldBy(ask)
  const workers = await workersOf(devtools)
  await watchTasks(page)
  const [began, grown] = [performance.now(), [] as number[]]
  const due: Record<string, number> = {}
  let [sealedAt, counted] = [0, 0]
  await page.getByRole('button', { name: '密封并上传' }).click()
  for (let done = false; !done; await sleep(100)) {
    const { phase, share } = await progressOf(page)
    if (phase === '正在上传') sealedAt ||= performance.now()
    done = sealedAt > 0 && phase === ''
    if (done || share < (due[phase] ?? 0.2)) continue
    due[phase] = share + 0.2
    let held = await heldBy(ask)
    for (const worker of [...workers.values()]) {
      const own = await heldBy(worker)
      if (own > 0) counted++
      held += own
    }
    grown.push(mib(held - start))
  }
  const sentAt = performance.now()
  if (counted < grown.length) throw new Error(`${grown.length} samples, a worker was counted in ${counted}`)
  const longestMs = await longestTask(page)
  return { sealMs: sealedAt - began, sentMs: sentAt - sealedAt, grownMiB: Math.max(...grown), samples: grown.length, longestMs }
}

async function bidderPage(story: Story, folder: string) {
  const lotId = await aLotTakingBids(story)
  await partyIn(story, 'bidder1')
  const context = await launchKept(join(folder, 'profile'), story.url)
  const page = context.pages()[0] ?? (await context.newPage())
  await signInPage(page, 'bidder1')
  await page.goto(`/bidder/lots/${lotId}/submission`)
  return { context, page }
}

/** Seals and sends 1 GiB from a real file on the bidder's page; how much memory it takes and how long the page is ever busy. */
export async function* onThePage(): AsyncIterable<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'open-tender-bench-'))
  const story = await startStory()
  try {
    const technical = join(folder, '技术标.pdf')
    writeBid(technical, gibibyte)
    const { context, page } = await bidderPage(story, folder)
    await fillBid(page, story, { login: 'bidder1', technical })
    const { sealMs, sentMs, grownMiB, samples, longestMs } = await sealWatched(page)
    await page.getByText('已准备好，尚未递交').waitFor()
    await context.close()
    yield timed('seal', 'the bidder’s page seals 1 GiB from a file into its store, hashes and all', 'ms', sealMs)
    yield timed('seal', 'the same sends it to the platform on this machine', 'ms', sentMs)
    yield timed('seal', `heap of page and workers over the page’s start, after collection, most of ${samples}`, 'MiB', grownMiB)
    yield timed('seal', 'longest task of the page’s own thread meanwhile (0: none of 50 ms)', 'ms', longestMs)
  } finally {
    await story.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
