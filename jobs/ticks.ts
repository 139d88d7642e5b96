import type { Ctx } from '~/platform/ctx'
import { actStampTick } from './act-stamp'
import { archiveTick } from './archive-ticks'
import { checkpointTick, sequenceTick, stampTick } from './checkpoint'
import { clockTick } from './clock-watch'
import { drawTick } from './draw'
import { reportTick } from './evaluation-ticks'
import { expertTick, importTick } from './expert'
import { caseTick } from './hall-case'
import { closeTick, openingAsideTick, openingTick, readAheadTick } from './opening-ticks'
import { forgetTick } from './outbox-sweep'
import { spaceTick } from './space-watch'
import { trustTick } from './trust-watch'
import { uploadTick } from './upload-sweep'

/** Something the platform does by itself when its time comes. The state that says so stands in PostgreSQL. */
export interface Tick {
  name: string
  /** When the next of these is due, or null. */
  next(ctx: Ctx): Promise<Date | null>
  /** Does all that is due; doing it twice does it once. */
  run(ctx: Ctx): Promise<void>
}

/** By clocks of their own: lots close on the second whatever else is under way, and openings wait for nothing but openings. */
export const tickLists: Tick[][] = [
  [clockTick, closeTick],
  [readAheadTick],
  [openingTick, openingAsideTick, sequenceTick, checkpointTick],
  [caseTick, expertTick, drawTick, reportTick, archiveTick, spaceTick, trustTick, forgetTick, uploadTick],
  [stampTick, actStampTick],
  [importTick],
]

/** All of them, in the order in which one clock runs them. */
export const ticks: Tick[] = tickLists.flat()
