// Two thousand watchers of one hall, in a process of their own: raw sockets, each of which must see every event once, in order.
import { connect } from 'node:net'

interface Arrivals {
  /** When the last watcher had event `seq`, ms since the epoch; how many had it. */
  last: number[]
  count: number[]
  /** All waits are judged by the bench: arrival times per event, in the order of arrival. */
  broken: string[]
  open: number
}

const arrivals: Arrivals = { last: [], count: [], broken: [], open: 0 }
const now = () => performance.timeOrigin + performance.now()

/** Takes the ids out of what came; what is left of an unfinished event. */
function take(text: string, seen: { seq: number }): string {
  const end = text.lastIndexOf('\n\n')
  if (end === -1) return text
  for (let at = text.indexOf('id: '); at !== -1 && at < end; at = text.indexOf('\nid: ', at + 1)) {
    const from = text[at] === '\n' ? at + 5 : at + 4
    const seq = Number.parseInt(text.slice(from, from + 12), 10)
    if (seq !== seen.seq + 1 && arrivals.broken.length < 10) arrivals.broken.push(`${seen.seq} → ${seq}`)
    seen.seq = seq
    arrivals.last[seq] = now()
    arrivals.count[seq] = (arrivals.count[seq] ?? 0) + 1
  }
  return text.slice(end + 2)
}

function watch(port: number, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const seen = { seq: 0 }
    let left = ''
    socket.once('error', reject)
    socket.once('connect', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream\r\n\r\n`),
    )
    socket.once('data', () => {
      arrivals.open++
      resolve()
    })
    socket.on('data', data => {
      left = take(left + data.toString('latin1'), seen)
    })
    socket.once('close', () => arrivals.broken.push('closed'))
  })
}

process.on('message', async (asked: { port: number; path: string; watchers: number } | 'report') => {
  if (asked === 'report') return void process.send?.(arrivals)
  const left = Array.from({ length: asked.watchers }, () => asked)
  const next = async () => {
    while (left.pop()) await watch(asked.port, asked.path)
  }
  await Promise.all(Array.from({ length: 50 }, next))
  process.send?.({ open: arrivals.open })
})
process.send?.('ready')
process.on('disconnect', () => process.exit(0))
