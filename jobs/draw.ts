import { nextDrawStep, stepDraws } from '~/trading/draw/draw-tick.server'
import { nextSnapshot, snapshotNightly } from '~/trading/draw/pool-snapshot.server'
import type { Tick } from './ticks'

/** Draws go on by themselves: begun when the bids are known, the platform's own part, seating, invitations that ran out. */
export const drawTick: Tick = { name: 'trading.draw', next: nextDrawStep, run: stepDraws }

/** The library is snapshot every night, so that draws of the day find it ready (crypto.md §4 step 1). */
export const snapshotTick: Tick = { name: 'trading.expert-snapshot', next: nextSnapshot, run: snapshotNightly }
