import { listDueArchives, needsCheckpoint, packArchives } from '~/trading/archive/archive.server'
import type { Tick } from './ticks'

/** Packs archives whose log entries the witness has cosigned. */
export const archiveTick: Tick = {
  name: 'trading.archive',
  next: async ctx => ((await needsCheckpoint(ctx)) || (await listDueArchives(ctx)).length > 0 ? ctx.now : null),
  run: packArchives,
}
