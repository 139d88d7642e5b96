import type { Ctx } from '~/platform/ctx'
import { Refusal } from '~/shared/refusal'
import { postMessage } from './draw-message.server'
import { seatPanel } from './draw-outcome.server'
import { recordMismatch } from './misconduct.server'

type Posted = Parameters<typeof postMessage>[1]

/** A refusal rolls back whatever it was about; that a party published a wrong share is kept by a transaction of its own. */
async function remember(platform: Ctx, id: string, error: unknown): Promise<never> {
  if (error instanceof Refusal && error.code === 'draw-share-mismatch')
    await recordMismatch(platform, { id, party: String(error.facts.party), about: String(error.facts.about) })
  throw error
}

/**
 * Takes a party's message, and seats the panel at once if it was the last share missing: nobody waits for the next sweep. If this
 * process ends in between, the clock finds the secrets out and the panel unseated, and does the same.
 */
export async function postAndSeat(ctx: Ctx, posted: Posted): Promise<{ accepted: boolean }> {
  const platform: Ctx = { ...ctx, actor: { kind: 'system', name: 'trading.draw' }, address: '' }
  const { isLastShare } = await postMessage(ctx, posted).catch((error: unknown) => remember(platform, posted.id, error))
  if (isLastShare) {
    await seatPanel(platform, { id: posted.id }).catch((error: unknown) =>
      ctx.platform.logger.error({ err: error, draw: posted.id }, 'seating after the last share'),
    )
  }
  return { accepted: true }
}
