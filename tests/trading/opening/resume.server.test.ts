import { mkdirSync, renameSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { logPayload } from '@/db/schema/platform/log'
import { bid, bidFile } from '@/db/schema/trading/bid'
import { opening, paper, readOut, releaseMessage } from '@/db/schema/trading/opening'
import { lot, notice } from '@/db/schema/trading/project'
import { sweep } from '@/jobs/clock'
import {
  type ATender,
  type AWitness,
  afterDeadline,
  aRelease,
  aSealedBid,
  aTender,
  aWitness,
  release,
} from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { uploadFolder } from '~/trading/bid/upload.server'
import { advanceOpenings } from '~/trading/opening/advance.server'
import { closeDueLots, publishDeadline } from '~/trading/opening/close.server'
import { publishCloses } from '~/trading/opening/count.server'
import { listEvents } from '~/trading/opening/event.server'
import { listAllLeaves } from '~/trading/opening/list-leaves.server'
import { releaseKeys } from '~/trading/opening/release.server'
import { settleKeys } from '~/trading/opening/settle-keys.server'

// A whole tender with its keys and papers takes seconds, and more on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
})
afterAll(() => t.close())

const db = () => t.platform.database.db
const openingOf = async ({ lotId }: ATender) => (await db().select().from(opening).where(eq(opening.lotId, lotId)))[0]!
const stateOf = async ({ lotId }: ATender) => (await db().select().from(lot).where(eq(lot.id, lotId)))[0]!.state
const actionsOf = async ({ lotId }: ATender) => {
  await t.platform.sequencer.flush()
  const rows = await db().select({ action: logPayload.action }).from(logPayload).where(eq(logPayload.lotId, lotId))
  return rows.map(row => row.action)
}
const once = (actions: (string | null)[], action: string) => actions.filter(a => a === action).length

async function aFullTender(count = 3) {
  const tender = await aTender(t)
  for (let i = 0; i < count; i++) await aSealedBid(t, tender)
  return tender
}

const steps = { closeDueLots, publishDeadline, listAllLeaves, publishCloses, advanceOpenings }

test('after a kill between any two steps the next sweep goes on, and every step twice is once', async () => {
  const tender = await aFullTender()
  await afterDeadline(t, tender)
  const seen: string[] = []
  for (const [name, step] of Object.entries(steps)) {
    // Every step runs three times: as if each of three processes had died right after it.
    for (let i = 0; i < 3; i++) await step(await t.ctx())
    seen.push(`${name}: ${(await openingOf(tender)).phase}`)
  }
  expect(seen).toEqual([
    'closeDueLots: closing',
    'publishDeadline: closing',
    'listAllLeaves: counting',
    'publishCloses: counting',
    'advanceOpenings: releasing',
  ])
  expect(await db().select().from(bid).where(eq(bid.lotId, tender.lotId))).toHaveLength(3)
  const actions = await actionsOf(tender)
  expect(once(actions, 'lot.close')).toBe(1)
  expect(once(actions, 'opening.count')).toBe(1)
})

test('a step that dies inside its transaction leaves nothing behind', async () => {
  const tender = await aFullTender()
  await afterDeadline(t, tender)
  const ctx = await t.ctx()
  await closeDueLots(ctx)
  await publishDeadline(ctx)
  const dying = ctx.db.transaction(async tx => {
    await listAllLeaves({ ...ctx, db: tx })
    throw new Error('killed')
  })
  await expect(dying).rejects.toThrow('killed')
  expect((await openingOf(tender)).phase).toBe('closing')
  expect(await db().select().from(bid).where(eq(bid.lotId, tender.lotId))).toEqual([])
  await t.tick()
  expect((await openingOf(tender)).phase).toBe('releasing')
})

test('sweeps of two workers at once, many times, make one opening with one of everything', async () => {
  const tenders = [await aFullTender(), await aFullTender(), await aFullTender(2)]
  await afterDeadline(t, tenders[2]!)
  for (let i = 0; i < 4; i++) await Promise.all([sweep(t.platform), sweep(t.platform), sweep(t.platform)])
  await witness.cosign()
  for (let i = 0; i < 3; i++) await Promise.all([sweep(t.platform), sweep(t.platform)])
  expect(await Promise.all(tenders.map(stateOf))).toEqual(['opening', 'opening', 'failed'])
  for (const tender of tenders) {
    const actions = await actionsOf(tender)
    expect(once(actions, 'lot.close')).toBe(1)
    expect(once(actions, 'opening.count')).toBe(1)
    const events = await listEvents(await t.ctx(), tender.lotId)
    expect(events.map(e => e.seq)).toEqual(events.map((_, i) => i + 1))
    expect(new Set(events.map(e => e.kind)).size).toBe(events.length)
  }
  const failures = await db().select().from(notice).where(eq(notice.lotId, tenders[2]!.lotId))
  expect(failures.filter(n => n.kind === 'failure')).toHaveLength(1)
})

test('prices decrypted twice at once are read out once, and a record made twice is published once', async () => {
  const tender = await aFullTender()
  await afterDeadline(t, tender)
  await t.tick()
  await witness.cosign()
  await t.tick()
  await Promise.all(tender.custodians.slice(0, 2).map(one => release(t, tender, one)))
  await Promise.all(Array.from({ length: 6 }, async () => settleKeys(await t.ctx(), { lotId: tender.lotId })))
  expect(await db().select().from(readOut).where(eq(readOut.lotId, tender.lotId))).toHaveLength(3)
  expect((await openingOf(tender)).phase).toBe('objecting')
  await t.pass(21_000)
  await t.tick()
  await t.pass(21_000)
  await Promise.all([sweep(t.platform), sweep(t.platform)])
  await Promise.all([sweep(t.platform), sweep(t.platform)])
  await t.tick()
  expect(await openingOf(tender)).toMatchObject({ phase: 'signing', recordVersion: 1 })
  await t.pass(11_000)
  await Promise.all([sweep(t.platform), sweep(t.platform)])
  await t.tick()
  expect((await openingOf(tender)).phase).toBe('recorded')
  const papers = await db().select().from(paper).where(eq(paper.lotId, tender.lotId))
  expect(papers.filter(p => p.kind === 'opening-record')).toHaveLength(1)
  const events = await listEvents(await t.ctx(), tender.lotId)
  expect(events.filter(e => e.kind === 'answered').map(e => e.facts)).toEqual(
    [1, 2, 3].map(no => ({ no, answer: 'silent', text: '' })),
  )
})

test('a held commit delays only its own lot, and counts when it was in time', async () => {
  const [held, free] = [await aFullTender(), await aFullTender()]
  const client = await t.platform.database.pool.connect()
  try {
    await client.query('begin')
    await client.query('select 1 from lot where id = $1 for share', [held.lotId])
    await afterDeadline(t, free)
    const closing = closeDueLots(await t.ctx())
    await expect.poll(() => stateOf(free)).toBe('closed')
    expect(await stateOf(held)).toBe('bidding')
    await client.query('commit')
    await closing
    expect(await stateOf(held)).toBe('closed')
  } finally {
    client.release()
  }
})

test('a lot is never closed before its deadline', async () => {
  const tender = await aFullTender()
  await t.at(new Date(tender.deadline.getTime() - 50_000))
  await closeDueLots(await t.ctx())
  await t.tick()
  expect(await stateOf(tender)).toBe('bidding')
})

test('a broken opening is tried again later and does not stop the others', async () => {
  const [broken, sound] = [await aFullTender(), await aFullTender()]
  await afterDeadline(t, sound)
  await closeDueLots(await t.ctx())
  await publishDeadline(await t.ctx())
  const stuck = t.platform.database.pool
  await stuck.query(
    'create or replace function stop_one() returns trigger language plpgsql as $$ begin if new.lot_id = tg_argv[0]::uuid then raise exception $q$no$q$; end if; return new; end $$',
  )
  await stuck.query(`create trigger stop_one before insert on bid for each row execute function stop_one('${broken.lotId}')`)
  const logger = t.platform.logger
  const level = logger.level
  logger.level = 'silent'
  await t.tick()
  logger.level = level
  expect((await openingOf(broken)).phase).toBe('closing')
  expect((await openingOf(sound)).phase).toBe('releasing')
  await stuck.query('drop trigger stop_one on bid')
  await t.pass(3_000)
  await t.tick()
  expect((await openingOf(broken)).phase).toBe('releasing')
})

test('settling keys before release is allowed does nothing', async () => {
  const tender = await aFullTender()
  await afterDeadline(t, tender)
  await t.tick()
  await t.pass(600_000)
  await settleKeys(await t.ctx(), { lotId: tender.lotId })
  await t.tick()
  expect((await openingOf(tender)).phase).toBe('releasing')
  const { rows } = await db().execute(sql`select count(*)::int as n from bid where lot_id = ${tender.lotId} and state = 'locked'`)
  expect(rows).toEqual([{ n: 3 }])
})

test('a price that the machine could not read with its key is read later, once, and the bid is nobody’s fault', async () => {
  const tender = await aFullTender()
  await afterDeadline(t, tender)
  await t.tick()
  await witness.cosign()
  await t.tick()
  const messages = []
  for (const one of tender.custodians.slice(0, 2)) messages.push({ one, message: await aRelease(t, tender, one) })
  const [file] = await db()
    .select({ uploadId: bidFile.uploadId })
    .from(bidFile)
    .innerJoin(bid, eq(bid.id, bidFile.bidId))
    .where(and(eq(bid.lotId, tender.lotId), eq(bidFile.role, 'price')))
    .limit(1)
  const path = join(uploadFolder(t.platform), file!.uploadId)
  renameSync(path, `${path}.away`)
  mkdirSync(path)
  const level = t.platform.logger.level
  t.platform.logger.level = 'silent'
  for (const { one, message } of messages) await releaseKeys(await t.ctx(one.actor), message)
  expect((await openingOf(tender)).phase).toBe('reading')
  expect(await db().select().from(readOut).where(eq(readOut.lotId, tender.lotId))).toHaveLength(2)
  await settleKeys(await t.ctx(), { lotId: tender.lotId })
  expect((await openingOf(tender)).phase).toBe('reading')
  t.platform.logger.level = level
  rmdirSync(path)
  renameSync(`${path}.away`, path)
  await t.pass(2_500)
  await Promise.all([sweep(t.platform), sweep(t.platform)])
  expect((await openingOf(tender)).phase).toBe('objecting')
  expect(await db().select().from(readOut).where(eq(readOut.lotId, tender.lotId))).toHaveLength(3)
  const events = await listEvents(await t.ctx(), tender.lotId)
  expect(events.flatMap(e => (e.kind === 'read' ? e.facts.bids.map(line => line.no) : [])).sort()).toEqual([1, 2, 3])
})

test('releases of many lots and holders that come at once are taken together, each lot with one message of each', async () => {
  const tenders = [await aFullTender(), await aFullTender(), await aFullTender(4)]
  await afterDeadline(t, tenders[2]!)
  await t.tick()
  await witness.cosign()
  await t.tick()
  await Promise.all(tenders.flatMap(tender => tender.custodians.map(one => release(t, tender, one))))
  for (const [i, tender] of tenders.entries()) {
    expect((await openingOf(tender)).phase).toBe('objecting')
    expect(await db().select().from(readOut).where(eq(readOut.lotId, tender.lotId))).toHaveLength(i === 2 ? 4 : 3)
    const kept = await db().select().from(releaseMessage).where(eq(releaseMessage.lotId, tender.lotId))
    expect(kept.map(m => m.no).sort()).toEqual([1, 2, 3])
    const events = await listEvents(await t.ctx(), tender.lotId)
    expect(events.map(e => e.seq)).toEqual(events.map((_, n) => n + 1))
    const released = events.flatMap(e => (e.kind === 'released' ? e.facts.releases : []))
    expect(released.map(r => r.by).sort()).toEqual(tender.custodians.map(c => c.actor.organisationName).sort())
  }
})
