import { isNull } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { attendance } from '@/db/schema/trading/opening-act'
import { anActor } from '@/tests/factories/actor'
import { type AWitness, aBidder, aSealedBid, aTender, aWitness } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { signIn } from '~/trading/opening/attendance.server'
import { listEvents } from '~/trading/opening/event.server'
import { close, publicView } from './hall'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
})
afterAll(() => t.close())

const mark = async (lotId: string, actor: PersonActor) => signIn(await t.ctx(actor), { lotId })

test('before the deadline sign-ins are sealed; then only bidders whose bids count are named, and who comes later is seen at once', async () => {
  const tender = await aTender(t, { lot: { openingTerms: { signInSeconds: 30 } } })
  const bids = []
  for (let i = 0; i < 3; i++) bids.push(await aSealedBid(t, tender))
  const onlooker = await aBidder(t)
  expect((await publicView(t, tender)).phase).toBe('scheduled')
  await expect(mark(tender.lotId, bids[0]!.bidder.actor)).rejects.toMatchObject({ code: 'sign-in-not-open' })
  await t.at(new Date(tender.deadline.getTime() - 20_000))
  expect((await publicView(t, tender)).phase).toBe('sign-in')
  const first = await mark(tender.lotId, bids[0]!.bidder.actor)
  expect(await mark(tender.lotId, bids[0]!.bidder.actor)).toEqual(first)
  await mark(tender.lotId, onlooker.actor)
  await mark(tender.lotId, tender.agency)
  const rows = await t.platform.database.db.select().from(attendance)
  expect(rows).toHaveLength(3)
  for (const row of rows)
    expect(row).toMatchObject({ lotId: null, organisationId: null, personId: null, role: null, at: null, openedAt: null })
  expect(new Set(rows.map(row => row.box.length)).size).toBe(1)
  await t.platform.sequencer.flush()
  const { rows: named } = await t.platform.database.pool.query(`select 1 from log_payload where action = 'opening.sign-in'`)
  expect(named).toEqual([])
  await close(t, witness, tender)
  expect((await publicView(t, tender)).hall.attended).toMatchObject([{ no: 1, at: first.at.toISOString() }])
  await mark(tender.lotId, bids[2]!.bidder.actor)
  await expect(mark(tender.lotId, (await aBidder(t)).actor)).rejects.toMatchObject({ code: 'no-bid' })
  const events = await listEvents(await t.ctx(), tender.lotId)
  expect(events.filter(e => e.kind === 'present').map(e => e.facts)).toMatchObject([{ no: 3 }])
  expect(JSON.stringify(events)).not.toContain(onlooker.actor.organisationName)
  const sealed = await t.platform.database.db.select().from(attendance).where(isNull(attendance.openedAt))
  expect(sealed).toHaveLength(1)
})

test('of a lot with too few bids nobody who signed in is ever named', async () => {
  const tender = await aTender(t)
  const bids = [await aSealedBid(t, tender), await aSealedBid(t, tender)]
  await mark(tender.lotId, bids[0]!.bidder.actor)
  await close(t, witness, tender)
  await t.tick()
  const events = await listEvents(await t.ctx(), tender.lotId)
  expect(events.map(e => e.kind)).not.toContain('attended')
  await expect(mark(tender.lotId, bids[1]!.bidder.actor)).rejects.toMatchObject({ code: 'not-found' })
  await expect(mark(tender.lotId, await anActor(t, 'supervisor'))).rejects.toMatchObject({ code: 'not-found' })
})
