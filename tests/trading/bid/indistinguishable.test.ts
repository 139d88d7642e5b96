import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openJson } from '~/platform/vault/vault.server'
import { type ActBox, about } from '~/trading/bid/sealed-act.server'
import { coloursOf, type Dump, differences, instantsOf } from './look-alike'
import { aLookAlike, type LookAlike } from './look-alike-platform'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 300_000 })

// crypto.md §10.2: whoever can read everything of two platforms, whose lots have 3, 9, 4 and 9, 3, 4 bids, cannot tell them apart.
const counts = [
  [3, 9, 4],
  [9, 3, 4],
]
let platforms: LookAlike[]
let dumps: Dump[]

beforeAll(async () => {
  platforms = []
  for (const one of counts) platforms.push(await aLookAlike(one))
  dumps = await Promise.all(platforms.map(one => one.dump()))
})
afterAll(() => Promise.all(platforms.map(one => one.close())))

const toldApartBy = (two: Dump[]): string[] => {
  const [a, b] = two.map((dump, i) => coloursOf(dump, platforms[i]!.known))
  return differences(a!, b!)
}

/** The lot of every act, as nobody but the platform itself can know it. */
async function lotsOfActs({ t }: LookAlike): Promise<{ id: string; lotId: string }[]> {
  const { rows } = await t.platform.database.pool.query<{ id: string; box: Buffer }>('select id, box from bid_act')
  return rows.map(({ id, box }) => ({ id, lotId: openJson<ActBox>(t.platform.vault, about(id), box).lotId }))
}

test('there is something to tell apart: acts of every kind, faults in the log, jobs in both queues, uploads, requests', async () => {
  for (const [i, one] of platforms.entries()) {
    const acts = await lotsOfActs(one)
    const perLot = one.lots.map(lot => acts.filter(act => act.lotId === lot.lotId).length)
    expect(perLot.indexOf(Math.max(...perLot))).toBe(counts[i]!.indexOf(9))
    expect(one.log.filter(line => line.includes('commit fault'))).toHaveLength(16)
    expect(dumps[i]!.get('table public.attendance')).toHaveLength(16)
    expect(dumps[i]!.get('table bullmq.job')!.length).toBeGreaterThan(0)
    expect(dumps[i]!.get('redis')!.some(line => line.includes('trading.'))).toBe(true)
    expect(dumps[i]!.get('files')!.filter(line => line.startsWith('uploads/')).length).toBeGreaterThan(64)
    expect(dumps[i]!.get('metrics')!.some(line => /method="POST".* \d+$/.test(line))).toBe(true)
    const pages = dumps[i]!.get('pages for the operator')!
    expect(pages.some(line => line.includes('admin._index') && line.includes('alarms'))).toBe(true)
  }
})

test('tables, both queues, log lines, files, metrics, the operator’s pages and answers: nothing tells the two platforms apart', () => {
  expect(toldApartBy(dumps)).toEqual([])
})

test('boxes of acts have one length; no instant of an act, an upload or a sealed entry stands beside a lot', () => {
  for (const [i, dump] of dumps.entries()) {
    const boxes = dump.get('table public.bid_act')!.map(row => /\\x[0-9a-f]{1000,}/.exec(row)![0].length)
    expect(new Set(boxes)).toHaveProperty('size', 1)
    const named = [...dump.values()].flat().filter(line => platforms[i]!.lots.some(lot => line.includes(lot.lotId)))
    const ofBids = [...dump.get('table public.bid_act')!, ...dump.get('table public.upload')!]
    const shared = overlap(instantsOf(named), instantsOf(ofBids))
    expect([...shared]).toEqual([])
  }
})

const overlap = (one: Set<string>, two: Set<string>) => new Set([...one].filter(value => two.has(value)))

test('no file of an upload holds the name of a lot, a certificate or a custodian’s key', () => {
  for (const { t, lots, bidders } of platforms) {
    const kept = join(t.platform.config.dataDir, 'uploads')
    const secrets = [
      ...lots.flatMap(lot => [lot.lotId, lot.project.id, lot.policy.hash]),
      ...bidders.flatMap(one => [one.signer.fingerprint, one.actor.organisationId]),
    ].map(text => Buffer.from(text))
    for (const name of readdirSync(kept)) {
      const bytes = readFileSync(join(kept, name))
      expect(
        secrets.some(secret => bytes.includes(secret)),
        name,
      ).toBe(false)
      expect(bytes.includes('TBIDSEAL')).toBe(false)
    }
  }
})

test('no row, job, line, file, metric or answer has both a lot and a bidder', () => {
  for (const [i, dump] of dumps.entries()) {
    const { lots, bidders } = platforms[i]!
    const people = bidders.flatMap(({ actor, signer }) => [actor.organisationId, actor.personId, signer.fingerprint])
    for (const [source, lines] of dump)
      for (const line of lines)
        if (lots.some(lot => line.includes(lot.lotId)))
          for (const person of people) expect(line.includes(person), `${source}: ${line.slice(0, 120)}`).toBe(false)
  }
})

describe('a planted leak is found', () => {
  interface Leak {
    name: string
    plant(one: LookAlike, acts: { id: string; lotId: string }[]): Promise<unknown> | unknown
    remove(one: LookAlike): Promise<unknown> | unknown
  }
  const sql = ({ t }: LookAlike, text: string, values: unknown[] = []) => t.platform.database.pool.query(text, values)
  const uploads = ({ t }: LookAlike) => join(t.platform.config.dataDir, 'uploads')
  const redisOf = async ({ redis }: LookAlike, run: (redis: Redis) => Promise<unknown>) => {
    const client = new Redis(redis.url)
    await run(client)
    client.disconnect()
  }
  const leaks: Leak[] = [
    {
      name: 'a promised job that names the lot of a bid',
      plant: async (one, acts) => {
        for (const { lotId } of acts)
          await sql(one, `insert into outbox (job, payload, due_at, priority) values ('leak', $1, now(), 7)`, [
            JSON.stringify({ lotId }),
          ])
      },
      remove: one => sql(one, `delete from outbox where job = 'leak'`),
    },
    {
      name: 'two tables that only together link acts to a lot',
      plant: async (one, acts) => {
        await sql(one, 'create table leak_lot (lot uuid, ref uuid)')
        await sql(one, 'create table leak_act (ref uuid, act uuid)')
        for (const { lotId } of one.lots) await sql(one, 'insert into leak_lot values ($1, gen_random_uuid())', [lotId])
        for (const { id, lotId } of acts)
          await sql(one, 'insert into leak_act select ref, $1 from leak_lot where lot = $2', [id, lotId])
      },
      remove: one => sql(one, 'drop table leak_lot, leak_act'),
    },
    {
      name: 'boxes that are longer for one lot',
      plant: async (one, acts) => {
        for (const { id } of acts.filter(act => act.lotId === one.lots[0]!.lotId))
          await sql(one, `update bid_act set box = box || '\\x00' where id = $1`, [id])
      },
      remove: one => sql(one, 'update bid_act set box = substr(box, 1, 8220)'),
    },
    {
      name: 'a line of the process’s log for every act',
      plant: (one, acts) => {
        for (const { lotId } of acts) one.t.platform.logger.debug({ lot: lotId }, 'leak')
      },
      remove: one => one.log.splice(0, one.log.length, ...one.log.filter(line => !line.includes('"leak"'))),
    },
    {
      name: 'a file beside the uploads that names a lot',
      plant: (one, acts) => {
        for (const { id, lotId } of acts) writeFileSync(join(uploads(one), `${id}.json`), lotId)
      },
      remove: async one => {
        for (const { id } of await lotsOfActs(one)) rmSync(join(uploads(one), `${id}.json`))
      },
    },
    {
      name: 'a job in Redis that names the lot of a bid',
      plant: (one, acts) =>
        redisOf(one, async redis => {
          for (const { lotId } of acts) await redis.hset(`bull:leak:${lotId}:${Math.random()}`, { data: '{}' })
        }),
      remove: one => redisOf(one, async redis => redis.del(await redis.keys('bull:leak:*'))),
    },
  ]
  test.each(leaks)('$name', async ({ plant, remove }) => {
    for (const one of platforms) await plant(one, await lotsOfActs(one))
    const leaked = await Promise.all(platforms.map(one => one.dump()))
    for (const one of platforms) await remove(one)
    expect(toldApartBy(leaked).length).toBeGreaterThan(0)
    expect(toldApartBy(await Promise.all(platforms.map(one => one.dump())))).toEqual([])
  })

  test('a label of a metric', () => {
    const leaked = dumps.map((dump, i) => {
      const lines = platforms[i]!.lots.map(({ lotId }, at) => `http_request_seconds_count{lot="${lotId}"} ${counts[i]![at]}`)
      return new Map([...dump, ['metrics', [...dump.get('metrics')!, ...lines]] as [string, string[]]])
    })
    expect(toldApartBy(leaked).length).toBeGreaterThan(0)
  })
})
