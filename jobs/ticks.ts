import type { Ctx } from '~/platform/ctx'
import { archiveTick } from './archive-ticks'
import { checkpointTick, sequenceTick } from './checkpoint'
import { clockTick } from './clock-watch'
import { drawTick } from './draw'
import { reportTick } from './evaluation-ticks'
import { caseTick } from './hall-case'
import { closeTick, openingAsideTick, openingTick } from './opening-ticks'
import { spaceTick } from './space-watch'

/** Something the platform does by itself when its time comes. The state that says so stands in PostgreSQL. */
export interface Tick {
  name: string
  /** When the next of these is due, or null. */
  next(ctx: Ctx): Promise<Date | null>
  /** Does all that is due; doing it twice does it once. */
  run(ctx: Ctx): Promise<void>
}

/** In the order in which they run. */
export const ticks: Tick[] = [
  clockTick,
  closeTick,
  openingTick,
  openingAsideTick,
  sequenceTick,
  checkpointTick,
  caseTick,
  drawTick,
  reportTick,
  archiveTick,
  spaceTick,
]
