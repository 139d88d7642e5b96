import { nextDrawStep, stepDraws } from '~/trading/draw/draw-tick.server'
import type { Tick } from './ticks'

/** Draws go on by themselves: begun when the bids are known, the platform's own part, seating, invitations that ran out. */
export const drawTick: Tick = { name: 'trading.draw', next: nextDrawStep, run: stepDraws }
