import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { TestPlatform } from '@/tests/setup/platform'
import { mountCommits } from '~/api/bid.server'
import { requestContext } from '~/http/request.server'
import { issueToken } from '~/platform/identity/token.server'
import { callers, crowd, p99, type Ready } from './commit-crowd'
import { type Figure, timed } from './figure'

/** Served as the web process serves them. */
async function serve(t: TestPlatform): Promise<{ url: string; close(): Promise<void> }> {
  const app = express()
  mountCommits(app, asking => requestContext(t.platform, asking))
  const server = createServer(app)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/api/v1`, close: () => new Promise(resolve => void server.close(() => resolve())) }
}

/** Tokens of all that will call, by membership. */
async function tokensOf(t: TestPlatform, list: Ready[]): Promise<Map<string, string>> {
  const tokens = new Map<string, string>()
  for (const actor of new Map(list.map(one => [one.bidder.actor.membershipId, one.bidder.actor])).values()) {
    const { token } = await issueToken(await t.ctx(actor), { label: 'bench', scopes: [], days: 1 })
    tokens.set(actor.membershipId, token)
  }
  return tokens
}

function post(agent: Agent, url: string, token: string, body: string): Promise<{ status: number; text: string }> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  }
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: 'POST', agent, headers }, answer => {
      const pieces: Buffer[] = []
      answer.on('data', piece => pieces.push(piece))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() }))
      answer.on('error', reject)
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

/**
 * The same commits through HTTP, each with its bidder's token, from as many connections as callers; the callers share the process with the
 * server. `warm` are sent before the clock runs.
 */
export async function* overHttp(t: TestPlatform, warm: Ready[], list: Ready[]): AsyncIterable<Figure> {
  const tokens = await tokensOf(t, [...warm, ...list])
  const { url, close } = await serve(t)
  const agent = new Agent({ keepAlive: true, maxSockets: callers })
  const send = async ({ bidder, commit: { lotId, ...body } }: Ready) => {
    const token = tokens.get(bidder.actor.membershipId)!
    const { status, text } = await post(agent, `${url}/lots/${lotId}/bids`, token, JSON.stringify(body))
    if (status !== 201 || !JSON.parse(text).proof) throw new Error(`${status} ${text}`)
  }
  try {
    await crowd(warm, send)
    const { ms, latencies } = await crowd(list, send)
    yield timed('commit', `through HTTP, ${list.length} commits by ${callers} callers in the same process`, 'ms', ms)
    yield { bench: 'commit', case: 'through HTTP', unit: 'per second', ours: Math.round(list.length / (ms / 1000)) }
    yield timed('commit', 'through HTTP, p99 (wanted 500)', 'ms', p99(latencies))
  } finally {
    agent.destroy()
    await close()
  }
}
