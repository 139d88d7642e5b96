import type { Ctx, Platform } from '~/platform/ctx'
import type { Tick } from './ticks'

/**
 * What a process does for its platform every `everyMs` by its own monotonic clock, the first time at once; after a failure it waits
 * as long. `rest` sets another pause, in ms, until the next time.
 */
export function watch(name: string, everyMs: number, run: (ctx: Ctx, rest: (ms: number) => void) => Promise<unknown>): Tick {
  const dueAt = new WeakMap<Platform, number>()
  const isDue = ({ platform }: Ctx) => performance.now() >= (dueAt.get(platform) ?? 0)
  return {
    name,
    next: async ctx => (isDue(ctx) ? ctx.now : null),
    run: async ctx => {
      const rest = (ms: number) => void dueAt.set(ctx.platform, performance.now() + ms)
      rest(everyMs)
      await run(ctx, rest)
    },
  }
}
