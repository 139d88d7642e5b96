import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ATender, type AWitness, afterDeadline, aSealedBid, aTender, aWitness, release } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { mountOpeningStream } from '~/api/opening-stream.server'
import { openStreams, type Streams } from '~/http/streams.server'
import { listEvents } from '~/trading/opening/event.server'

let t: TestPlatform
let witness: AWitness
let streams: Streams
let server: Server
let base: string

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
  streams = await openStreams(t.platform)
  const app = express()
  mountOpeningStream(app, streams, t.platform)
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  streams.close()
  server.closeAllConnections()
  server.close()
  await t.close()
})

interface Said {
  id: number | null
  event: string
  data: { seq: number; kind: string; phase?: string }
}

function parse(block: string): Said | null {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
  const data = field('data')
  if (!data) return null
  const id = field('id')
  return { id: id ? Number(id) : null, event: field('event') ?? 'message', data: JSON.parse(data) }
}

/** A watcher: what it was told so far, and how to leave. */
async function watch(tender: ATender, last?: number) {
  const leaving = new AbortController()
  const headers = new Headers(last === undefined ? [] : [['last-event-id', String(last)]])
  const response = await fetch(`${base}/api/v1/lots/${tender.lotId}/opening/events`, { headers, signal: leaving.signal })
  const said: Said[] = []
  const reading = (async () => {
    let text = ''
    const reader = response.body!.getReader()
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      text += Buffer.from(read.value).toString()
      const blocks = text.split('\n\n')
      text = blocks.pop()!
      for (const block of blocks) {
        const one = parse(block)
        if (one) said.push(one)
      }
    }
  })().catch(() => {})
  const leave = async () => {
    leaving.abort()
    await reading
  }
  return { status: response.status, said, hall: () => said.filter(s => s.event === 'hall'), leave }
}

test('before the deadline the stream tells the time and nothing else', async () => {
  const tender = await aTender(t)
  await aSealedBid(t, tender)
  const watcher = await watch(tender)
  await expect.poll(() => watcher.said.length).toBe(1)
  expect(watcher.said[0]).toMatchObject({ id: null, event: 'clock', data: { phase: 'sign-in' } })
  await watcher.leave()
})

test('a watcher that comes back goes on exactly where it stopped, and all see the same in the same order', async () => {
  const tender = await aTender(t)
  for (let i = 0; i < 3; i++) await aSealedBid(t, tender)
  const [whole, broken] = [await watch(tender), await watch(tender)]
  await afterDeadline(t, tender)
  await t.tick()
  await expect.poll(() => broken.hall().length, { timeout: 10_000 }).toBe(3)
  await broken.leave()
  await witness.cosign()
  await t.tick()
  for (const one of tender.custodians) await release(t, tender, one)
  const back = await watch(tender, broken.hall().at(-1)!.id!)
  await t.tick()
  const events = await listEvents(await t.ctx(), tender.lotId)
  await expect.poll(() => whole.hall().length, { timeout: 10_000 }).toBe(events.length)
  await expect.poll(() => back.hall().length, { timeout: 10_000 }).toBe(events.length - 3)
  expect(whole.hall().map(s => s.data)).toEqual(events)
  expect([...broken.hall(), ...back.hall()].map(s => s.data)).toEqual(events)
  expect(whole.hall().map(s => s.id)).toEqual(events.map(e => e.seq))
  await whole.leave()
  await back.leave()
})

test('a lot that does not exist has no stream', async () => {
  const response = await fetch(`${base}/api/v1/lots/${crypto.randomUUID()}/opening/events`)
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ code: 'not-found' })
})
