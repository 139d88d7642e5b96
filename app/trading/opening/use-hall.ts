import { useEffect, useRef, useState } from 'react'
import { follow } from '~/ui/follow'
import { afterEvent, type Hall, type HallEvent } from './hall'

export type LiveHall = { hall: Hall; events: HallEvent[]; connected: boolean | null }

/** Events after which what this seat may do changes. */
const turning = new Set<HallEvent['kind']>([
  'bidders',
  'releasable',
  'objecting',
  'confirming',
  'sealed',
  'recorded',
  'aborted',
  'adjourned',
  'resumed',
  'restarted',
  'intermission',
  'envelope',
])

/** An objection waits for the host, who answers it on the spot. */
const isForHost = (event: HallEvent) => event.kind === 'answered' && event.facts.answer === 'objection'

/**
 * The hall as it goes on: what the server sent with the page, then every event as it happens, in order, each once. A dropped
 * connection goes on where it stopped. `onTurn` is called when a new step begins, for the host also when somebody objects; while
 * the line is broken it waits for the line, since a page that asks in vain is replaced by an error.
 */
export function useHall(lotId: string, start: { hall: Hall; events: HallEvent[] }, onTurn: () => void, isHost = false): LiveHall {
  const [live, setLive] = useState({ hall: start.hall, events: start.events })
  const [connected, setConnected] = useState<boolean | null>(null)
  const turn = useRef(onTurn)
  turn.current = onTurn
  const from = useRef(start.hall.seq)
  const line = useRef<'up' | 'down'>('up')
  useEffect(() => {
    // Everybody asks at a slightly different moment, so that a full hall is not one burst of requests.
    const ask = () => setTimeout(() => line.current === 'up' && turn.current(), 200 + Math.random() * 800)
    const heard = (event: HallEvent) => {
      from.current = Math.max(from.current, event.seq)
      setLive(now => (event.seq <= now.hall.seq ? now : { hall: afterEvent(now.hall, event), events: [...now.events, event] }))
      if (turning.has(event.kind) || (isHost && isForHost(event))) ask()
    }
    const changed = (isConnected: boolean) => {
      if (isConnected && line.current === 'down') ask()
      line.current = isConnected ? 'up' : 'down'
      setConnected(isConnected)
    }
    const stream = () => `/api/v1/lots/${lotId}/opening/events?after=${from.current}`
    return follow<HallEvent>(stream, 'hall', { heard, changed })
  }, [lotId, isHost])
  return { ...live, connected }
}
