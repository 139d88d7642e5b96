import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Line {
  /** The address behind it, by way of the line. */
  url: string
  /** Every connection breaks, and none comes about until the line is mended. */
  cut(): void
  mend(): void
  /** How often somebody has asked for a connection so far, also while it was cut; how many are open. */
  attempts(): number
  open(): number
  close(): Promise<void>
}

/** Somebody's own line to a site or a database, that a test can cut: emulated offline modes leave an open event stream alone. */
export async function aLine(to: string): Promise<Line> {
  const { hostname, port } = new URL(to)
  const nears = new Set<Socket>()
  let isCut = false
  let attempts = 0
  const server = createServer(near => {
    attempts++
    near.on('error', () => near.destroy())
    if (isCut) return void near.destroy()
    const far = connect(Number(port), hostname)
    nears.add(near)
    near.on('close', () => far.destroy() && nears.delete(near))
    far.on('error', () => far.destroy()).on('close', () => near.destroy())
    near.pipe(far).pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    isCut = true
    for (const near of nears) near.destroy()
  }
  const mend = () => {
    isCut = false
  }
  const close = async () => {
    cut()
    server.close()
  }
  const url = new URL(to)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return { url: url.href.replace(/\/$/, ''), cut, mend, attempts: () => attempts, open: () => nears.size, close }
}
