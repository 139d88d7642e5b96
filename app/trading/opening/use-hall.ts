import { useEffect, useRef, useState } from 'react'
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
  'envelope',
])

/**
 * The hall as it goes on: what the server sent with the page, then every event as it happens, in order, each once. A dropped
 * connection goes on where it stopped (Last-Event-ID). `onTurn` is called when a new step begins.
 */
export function useHall(lotId: string, start: { hall: Hall; events: HallEvent[] }, onTurn: () => void): LiveHall {
  const [live, setLive] = useState({ hall: start.hall, events: start.events })
  const [connected, setConnected] = useState<boolean | null>(null)
  const turn = useRef(onTurn)
  turn.current = onTurn
  const from = useRef(start.hall.seq)
  useEffect(() => {
    const source = new EventSource(`/api/v1/lots/${lotId}/opening/events?after=${from.current}`)
    source.onopen = () => setConnected(true)
    source.onerror = () => setConnected(false)
    source.addEventListener('hall', message => {
      const event = JSON.parse(message.data) as HallEvent
      from.current = Math.max(from.current, event.seq)
      setLive(now => (event.seq <= now.hall.seq ? now : { hall: afterEvent(now.hall, event), events: [...now.events, event] }))
      // Everybody asks at a slightly different moment, so that a full hall is not one burst of requests.
      if (turning.has(event.kind)) setTimeout(() => turn.current(), 200 + Math.random() * 800)
    })
    return () => source.close()
  }, [lotId])
  return { ...live, connected }
}
