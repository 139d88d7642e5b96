import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { listen } from '@/jobs/pump'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'

let site: TestPlatform
let server: Server
const line = { isCut: false, attempts: 0, sockets: new Set<Socket>() }

/** A database behind a line that can be cut: who asks then is hung up on. */
beforeAll(async () => {
  site = await testPlatform()
  const { hostname, port } = new URL(site.url)
  server = createServer(socket => {
    line.attempts++
    socket.on('error', () => {})
    if (line.isCut) return void socket.destroy()
    const far = connect(Number(port), hostname)
    far.on('error', () => socket.destroy())
    socket.on('close', () => far.destroy() && line.sockets.delete(socket))
    far.on('close', () => socket.destroy())
    line.sockets.add(socket)
    socket.pipe(far).pipe(socket)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  for (const socket of line.sockets) socket.destroy()
  server.close()
  await site.close()
})

test('while the database is away it is asked again twice a second, and then listened to once', async () => {
  const url = new URL(site.url)
  url.port = String((server.address() as { port: number }).port)
  const heard = vi.fn()
  const listener = await listen(url.href, { due: heard })
  expect(heard).toHaveBeenCalledTimes(1)
  line.isCut = true
  line.attempts = 0
  for (const socket of line.sockets) socket.destroy()
  await sleep(3_200)
  expect(line.attempts).toBeGreaterThanOrEqual(2)
  expect(line.attempts).toBeLessThanOrEqual(7)
  line.isCut = false
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(2), { timeout: 10_000 })
  await sleep(700)
  expect(line.sockets.size).toBe(1)
  await site.platform.database.pool.query(`select pg_notify('due', '')`)
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(3), { timeout: 5_000 })
  await sleep(200)
  expect(heard).toHaveBeenCalledTimes(3)
  await listener.close()
})
