// The upload protocol from outside: any method, header, offset, length and body gets a named answer, quickly, and never a fault.
import { request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aBidder, type Bidder } from '@/tests/factories/bid'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { mountRaw } from '~/api/raw.server'
import { makeCtx } from '~/platform/start.server'
import { heapMiB, randomOf } from './run'

const cases = 3_000
const slowMs = 2_000

let t: TestPlatform
let server: Server
let port: number
let bidder: Bidder

beforeAll(async () => {
  t = await testPlatform()
  bidder = await aBidder(t, { suite: 'intl' })
  const app = express()
  const contextOf = async () => ({
    platform: t.platform,
    actor: bidder.actor,
    requestId: 'r-1',
    address: '',
    nonce: '',
    sessionToken: null,
    ctx: () => makeCtx(t.platform, bidder.actor),
  })
  mountRaw(app, t.platform, { watch: () => () => {}, open: () => {}, close: () => {} } as never, contextOf)
  server = app.listen(0)
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await t.close()
})

interface Sent {
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer
}

const numbers = ['0', '1', '-1', '16', '9007199254740993', '1e3', 'NaN', '', '0x10', '99999999999999999999', ' 5', '5, 5']
const methods = ['POST', 'PATCH', 'HEAD', 'GET', 'PUT', 'DELETE', 'OPTIONS']
const types = ['application/offset+octet-stream', 'application/json', 'text/plain', '', 'application/offset+octet-stream; x=1']
const versions = ['1.0.0', '0.2.2', '2.0.0', '', 'tus']

function invented(random: (below: number) => number, known: string[]): Sent {
  const any = <T>(list: T[]): T => list[random(list.length)]!
  const ids = [...known, crypto.randomUUID(), '..%2f..%2fetc', 'x'.repeat(300), '%00', '']
  const method = any(methods)
  const path = method === 'POST' && random(3) > 0 ? '/api/v1/uploads' : `/api/v1/uploads/${any(ids)}`
  const headers: Record<string, string> = {}
  const maybe = (name: string, value: string) => {
    if (random(4) > 0) headers[name] = value
  }
  maybe('tus-resumable', random(3) > 0 ? '1.0.0' : any(versions))
  maybe('upload-length', random(3) > 0 ? String(1 + random(4_096)) : any(numbers))
  maybe('upload-offset', random(2) > 0 ? '0' : any(numbers))
  maybe('content-type', random(2) > 0 ? types[0]! : any(types))
  if (random(6) === 0) headers['upload-metadata'] = any(['', 'lot TDE=', 'filename', '\u00ff', 'a '.repeat(200)])
  if (random(6) === 0) headers['x-http-method-override'] = any(methods)
  if (random(8) === 0) headers['upload-defer-length'] = any(numbers)
  if (random(8) === 0) headers['upload-concat'] = any(['partial', 'final;/api/v1/uploads/a', ''])
  return { method, path, headers, body: Buffer.alloc(random(3) === 0 ? random(8_192) : 0, 7) }
}

/** Status and how long it took; a broken connection is status 0. */
function send({ method, path, headers, body }: Sent): Promise<{ status: number; ms: number; location: string | null }> {
  const start = performance.now()
  return new Promise(resolve => {
    const done = (status: number, location: string | null) => resolve({ status, location, ms: performance.now() - start })
    try {
      const asked = request({ port, method, path, headers: { ...headers, 'content-length': String(body.length) } }, answer => {
        answer.resume()
        answer.once('end', () => done(answer.statusCode ?? 0, answer.headers.location ?? null))
      })
      asked.once('error', () => done(0, null))
      asked.end(body)
    } catch {
      done(400, null) // a header that HTTP itself does not take never leaves the client
    }
  })
}

test(`${cases} invented requests: each is answered or refused, none is a fault, none is slow`, async () => {
  const random = randomOf(20_261_125)
  const known: string[] = []
  const faults: string[] = []
  const before = heapMiB()
  for (let i = 0; i < cases; i++) {
    const sent = invented(random, known)
    const { status, ms, location } = await send(sent)
    const id = location?.split('/').at(-1)
    if (id && known.length < 20) known.push(id)
    if (status === 0 || (status >= 500 && status !== 501) || ms > slowMs)
      faults.push(`${status} ${Math.round(ms)} ms ${JSON.stringify({ ...sent, body: sent.body.length })}`)
  }
  expect(faults).toEqual([])
  expect(known.length).toBeGreaterThan(0)
  expect(heapMiB() - before).toBeLessThan(64)
}, 120_000)
