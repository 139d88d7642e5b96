import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Envelope, openQueue, openWorker } from '@/jobs/queue'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'

let site: TestPlatform
let server: Server
/** How many connections the database still leaves in the very moment in which they are ready. */
const line = { dying: 0, sockets: new Set<Socket>() }

const ready = Buffer.from('Z\0\0\0\x05I', 'latin1')
const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0', 'latin1')
const length = Buffer.alloc(4)
length.writeInt32BE(fields.length + 4)
const farewell = Buffer.concat([Buffer.from('E'), length, fields])

/** What a killed database says comes in one piece with the greeting. */
function lastWords(socket: Socket, far: Socket, hangUp: () => void) {
  return (chunk: Buffer) => {
    if (line.dying === 0 || !chunk.subarray(-ready.length).equals(ready)) return void socket.write(chunk)
    line.dying--
    far.off('close', hangUp)
    socket.end(Buffer.concat([chunk, farewell]))
    far.destroy()
  }
}

beforeAll(async () => {
  site = await testPlatform()
  const { hostname, port } = new URL(site.url)
  server = createServer(socket => {
    const far = connect(Number(port), hostname)
    line.sockets.add(socket)
    socket.on('error', () => {})
    far.on('error', () => {})
    socket.on('close', () => far.destroy())
    const hangUp = () => socket.destroy()
    far.on('close', hangUp)
    socket.pipe(far)
    far.on('data', lastWords(socket, far, hangUp))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  for (const socket of line.sockets) socket.destroy()
  server.close()
  await site.close()
})

test('a worker whose database is killed while it connects, as it begins or later, lives on, listens again and does what waits', async () => {
  const url = new URL(site.url)
  url.port = String((server.address() as { port: number }).port)
  const home = { databaseUrl: url.href, redisUrl: undefined }
  const done: number[] = []
  // Killed from the first connection on.
  line.dying = 4
  const run = async ({ outboxId }: Envelope) => void done.push(outboxId)
  const worker = openWorker(home, 2, run, () => {})
  const queue = openQueue({ ...home, databaseUrl: site.url }, () => {})
  await vi.waitFor(() => expect(line.dying).toBe(0), { timeout: 20_000 })
  const add = async (outboxId: number) => {
    await queue.add([{ name: 'wake', outboxId, send: 1, priority: 1 }])
    await vi.waitFor(() => expect(done).toContain(outboxId), { timeout: 15_000 })
  }
  await add(1)
  // The connections die under it, and those that follow in the moment they are ready.
  line.dying = 3
  for (const socket of line.sockets) socket.destroy()
  await vi.waitFor(() => expect(line.dying).toBe(0), { timeout: 20_000 })
  await add(2)
  await add(3)
  await worker.close()
  await queue.close()
}, 90_000)
