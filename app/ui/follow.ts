export type Listener<T> = { heard: (event: T) => void; changed: (isConnected: boolean) => void }

const againMs = 1_000

/**
 * Hears the events called `name` of the stream at `url()`. A browser comes back by itself after a dropped line, with Last-Event-ID,
 * but not after an answer that is no stream (a proxy's 502, a 429): then it is asked again. Returns how to stop.
 */
export function follow<T>(url: () => string, name: string, { heard, changed }: Listener<T>): () => void {
  let source: EventSource | undefined
  let timer: number | undefined
  const open = () => {
    const asked = new EventSource(url())
    source = asked
    asked.onopen = () => changed(true)
    asked.onerror = () => {
      changed(false)
      if (asked.readyState === EventSource.CLOSED) timer = window.setTimeout(open, againMs + Math.random() * 2 * againMs)
    }
    asked.addEventListener(name, message => heard(JSON.parse(message.data) as T))
  }
  open()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}
