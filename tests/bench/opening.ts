import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import forge from 'node-forge'
import { logCheckpoint } from '@/db/schema/platform/log'
import { opening, readOut } from '@/db/schema/trading/opening'
import { type AWitness, aRelease, aWitness } from '@/tests/factories/tender'
import type { TestPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { issueToken } from '~/platform/identity/token.server'
import { trustOf } from '~/platform/identity/trust.server'
import { readPublicCheckpoint } from '~/platform/log/read.server'
import { readSealedSync, uploadFolder } from '~/trading/bid/upload.server'
import { type Child, startChild } from './child'
import { type Figure, milliseconds, timed } from './figure'
import { makeWorld, type Posted, releasesOf, setDeadline, type World } from './opening-world'
import { benchPlatform } from './platform'

const processes = 2
/** Deadlines are known long before: the servers read ahead what they may. */
const readAheadMs = 10_000
type SuiteId = 'intl' | 'gm'
type Wish = { lots?: number; bids?: number; suite?: string }
interface Usage {
  cpu: number
  rss: number
}
interface Run {
  closing: number
  releasing: number
  clients: number
  floor: number
  rss: number
  servers: number
  floorCpu: number
  /** Of the rehearsal, by processes that never opened a lot. */
  cold: number
}

const waiting = (t: TestPlatform) => t.platform.database.db.$count(opening, isNull(opening.releaseEndsAt))
const opened = (t: TestPlatform) => t.platform.database.db.$count(opening)

/** From the deadline until every lot's keys may be released; the witness cosigns what is published as it comes. */
async function untilReleasable(t: TestPlatform, witness: AWitness, deadline: Date, lots: number): Promise<number> {
  let cosigned = (await readPublicCheckpoint(await t.ctx()))?.size ?? 0
  await sleep(Math.max(0, deadline.getTime() - Date.now()))
  while ((await opened(t)) < lots || (await waiting(t)) > 0) {
    const newest = await readPublicCheckpoint(await t.ctx())
    if (newest && newest.size > cosigned) {
      await witness.cosign()
      cosigned = newest.size
    }
    await sleep(20)
  }
  return Date.now() - deadline.getTime()
}

async function cosignedCheckpoint(t: TestPlatform) {
  const [row] = await t.platform.database.db
    .select()
    .from(logCheckpoint)
    .where(sql`${logCheckpoint.cosignature} is not null`)
    .orderBy(sql`${logCheckpoint.size} desc`)
    .limit(1)
  return { size: row!.size, root: Buffer.from(row!.root).toString('hex') }
}

const shareOf = <T>(list: T[], i: number): T[] => list.filter((_, at) => at % processes === i)

/** How clients reach the servers: lines over sockets straight into the service, or HTTP with a token for each holder. */
interface Way {
  servers: string[]
  tokenFile: string
}

/** The burst: client processes post to server processes until every message is answered, which is after its prices are committed. */
async function burst(folder: string, posted: Posted[], { servers, tokenFile }: Way): Promise<number> {
  const clients: Child[] = []
  for (let i = 0; i < processes; i++) {
    const file = join(folder, `posted-${i}`)
    const lines = shareOf(posted, i).map(one => JSON.stringify(one))
    writeFileSync(file, lines.join('\n'))
    clients.push(await startChild('opening-client.ts', [file, tokenFile, ...servers]))
  }
  const taking = await milliseconds(async () => {
    for (const { count, refused } of await Promise.all(
      clients.map(one => one.ask<{ count: number; refused: string[] }>({ go: true })),
    ))
      if (count > 0) throw new Error(`${count} refused: ${refused.join(' ')}`)
  })
  for (const one of clients) await one.stop()
  return taking
}

/** Tokens are issued before the clock runs. */
async function byHttp(t: TestPlatform, folder: string, actors: PersonActor[], servers: Child[]): Promise<Way> {
  const tokens: string[] = []
  for (const actor of actors) tokens.push((await issueToken(await t.ctx(actor), { label: 'bench', scopes: [], days: 1 })).token)
  const tokenFile = join(folder, 'tokens')
  writeFileSync(tokenFile, JSON.stringify(tokens))
  return { servers: servers.map(one => String((one.said as { ready: number }).ready)), tokenFile }
}

const sockets = (folder: string) => Array.from({ length: processes }, (_, i) => join(folder, `server-${i}.sock`))

/** The same data in a bare loop on as many processes, by itself. */
async function bare(t: TestPlatform, folder: string, { lotIds, bids }: World, posted: Posted[]): Promise<[number, number]> {
  const roots = (await trustOf(await t.ctx())).roots.map(root => Buffer.from(root.certificate.der).toString('base64'))
  const children: Child[] = []
  for (let i = 0; i < processes; i++) {
    const own = new Set(shareOf(lotIds, i))
    const files = bids
      .filter(bid => own.has(bid.lotId))
      .map(bid => ({ statement: bid.statementHash, path: join(uploadFolder(t.platform), bid.uploadId) }))
    // The floor knows no server: its files lie as their bidders made them.
    for (const { uploadId } of bids.filter(bid => own.has(bid.lotId)))
      writeFileSync(join(uploadFolder(t.platform), uploadId), readSealedSync({ platform: t.platform }, uploadId))
    const path = join(folder, `floor-${i}`)
    writeFileSync(path, JSON.stringify({ messages: posted.filter(one => own.has(one.lotId)), files, roots }))
    children.push(await startChild('opening-floor.ts', [path]))
  }
  let cpu = 0
  const taking = await milliseconds(async () => {
    for (const one of await Promise.all(children.map(child => child.ask<{ cpu: number }>({ go: true })))) cpu += one.cpu
  })
  for (const one of children) await one.stop()
  return [taking, cpu]
}

async function checkReadOut(t: TestPlatform, { bids, lotIds }: World): Promise<void> {
  const n = await t.platform.database.db.$count(readOut, inArray(readOut.lotId, lotIds))
  if (n !== bids.length) throw new Error(`${n} of ${bids.length} bids were read out`)
  const releasing = and(eq(opening.phase, 'releasing'), inArray(opening.lotId, lotIds))
  const left = await t.platform.database.db.$count(opening, releasing)
  if (left > 0) throw new Error(`${left} lots are not at the end of their reading`)
}

/** What clients do themselves, in one lot of three bids sealed as their page seals: a custodian and a bidder prove the close, unwrap and sign. */
async function clientWork(t: TestPlatform, { tender, own }: World): Promise<number> {
  const holders = [tender.custodians[0]!, own[0]!.bidder]
  return milliseconds(async () => {
    for (const holder of holders) await aRelease(t, tender, holder)
  })
}

/** What a run is about: its platform, its two server processes, and who cosigns. */
interface Site {
  t: TestPlatform
  folder: string
  witness: AWitness
  servers: Child[]
}

/** The first lot a process opens is not like its hundredth: so many are opened before the clock runs. */
const rehearsed = (lots: number) => Math.max(1, Math.round(lots / 16))

/** Opens a world's lots: closing, then the burst of releases. `before`: lots that were opened earlier. */
async function openWorld({ t, folder, witness, servers }: Site, world: World, before: number, isHttp: boolean) {
  await t.platform.database.pool.query('vacuum analyze')
  const deadline = new Date(Math.ceil(Date.now() / 1000) * 1000 + readAheadMs)
  await setDeadline(t, world, deadline)
  const closing = await untilReleasable(t, witness, deadline, before + world.lotIds.length + 1)
  const clients = await clientWork(t, world)
  const { posted, actors } = await releasesOf(world, await cosignedCheckpoint(t))
  const way = isHttp ? await byHttp(t, folder, actors, servers) : { servers: sockets(folder), tokenFile: '-' }
  const usage = () => Promise.all(servers.map(one => one.ask<Usage>({ actors })))
  const idle = await usage()
  const releasing = await burst(folder, posted, way)
  const after = await usage()
  const spent = after.reduce((sum, one, i) => sum + one.cpu - idle[i]!.cpu, 0)
  await checkReadOut(t, world)
  return { closing, releasing, clients, servers: spent, rss: Math.max(...after.map(one => one.rss)), posted }
}

/** Until the records of these lots are signed and published: what comes after an opening must not fall into the next. */
async function untilRecorded(t: TestPlatform, { lotIds }: World): Promise<void> {
  const unfinished = and(inArray(opening.lotId, lotIds), ne(opening.phase, 'recorded'))
  for (let left = 1; left > 0; await sleep(500)) left = await t.platform.database.db.$count(opening, unfinished)
}

async function measure(suite: SuiteId, lots: number, bidsPerLot: number, isHttp = false): Promise<Run> {
  const t = await benchPlatform()
  const folder = mkdtempSync(join(tmpdir(), 'open-tender-burst-'))
  const servers: Child[] = []
  try {
    const site = { t, folder, servers, witness: await aWitness(t) }
    const [first, world] = [await makeWorld(t, rehearsed(lots), bidsPerLot, suite), await makeWorld(t, lots, bidsPerLot, suite)]
    for (const path of sockets(folder))
      servers.push(await startChild('opening-server.ts', [t.url, t.platform.config.dataDir, path]))
    const rehearsal = await openWorld(site, first, 0, isHttp)
    await untilRecorded(t, first)
    const { posted, ...run } = await openWorld(site, world, first.lotIds.length + 1, isHttp)
    for (const one of servers.splice(0)) await one.stop()
    const [floor, floorCpu] = await bare(t, folder, world, posted)
    return { ...run, floor, floorCpu, cold: rehearsal.closing + rehearsal.releasing }
  } finally {
    for (const one of servers) await one.stop()
    await t.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One private decryption a bid with RSA 2,048 of node-forge, as platforms do it that keep a key for every bid on the server. */
async function peerOf(bids: number): Promise<number> {
  const { publicKey, privateKey } = forge.pki.rsa.generateKeyPair(2048)
  const sealed = publicKey.encrypt('0123456789abcdef0123456789abcdef', 'RSA-OAEP')
  const sample = 40
  const taking = await milliseconds(() => {
    for (let i = 0; i < sample; i++) privateKey.decrypt(sealed, 'RSA-OAEP')
  })
  return (taking / sample) * bids
}

async function* benchSuite(suite: SuiteId, lots: number, bids: number): AsyncIterable<Figure> {
  const small = await measure(suite, Math.max(1, Math.floor(lots / 10)), bids)
  const run = await measure(suite, lots, bids)
  const size = `${suite}, ${lots} lots × ${bids} bids`
  const ours = run.closing + run.releasing
  const peer = await peerOf(lots * bids)
  yield timed('opening', `${size}: T to last read-out row`, 'ms', ours, { floor: run.floor, peer })
  yield timed('opening', `${size}: T to keys releasable`, 'ms', run.closing)
  yield timed('opening', `${size}: first release to last read-out row`, 'ms', run.releasing, { floor: run.floor })
  yield timed('opening', `${size}: processor time of both servers in the burst`, 'ms', run.servers, { floor: run.floorCpu })
  yield timed('opening', `${size}: rehearsal of ${rehearsed(lots)} lots by processes that never opened one`, 'ms', run.cold)
  yield timed('opening', `${size}: clients, a custodian of 3 bids and a bidder prove, unwrap and sign`, 'ms', run.clients)
  yield timed('opening', `${size}: peer on ${processes} processes`, 'ms', ours, { peer: peer / processes })
  yield timed('opening', `${size}: beside a tenth of the lots, times as long`, 'times', ours / (small.closing + small.releasing))
  yield timed('opening', `${size}: largest server, resident`, 'MiB', run.rss / 2 ** 20)
  yield timed('opening', `${size}: the same with a tenth of the lots`, 'MiB', small.rss / 2 ** 20)
  const http = await measure(suite, lots, bids, true)
  yield timed('opening', `${size}: through HTTP, T to last read-out row`, 'ms', http.closing + http.releasing)
  yield timed('opening', `${size}: through HTTP, first release to last read-out row`, 'ms', http.releasing)
}

/**
 * Lots due in one second, mode both, 2 of 3, price files of 64 KiB: from the deadline to the last read-out row, through the
 * services of two server processes fed by client processes, beside the bare cryptography on as many. What clients do themselves
 * (unwrapping, signing) lies between the two phases and is not counted.
 */
export async function* benchOpening({ lots = 1_000, bids = 20, suite }: Wish): AsyncIterable<Figure> {
  for (const one of ['intl', 'gm'] as const) if (suite === undefined || suite === one) yield* benchSuite(one, lots, bids)
}
