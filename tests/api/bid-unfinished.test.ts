import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { messageHash } from '@/crypto/messages'
import { refusedCommit } from '@/db/schema/trading/opening'
import { aBid, aBidder, type Bidder, bidFiles, sealFor, statementOf, uploadAll } from '@/tests/factories/bid'
import { type BidApi, bidApi } from '@/tests/factories/bid-api'
import { signText } from '@/tests/factories/certificate'
import { aSealingLot } from '@/tests/factories/custody'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import type { PayloadBox } from '~/platform/log/append.server'
import { openJson } from '~/platform/vault/vault.server'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let t: TestPlatform
let api: BidApi

beforeAll(async () => {
  t = await testPlatform()
  api = bidApi(t)
})
afterAll(async () => {
  api.close()
  await t.close()
})

const json = { 'content-type': 'application/json' }
const post = async (path: string, body: unknown) => {
  const response = await fetch(`${api.base}${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) })
  return { status: response.status, body: await response.json() }
}
const mineOf = async (lotId: string, bidder: Bidder) => {
  api.as(bidder.actor)
  return (await fetch(`${api.base}/lots/${lotId}/my-bid`)).json()
}
/** What the log keeps of this action, opened with the server's key. */
async function loggedOf(action: string) {
  const { rows } = await t.platform.database.pool.query<{ entry_id: string; box: Buffer }>(
    'select entry_id, box from log_payload',
  )
  const all = rows.map(row => openJson<PayloadBox>(t.platform.vault, `log ${row.entry_id}`, row.box).payload)
  return all.filter(payload => payload.action === action).map(payload => payload.facts as Record<string, string>)
}

const rowsOf = (lotId: string) => t.platform.database.db.select().from(refusedCommit).where(eq(refusedCommit.lotId, lotId))

test('sending that is unfinished at the deadline counts as withdrawn, its bidder is told so, and it is recorded', async () => {
  const lot = await aSealingLot(t, { seconds: 600 })
  const path = `/lots/${lot.lotId}/bids`
  const [never, replacing, done] = [await aBidder(t, lot), (await aBid(t, lot)).bidder, await aBidder(t, lot)]
  const others = [await aBid(t, lot), await aBid(t, lot)]
  api.as(never.actor)
  const began = await post(`${path}/beginning`, {})
  expect(began.status).toBe(201)
  expect((await mineOf(lot.lotId, never)).unfinished).toEqual({ at: began.body.at, isWithdrawn: false })
  api.as(replacing.actor)
  await post(`${path}/beginning`, { statement: 'a'.repeat(64) })
  const sealed = await sealFor(lot, done, bidFiles(lot.lotId))
  const statement = statementOf(t, lot, done, { files: sealed.files })
  api.as(done.actor)
  await post(`${path}/beginning`, { statement: messageHash(statement) })
  const uploads = await uploadAll(t, done.actor, sealed)
  const committed = await post(path, { statement, cms: await signText(statement, done.signer), uploads })
  expect(committed.status).toBe(201)
  expect((await mineOf(lot.lotId, done)).unfinished).toBeNull()

  await t.pass(601_000)
  const late = await mineOf(lot.lotId, never)
  expect(late).toMatchObject({ versions: [], unfinished: { at: began.body.at, isWithdrawn: true } })
  expect(await rowsOf(lot.lotId)).toEqual([])
  await t.tick()
  const rows = await rowsOf(lot.lotId)
  expect(rows.map(row => [row.organisationId, row.code]).sort()).toEqual(
    [
      [never.actor.organisationId, 'upload-unfinished'],
      [replacing.actor.organisationId, 'upload-unfinished'],
    ].sort(),
  )
  expect(rows[0]?.sentence).toContain('视为撤回')
  await t.platform.sequencer.flush()
  const logged = (await loggedOf('bid.unfinished')).map(facts => [facts.lot, facts.org, facts.statement])
  expect(logged).toContainEqual([lot.lotId, never.actor.organisationId, null])
  expect(logged).toContainEqual([lot.lotId, replacing.actor.organisationId, 'a'.repeat(64)])
  expect(logged).toHaveLength(2)
  expect((await mineOf(lot.lotId, replacing)).versions).toHaveLength(1)
  expect((await mineOf(lot.lotId, others[0]!.bidder)).unfinished).toBeNull()
  api.as(never.actor)
  expect(await post(`${path}/beginning`, {})).toMatchObject({ status: 409, body: { code: 'bidding-closed' } })
  expect((await mineOf(lot.lotId, never)).refused.at(-1)).toMatchObject({ code: 'bidding-closed' })
  await t.pass(-601_000)
})

test('beginning is sealed: no row of it names lot or bidder, and it looks like a commit', async () => {
  const lot = await aSealingLot(t, { seconds: 600 })
  const { bidder } = await aBid(t, lot)
  await t.platform.sequencer.flush()
  const { pool } = t.platform.database
  const before = new Set((await pool.query<{ id: string }>('select id from bid_act')).rows.map(row => row.id))
  api.as(bidder.actor)
  await post(`/lots/${lot.lotId}/bids/beginning`, {})
  await t.platform.sequencer.flush()
  const { rows } = await pool.query<{ id: string; n: number; row: string }>(
    'select id, octet_length(box) as n, x::text as row from bid_act x',
  )
  const made = rows.filter(row => !before.has(row.id))
  expect(made).toHaveLength(1)
  expect(new Set(rows.map(row => row.n))).toHaveProperty('size', 1)
  const known = [lot.lotId, bidder.actor.organisationId, bidder.actor.personId]
  for (const table of ['bid_act', 'log_payload', 'log_pending', 'outbox', 'idempotency'])
    for (const { row } of (
      await pool.query<{ row: string }>(`select x::text as row from ${table} x where x::text like $1`, [
        `%${bidder.actor.organisationId}%`,
      ])
    ).rows)
      for (const id of known) expect(row.includes(id), table).toBe(false)
  const sealed = await pool.query('select action, lot_id from log_payload order by idx desc limit 1')
  expect(sealed.rows).toEqual([{ action: null, lot_id: null }])
})

test('what may not begin is refused: nobody’s session, a malformed hash, a lot that is not announced', async () => {
  const lot = await aSealingLot(t, { state: 'ready' })
  const bidder = await aBidder(t, lot)
  api.as({ kind: 'public' })
  expect((await post(`/lots/${lot.lotId}/bids/beginning`, {})).status).toBe(401)
  api.as(bidder.actor)
  expect((await post(`/lots/${lot.lotId}/bids/beginning`, {})).body.code).toBe('not-found')
  expect((await post(`/lots/${lot.lotId}/bids/beginning`, { statement: 'x' })).body.code).toBe('statement-malformed')
})
