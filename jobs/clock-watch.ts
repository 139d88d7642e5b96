import { watchClock } from '~/platform/audit/clock-watch.server'
import { watch } from './watch'

/** Once a second, before anything is closed by that clock. Timed by this process, for the database's clock is what is in doubt. */
export const clockTick = watch('clock.watch', 1_000, watchClock)
