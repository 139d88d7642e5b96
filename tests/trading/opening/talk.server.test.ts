import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { anActor } from '@/tests/factories/actor'
import { type AWitness, aBidder, aSealedBid, aTender, aWitness } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { listEvents } from '~/trading/opening/event.server'
import { answerCall, callRoll, muteBidder, sayInHall } from '~/trading/opening/talk.server'
import { close, publicView } from './hall'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
})
afterAll(() => t.close())

const talk = async (lotId: string, actor: PersonActor, text: string) => sayInHall(await t.ctx(actor), { lotId, text })

async function aHall(bidders: number) {
  const tender = await aTender(t)
  const bids = []
  for (let i = 0; i < bidders; i++) bids.push(await aSealedBid(t, tender))
  return { tender, lotId: tender.lotId, bids, actors: bids.map(one => one.bidder.actor) }
}

test('before the list of bidders nobody writes, and not even an attempt leaves a trace of who', async () => {
  const { tender, lotId, actors } = await aHall(3)
  for (const actor of [...actors, tender.agency])
    await expect(talk(lotId, actor, '我来了')).rejects.toMatchObject({
      code: expect.stringMatching(/talk-closed|opening-not-due/),
    })
  const { rows } = await t.platform.database.pool.query(`select key from rate_window where key like 'talk%'`)
  expect(rows).toEqual([])
})

test('of fewer than three nobody is named by writing', async () => {
  const { tender, lotId, actors } = await aHall(2)
  await close(t, witness, tender)
  await expect(talk(lotId, actors[0]!, '在')).rejects.toMatchObject({ code: 'talk-closed' })
  expect((await listEvents(await t.ctx(), lotId)).some(event => event.kind === 'message')).toBe(false)
})

test('host, supervisor and listed bidders write, nobody else; the host mutes one with a reason; all of it is seen and logged', async () => {
  const { tender, lotId, actors } = await aHall(3)
  await close(t, witness, tender)
  const supervisor = await anActor(t, 'supervisor', { regionPrefix: '' })
  await talk(lotId, actors[1]!, '网络正常。')
  await talk(lotId, tender.agency, '请各投标人注意时间。')
  await talk(lotId, supervisor, '监督在线。')
  await expect(talk(lotId, (await aBidder(t)).actor, '我也在')).rejects.toMatchObject({ code: 'no-bid' })
  await expect(talk(lotId, await anActor(t, 'agency'), '我是别家代理')).rejects.toMatchObject({ code: 'not-found' })
  await expect(talk(lotId, tender.custodians[0]!.actor, '保管人')).rejects.toMatchObject({ code: 'not-allowed' })
  await muteBidder(await t.ctx(tender.agency), { lotId, no: 2, isMuted: true, reason: '与开标无关' })
  await expect(talk(lotId, actors[1]!, '再说一句')).rejects.toMatchObject({ code: 'muted' })
  await muteBidder(await t.ctx(tender.agency), { lotId, no: 2, isMuted: false, reason: '已提醒' })
  await talk(lotId, actors[1]!, '谢谢。')
  const { hall } = await publicView(t, tender)
  expect(hall.messages.map(({ role, no, text }) => [role, no, text])).toEqual([
    ['bidder', 2, '网络正常。'],
    ['host', null, '请各投标人注意时间。'],
    ['supervisor', null, '监督在线。'],
    ['bidder', 2, '谢谢。'],
  ])
  await t.platform.sequencer.flush()
  const { rows } = await t.platform.database.pool.query(
    `select action, count(*)::int as n from log_payload where action in ('opening.message', 'opening.mute') and lot_id = $1 group by 1 order by 1`,
    [lotId],
  )
  expect(rows).toEqual([
    { action: 'opening.message', n: 4 },
    { action: 'opening.mute', n: 2 },
  ])
})

test('six messages a minute, then the seventh is refused', async () => {
  const { tender, lotId, actors } = await aHall(3)
  await close(t, witness, tender)
  for (let i = 0; i < 6; i++) await talk(lotId, actors[0]!, `第 ${i} 条`)
  await expect(talk(lotId, actors[0]!, '第七条')).rejects.toMatchObject({ code: 'too-many' })
  await talk(lotId, actors[1]!, '别家不受影响')
})

test('the host calls the roll; who answers in time is recorded once, a late answer is refused, one call at a time', async () => {
  const { tender, lotId, actors } = await aHall(3)
  await close(t, witness, tender)
  const host = async () => t.ctx(tender.agency)
  await expect(answerCall(await t.ctx(actors[0]!), { lotId })).rejects.toMatchObject({ code: 'roll-call-over' })
  await expect(callRoll(await t.ctx(await anActor(t, 'agency')), { lotId, seconds: 60 })).rejects.toMatchObject({
    code: 'not-found',
  })
  await callRoll(await host(), { lotId, seconds: 60 })
  await expect(callRoll(await host(), { lotId, seconds: 60 })).rejects.toMatchObject({ code: 'roll-call-running' })
  for (const actor of [actors[2]!, actors[0]!, actors[0]!]) await answerCall(await t.ctx(actor), { lotId })
  expect((await publicView(t, tender)).hall.call).toMatchObject({ call: 1, here: [3, 1] })
  await t.pass(61_000)
  await expect(answerCall(await t.ctx(actors[1]!), { lotId })).rejects.toMatchObject({ code: 'roll-call-over' })
  await callRoll(await host(), { lotId, seconds: 30 })
  expect((await publicView(t, tender)).hall.call).toMatchObject({ call: 2, here: [] })
})
