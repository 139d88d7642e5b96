import { useRevalidator } from '@remix-run/react'
import { useEffect, useRef } from 'react'

/** Looks at the draw again whenever its event stream says that something happened; the browser reconnects by itself. */
export function useDraw(drawId: string): void {
  const { revalidate } = useRevalidator()
  const look = useRef(revalidate)
  look.current = revalidate
  useEffect(() => {
    const source = new EventSource(`/api/v1/draws/${drawId}/events`)
    source.addEventListener('draw', () => look.current())
    return () => source.close()
  }, [drawId])
}
