import { afterAll, beforeAll, expect, test } from 'vitest'
import { aBid } from '@/tests/factories/bid'
import { aSealingLot, type SealingLot } from '@/tests/factories/custody'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'

// crypto.md §10.2: whoever can read every row of two platforms, whose lots have 3, 9, 4 and 9, 3, 4 bids, cannot tell them apart.
const counts = [
  [3, 9, 4],
  [9, 3, 4],
]
let platforms: TestPlatform[]
let lots: SealingLot[][]

beforeAll(async () => {
  platforms = [await testPlatform(), await testPlatform()]
  lots = []
  for (const [i, t] of platforms.entries()) {
    const made = [
      await aSealingLot(t, { seconds: 3600 }),
      await aSealingLot(t, { seconds: 3600 }),
      await aSealingLot(t, { seconds: 3600 }),
    ]
    lots.push(made)
    for (const [at, lot] of made.entries()) for (let n = 0; n < counts[i]![at]!; n++) await aBid(t, lot)
    await t.platform.sequencer.flush()
  }
}, 240_000)
afterAll(() => Promise.all(platforms.map(t => t.close())))

/** Every row of every table in text, as a dump shows it. */
async function dump(t: TestPlatform): Promise<Map<string, string[]>> {
  const { pool } = t.platform.database
  const { rows: tables } = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const found = new Map<string, string[]>()
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`select x::text as row from "${name}" x`)
    found.set(
      name,
      rows.map(({ row }) => row),
    )
  }
  return found
}

test('tables hold as many rows on both platforms', async () => {
  const [one, two] = await Promise.all(platforms.map(dump))
  // How entries fell into batches is a matter of timing, not of lots.
  const counted = (dumped: Map<string, string[]>) => [...dumped].filter(([name]) => name !== 'log_checkpoint')
  const sizes = (dumped: Map<string, string[]>) => Object.fromEntries(counted(dumped).map(([name, rows]) => [name, rows.length]))
  expect(sizes(one!)).toEqual(sizes(two!))
})

test('a lot is named as often on one as on the other, and the lengths of what is named are the same', async () => {
  const dumps = await Promise.all(platforms.map(dump))
  const mentions = dumps.map((dumped, i) =>
    lots[i]!.map(lot =>
      [...dumped].flatMap(([name, rows]) => {
        const found = rows.filter(row => row.includes(lot.lotId)).length
        return found ? [`${name} ${found}`] : []
      }),
    ),
  )
  expect(mentions[0]).toEqual(mentions[1])
  // All three lots look alike, though they have 3, 9 and 4 bids.
  expect(new Set(mentions[0]!.map(one => one.join()))).toHaveProperty('size', 1)
})

test('boxes of acts and of their log entries have one length, whatever lot and files', async () => {
  const lengths = async (t: TestPlatform, query: string) =>
    (await t.platform.database.pool.query<{ n: number }>(query)).rows.map(row => row.n)
  for (const t of platforms) {
    expect(await lengths(t, 'select distinct octet_length(box) as n from bid_act')).toHaveLength(1)
    const sealed = 'select count(*)::int as n from log_payload where lot_id is null and octet_length(box) % 4096 = 28'
    expect(await lengths(t, sealed)).toEqual([16])
  }
})

test('no upload, act or log row carries an organisation, person, certificate or lot', async () => {
  for (const [i, t] of platforms.entries()) {
    const dumped = await dump(t)
    const { rows } = await t.platform.database.pool.query<{ id: string }>(
      'select id from organisation union select id from person',
    )
    const known = [...rows.map(row => row.id), ...lots[i]!.map(lot => lot.lotId)]
    for (const table of ['bid_act', 'upload', 'log_pending', 'outbox', 'rate_window', 'idempotency', 'notification'])
      for (const row of dumped.get(table) ?? []) for (const id of known) expect(row.includes(id), table).toBe(false)
  }
})
