import { useEffect, useState } from 'react'
import { useFrame } from './frame'

let offsetMs: number | undefined

/** Server minus browser, in ms, taken where the answer began to arrive: later work in the browser does not count as a difference. */
function measureOffset(serverNow: string): number {
  const [entry] = performance.getEntriesByType('navigation')
  const arrived = entry && 'responseStart' in entry ? performance.timeOrigin + Number(entry.responseStart) : Date.now()
  return Date.parse(serverNow) - arrived
}

/** The server's time, ticking once the page is alive; before that, and without scripts, the time the page was made. */
export function useNow(): { now: Date; offsetMs: number | null } {
  const frame = useFrame()
  const [now, setNow] = useState<Date | null>(null)
  useEffect(() => {
    offsetMs ??= measureOffset(frame.now)
    const tick = () => setNow(new Date(Date.now() + (offsetMs ?? 0)))
    tick()
    // A clock that moves every second is motion; people who asked for none still get the right time, every half minute.
    const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    const timer = setInterval(tick, calm ? 30_000 : 1000)
    return () => clearInterval(timer)
  }, [frame.now])
  return { now: now ?? new Date(frame.now), offsetMs: now ? (offsetMs ?? 0) : null }
}
