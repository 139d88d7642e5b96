import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Line {
  url: string
  /** Every connection breaks, and none comes about until the line is mended. */
  cut(): void
  mend(): void
  close(): Promise<void>
}

/** A visitor's own line to the site, that a story can cut: emulated offline modes leave an open event stream alone. */
export async function aLine(site: string): Promise<Line> {
  const { hostname, port } = new URL(site)
  const sockets = new Set<Socket>()
  let isCut = false
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer(near => {
    if (isCut) return void near.destroy()
    const far = keep(connect(Number(port), hostname))
    keep(near).pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    isCut = true
    for (const socket of sockets) socket.destroy()
  }
  const mend = () => {
    isCut = false
  }
  const close = async () => {
    cut()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, cut, mend, close }
}
