import type { Ctx } from '~/platform/ctx'
import { postMessage } from './draw-message.server'
import { seatPanel } from './draw-outcome.server'

type Posted = Parameters<typeof postMessage>[1]

/**
 * Takes a party's message, and seats the panel at once if it was the last share missing: nobody waits for the next sweep. If this
 * process ends in between, the clock finds the secrets out and the panel unseated, and does the same.
 */
export async function postAndSeat(ctx: Ctx, posted: Posted): Promise<{ accepted: boolean }> {
  const { isLastShare } = await postMessage(ctx, posted)
  if (isLastShare) {
    const platform: Ctx = { ...ctx, actor: { kind: 'system', name: 'trading.draw' }, address: '' }
    await seatPanel(platform, { id: posted.id }).catch((error: unknown) =>
      ctx.platform.logger.error({ err: error, draw: posted.id }, 'seating after the last share'),
    )
  }
  return { accepted: true }
}
