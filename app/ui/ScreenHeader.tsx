import { formatInstant } from '~/shared/time'
import { ConnectionState } from './LiveRegion'
import { useNow } from './use-now'

/** What a big screen shows, the clock, and that it hears no news where that is so: a room must not take old news for new. */
export function ScreenHeader({ title, connected }: { title: string; connected: boolean | null }) {
  const { now } = useNow()
  return (
    <header className="flex flex-wrap items-baseline justify-between gap-4 border-b border-rule pb-4">
      <h1 className="text-3xl font-bold">{title}</h1>
      {connected === false ? <ConnectionState connected={connected} /> : null}
      <time dateTime={now.toISOString()} className="text-3xl font-bold tabular-nums">
        {formatInstant(now)}
      </time>
    </header>
  )
}
