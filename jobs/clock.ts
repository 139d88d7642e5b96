import type { Platform } from '~/platform/ctx'
import { systemCtx } from '~/platform/start.server'
import { type Tick, ticks } from './ticks'

/** Swept at least this often, whatever anybody announced. */
const sweepMs = 1_000

/** Runs every tick whose time has come; each failure is reported and none stops the others. Returns ms until the next is due. */
export async function sweep(platform: Platform, list: Tick[] = ticks): Promise<number> {
  let wait = sweepMs
  for (const tick of list) {
    try {
      const since = performance.now()
      const ctx = await systemCtx(platform, tick.name)
      let next = await tick.next(ctx)
      if (next && next <= ctx.now) {
        await tick.run(ctx)
        next = await tick.next(ctx)
      }
      if (next) wait = Math.min(wait, next.getTime() - ctx.now.getTime() - (performance.now() - since))
    } catch (error) {
      platform.logger.error({ err: error, tick: tick.name }, 'clock')
    }
  }
  return Math.max(20, wait)
}

/** The clock (architecture.md §1.6): sleeps until the earliest due time, at most a second, and sweeps. `close` waits for the sweep under way. */
export function startClock(platform: Platform, list: Tick[] = ticks) {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let wake: (() => void) | undefined
  let isAsked = false
  const loop = async () => {
    while (!stopped) {
      isAsked = false
      const wait = await sweep(platform, list)
      // Asked while it swept: what was announced then may have come too late for that sweep.
      await new Promise<void>(resolve => {
        wake = resolve
        timer = setTimeout(resolve, isAsked ? 0 : wait)
      })
    }
  }
  const running = loop()
  const nudge = () => {
    isAsked = true
    clearTimeout(timer)
    wake?.()
  }
  const close = async () => {
    stopped = true
    nudge()
    await running
  }
  return { nudge, close }
}

/** One clock for each of these lists: what one of them takes long to do delays no other, least of all the closing of lots. */
export function startClocks(platform: Platform, lists: Tick[][]) {
  const clocks = lists.map(list => startClock(platform, list))
  const nudge = () => {
    for (const clock of clocks) clock.nudge()
  }
  return { nudge, close: async () => void (await Promise.all(clocks.map(clock => clock.close()))) }
}
