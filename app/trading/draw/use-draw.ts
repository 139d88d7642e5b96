import { useEffect, useState } from 'react'
import { follow } from '~/ui/follow'
import { type LastKnown, useAsk, useLastKnown } from '~/ui/last-known'

/** Looks at the draw again whenever its event stream says that something happened. Gives whether the page still hears the server. */
export function useDraw(drawId: string, loaded: LastKnown<object>): boolean | null {
  const ask = useAsk()
  useLastKnown(loaded, ask)
  const [connected, setConnected] = useState<boolean | null>(null)
  // The stream says `draw` once whenever it is opened, after a broken line too: nothing that happened meanwhile is missed.
  useEffect(() => follow(() => `/api/v1/draws/${drawId}/events`, 'draw', { heard: ask, changed: setConnected }), [drawId, ask])
  return loaded.isStale ? false : connected
}
