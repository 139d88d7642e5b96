import { nextCaseDue, runDueCases } from '~/hall/case/case-clock.server'
import type { Tick } from './ticks'

/** Limits of hall cases that pass without anybody acting. */
export const caseTick: Tick = { name: 'hall.case.limit', next: nextCaseDue, run: runDueCases }
