// A whole platform with three lots and sixteen bidders who do everything a bidder may do, and all that can be read of it.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { inject } from 'vitest'
import { messageHash } from '@/crypto/messages'
import { openQueue } from '@/jobs/queue'
import { relay } from '@/jobs/relay'
import { contextFor } from '@/tests/access/site'
import { anActor } from '@/tests/factories/actor'
import { aBidder, type Bidder, bidFiles, sealFor, statementOf } from '@/tests/factories/bid'
import { signText } from '@/tests/factories/certificate'
import { aSealingLot, type SealingLot } from '@/tests/factories/custody'
import { cloneDatabase } from '@/tests/setup/database'
import { platformOn, type TestPlatform } from '@/tests/setup/platform'
import { type TestRedis, testRedis } from '@/tests/setup/redis'
import { endpoints } from '~/api/registry.server'
import { makeApi } from '~/http/app.server'
import type { PersonActor } from '~/platform/ctx'
import { issueToken } from '~/platform/identity/token.server'
import type { Dump, Known } from './look-alike'

export interface LookAlike {
  t: TestPlatform
  lots: SealingLot[]
  bidders: Bidder[]
  log: string[]
  known: Known
  redis: TestRedis
  base: string
  /** Everything that can be read of it now. */
  dump(): Promise<Dump>
  close(): Promise<void>
}

const json = { 'content-type': 'application/json' }
const tus = { 'tus-resumable': '1.0.0' }

/** What a bidder's program asks of the platform, over HTTP. */
function clientOf(base: string, token: string) {
  const authorization = `Bearer ${token}`
  const post = (path: string, body: string) =>
    fetch(`${base}/api/v1${path}`, { method: 'POST', headers: { ...json, authorization }, body }).then(r => r.status)
  const get = (path: string) => fetch(`${base}/api/v1${path}`, { headers: { authorization } })
  const upload = async (bytes: Uint8Array) => {
    const headers = { ...tus, authorization, 'upload-length': String(bytes.length) }
    const id = (await fetch(`${base}/api/v1/uploads`, { method: 'POST', headers })).headers.get('location')!.split('/').at(-1)!
    const patch = { ...tus, authorization, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
    await fetch(`${base}/api/v1/uploads/${id}`, { method: 'PATCH', headers: patch, body: new Uint8Array(bytes) })
    return id
  }
  return { post, get, upload }
}

type Client = ReturnType<typeof clientOf>
type Own = { t: TestPlatform; lot: SealingLot; bidder: Bidder; client: Client }

async function deliver({ t, lot, bidder, client }: Own, after: { seq: number; prev: string | null }): Promise<string> {
  const sealed = await sealFor(lot, bidder, bidFiles(lot.lotId))
  await client.post(`/lots/${lot.lotId}/bids/beginning`, '{}')
  const uploads: Record<string, string> = {}
  for (const [fileId, bytes] of sealed.bytes) uploads[fileId] = await client.upload(bytes)
  const statement = statementOf(t, lot, bidder, { files: sealed.files, ...after })
  const body = JSON.stringify({ statement, cms: await signText(statement, bidder.signer), uploads })
  const status = await client.post(`/lots/${lot.lotId}/bids`, body)
  if (status !== 201) throw new Error(`a bid was answered ${status}`)
  return statement
}

/** A bid given, looked at, replaced or withdrawn; two attempts refused; a signing in; an upload begun and not finished. */
async function bidAs(own: Own, which: number): Promise<void> {
  const { t, lot, bidder, client } = own
  await client.post(`/lots/${lot.lotId}/bids`, '{"statement":')
  const first = await deliver(own, { seq: 1, prev: null })
  const stale = statementOf(t, lot, bidder, { files: [], seq: 7, prev: 'a'.repeat(64) })
  const replayed = { statement: stale, cms: await signText(stale, bidder.signer), uploads: {} }
  await client.post(`/lots/${lot.lotId}/bids`, JSON.stringify(replayed))
  await client.get(`/lots/${lot.lotId}/my-bid`)
  await client.get(`/lots/${lot.lotId}/my-bid/receipt.pdf`)
  await client.post(`/lots/${lot.lotId}/opening/sign-in`, '{}')
  if (which % 3 === 0) await deliver(own, { seq: 2, prev: messageHash(first) })
  if (which % 3 === 1) {
    const statement = statementOf(t, lot, bidder, { files: [], seq: 2, prev: messageHash(first) })
    const body = { statement, cms: await signText(statement, bidder.signer), uploads: {} }
    await client.post(`/lots/${lot.lotId}/bids`, JSON.stringify(body))
  }
  if (which % 3 === 2) await client.post(`/lots/${lot.lotId}/bids/beginning`, '{}')
}

/** Every bidder's commit meets a fault of the machine: what is logged then must not name its lot. */
async function bidInFault({ t, lot, bidder, client }: Own): Promise<void> {
  const statement = statementOf(t, lot, bidder, { files: [], seq: 3, prev: 'b'.repeat(64) })
  const body = { statement, cms: await signText(statement, bidder.signer), uploads: {} }
  const status = await client.post(`/lots/${lot.lotId}/bids`, JSON.stringify(body))
  if (status !== 500) throw new Error(`a fault was answered ${status}`)
}

const tokenOf = async (t: TestPlatform, actor: PersonActor) =>
  (await issueToken(await t.ctx(actor), { label: 'test', scopes: [], days: 1 })).token

/** Every row of every table of every schema that is ours, the queue's among them, as a dump shows it. */
async function dumpTables({ platform }: TestPlatform, into: Dump): Promise<void> {
  const { pool } = platform.database
  const { rows: tables } = await pool.query<{ schema: string; name: string }>(
    `select table_schema as schema, table_name as name from information_schema.tables
     where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`,
  )
  for (const { schema, name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`select x::text as row from "${schema}"."${name}" x`)
    into.set(
      `table ${schema}.${name}`,
      rows.map(({ row }) => row),
    )
  }
}

async function dumpRedis({ url }: TestRedis, into: Dump): Promise<void> {
  const redis = new Redis(url)
  const lines: string[] = []
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key)
    const value =
      type === 'hash'
        ? Object.entries(await redis.hgetall(key)).sort()
        : type === 'zset'
          ? await redis.zrange(key, '0', '-1')
          : type === 'list'
            ? await redis.lrange(key, '0', '-1')
            : type === 'stream'
              ? (await redis.xrange(key, '-', '+')).map(([, fields]) => fields)
              : await redis.get(key)
    lines.push(`${key} ${JSON.stringify(value)}`)
  }
  redis.disconnect()
  into.set('redis', lines)
}

function filesUnder(folder: string, under = ''): string[] {
  return readdirSync(join(folder, under), { withFileTypes: true }).flatMap(entry => {
    const path = join(under, entry.name)
    return entry.isDirectory() ? filesUnder(folder, path) : [path]
  })
}

/** Names and sizes of all files; of the small ones beside uploads also what they hold. */
function dumpFiles(dataDir: string, into: Dump): void {
  const lines = filesUnder(dataDir)
    .filter(path => !path.startsWith('keys'))
    .map(path => {
      const content = path.endsWith('.json') ? readFileSync(join(dataDir, path), 'utf8') : ''
      return `${path} ${statSync(join(dataDir, path)).size} ${content}`
    })
  into.set('files', lines)
}

/** Names, labels and numbers of requests; how long they took and what the process weighs is no business of a lot. */
function metricLines(text: string): string[] {
  const lines = text.split('\n').filter(line => line && !line.startsWith('#'))
  return lines
    .filter(line => !/^(nodejs|process)_/.test(line))
    .map(line => (line.startsWith('http_request_seconds_count') ? line : line.replace(/ \S+$/, '')))
}

/** Answers to the operator: every GET that names a lot or nothing at all. */
async function dumpAnswers(base: string, lots: SealingLot[], token: string, into: Dump): Promise<void> {
  const lines: string[] = []
  for (const { method, path } of endpoints) {
    if (method !== 'get' || path.includes('stream')) continue
    const places = [...path.matchAll(/:(\w+)/g)]
    if (places.length > 1) continue
    for (const lot of places.length === 0 ? [null] : lots) {
      const asked = path.replace(/:\w+/, lot?.lotId ?? '')
      const answer = await fetch(`${base}/api/v1${asked}`, { headers: { authorization: `Bearer ${token}` } })
      const isText = /json|text|xml/.test(answer.headers.get('content-type') ?? '')
      const body = await answer.text()
      const text = isText ? body : ''
      lines.push(`${asked} ${answer.status} ${withoutAge(text).slice(0, 20_000)}`)
    }
  }
  into.set('answers to the operator', lines)
}

type Loader = (args: unknown) => Promise<unknown>
const pages = import.meta.glob<{ loader?: Loader }>(['../../../app/routes/admin*.tsx', '../../../app/routes/_public*.lots*.tsx'])

/** What the operator's pages, and the public ones of a lot, are made of when the operator looks at them. */
async function dumpPages(t: TestPlatform, lots: SealingLot[], operator: PersonActor, into: Dump): Promise<void> {
  const lines: string[] = []
  for (const [path, load] of Object.entries(pages)) {
    const { loader } = await load()
    for (const lot of path.includes('$lotId') ? lots : [null]) {
      const args = {
        request: new Request('http://localhost/'),
        params: lot ? { lotId: lot.lotId } : {},
        context: contextFor(t, operator),
      }
      const answer = await loader?.(args).catch(thrown => `refused ${thrown instanceof Response ? thrown.status : thrown}`)
      lines.push(`${path} ${lot?.lotId} ${withoutAge(JSON.stringify(answer, asText) ?? '')}`)
    }
  }
  into.set('pages for the operator', lines)
}

const asText = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)
const withoutAge = (text: string) => text.replace(/"oldestSeconds":\d+/, '')

/** A line of the process's log without its time and how long something took. */
const withoutTime = (line: string) => {
  const { time: _, ms: __, pid: ___, hostname: ____, ...rest } = JSON.parse(line)
  return JSON.stringify(rest)
}

/** How entries and requests fell into batches is a matter of the machine's speed. */
const ofSpeed = ['table public.log_checkpoint', 'table public.test_clock', 'table public.clock_mark']

/** Fills both kinds of queue with what is due and not done yet. */
async function fillQueues(t: TestPlatform, redis: TestRedis): Promise<void> {
  const queues = [undefined, redis.url].map(redisUrl => openQueue({ databaseUrl: t.url, redisUrl }, () => {}))
  for (const { queue } of queues) await queue.waitUntilReady()
  const add = async (sendings: Parameters<(typeof queues)[number]['add']>[0]) => {
    for (const queue of queues) await queue.add(sendings)
  }
  await relay(t.platform, { add })
  for (const queue of queues) await queue.close()
}

export async function aLookAlike(counts: number[]): Promise<LookAlike> {
  const log: string[] = []
  const t = await platformOn(await cloneDatabase(inject('databaseUrl')), { write: line => void log.push(line) })
  const redis = await testRedis()
  const { app, streams } = await makeApi(t.platform)
  const server: Server = app.listen(0)
  const address = server.address()
  const base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const lots: SealingLot[] = []
  for (const _ of counts) lots.push(await aSealingLot(t, { seconds: 1800 }))
  const bidders: Own[] = []
  for (const [at, lot] of lots.entries())
    for (let n = 0; n < counts[at]!; n++) {
      const bidder = await aBidder(t, lot)
      bidders.push({ t, lot, bidder, client: clientOf(base, await tokenOf(t, bidder.actor)) })
    }
  for (const [at, own] of bidders.entries()) await bidAs(own, at)
  await t.platform.database.pool.query('alter table bid_act rename to bid_act_away')
  for (const own of bidders) await bidInFault(own)
  await t.platform.database.pool.query('alter table bid_act_away rename to bid_act')
  await t.platform.sequencer.publish()
  await fillQueues(t, redis)
  const operator = await anActor(t, 'operator')
  const token = await tokenOf(t, operator)
  const known: Known = new Map(
    lots.flatMap(({ lotId, project }, at) => [
      [lotId, `lot ${at}`],
      [project.id, `project ${at}`],
      [project.code, `code ${at}`],
    ]),
  )
  const dump = async (): Promise<Dump> => {
    const found: Dump = new Map()
    await dumpAnswers(base, lots, token, found)
    await dumpPages(t, lots, operator, found)
    await dumpTables(t, found)
    await dumpRedis(redis, found)
    dumpFiles(t.platform.config.dataDir, found)
    found.set('log', log.map(withoutTime))
    found.set('metrics', metricLines(await (await fetch(`${base}/metrics`)).text()))
    for (const source of ofSpeed) found.delete(source)
    return found
  }
  const close = async () => {
    streams.close()
    server.close()
    await redis.close()
    await t.close()
  }
  return { t, lots, bidders: bidders.map(own => own.bidder), log, known, redis, base, dump, close }
}
