import type { OpeningPeriods } from '../rules/edition'
import { outageRule } from '../rules/outage'
import { type Clocked, endOf } from './opening'

export type Gap = { from: Date; to: Date }

type Running = Clocked & { releaseOpenedAt: Date | null; twinClosedAt: Date | null; outageSeconds: number }

/** Since when the time under way has been running, as far as that can be told; null where none runs. */
function startOf(o: Running, periods: OpeningPeriods): Date | null {
  const end = endOf(o.phase, o)
  if (!end) return null
  if (o.phase === 'releasing') return o.releaseOpenedAt
  if (o.phase === 'reading' && o.twinClosedAt) return o.twinClosedAt
  const seconds = { reading: periods.twinSeconds, objecting: periods.objectionSeconds, confirming: periods.confirmationSeconds }
  const whole = o.phase in seconds ? seconds[o.phase as keyof typeof seconds] : periods.signingSeconds
  return new Date(end.getTime() - (whole + o.outageSeconds) * 1_000)
}

/** Seconds of the time under way that an outage took away; 0 where it ran before or after, or was too short to count. */
export function secondsLost(o: Running, periods: OpeningPeriods, { from, to }: Gap): number {
  const [start, end] = [startOf(o, periods), endOf(o.phase, o)]
  if (!start || !end || end <= from || start >= to) return 0
  const since = Math.max(from.getTime(), start.getTime())
  const lost = Math.ceil((to.getTime() - since) / 1_000)
  return to.getTime() - from.getTime() >= outageRule.leastSeconds * 1_000 ? lost : 0
}
