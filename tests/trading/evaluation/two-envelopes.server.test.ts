import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { checkPdf } from '@/crypto/pdfsign'
import { bid } from '@/db/schema/trading/bid'
import { evaluationReport } from '@/db/schema/trading/evaluation'
import { stageKey } from '@/db/schema/trading/opening'
import { lot } from '@/db/schema/trading/project'
import { anActor } from '@/tests/factories/actor'
import { type AnEvaluation, anEvaluation, finishSheets, sayWord } from '@/tests/factories/evaluation'
import { type AWitness, aWitness, release } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { declare } from '~/trading/draw/arrival.server'
import { readEvaluation } from '~/trading/evaluation/evaluation.read.server'
import { parseReport } from '~/trading/evaluation/report-content'
import { decideAct, proposeAct } from '~/trading/opening/act.server'
import { findOpening } from '~/trading/opening/event.server'
import { listPapers, readPaperFile } from '~/trading/opening/paper.read.server'
import { readPublicOpening } from '~/trading/opening/read.server'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness
let supervisor: PersonActor

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
  supervisor = await anActor(t, 'supervisor')
})
afterAll(() => t.close())

const db = () => t.platform.database.db
const lotOf = async ({ lotId }: AnEvaluation) => (await db().select().from(lot).where(eq(lot.id, lotId)))[0]!
const openingOf = async ({ lotId }: AnEvaluation) => (await findOpening(await t.ctx(), lotId))!
const reportOf = async ({ lotId }: AnEvaluation) =>
  (await db().select().from(evaluationReport).where(eq(evaluationReport.lotId, lotId)))[0]
const keysOf = async (bidId: string) => (await db().select().from(stageKey).where(eq(stageKey.bidId, bidId))).map(k => k.stage)

const twoEnvelopes = { openingTerms: { envelopes: 2 } }
const prices = ['1000000000', '900000000', '950000000', '800000000']

async function callSecond({ lotId, tender }: AnEvaluation) {
  const wish = { lotId, kind: 'second-envelope', cause: 'document', reason: '第一信封评审完毕' } as const
  await proposeAct(await t.ctx(tender.agency), wish)
  await decideAct(await t.ctx(supervisor), { lotId, kind: 'second-envelope', approved: true, decision: '' })
}

/** The second sitting from its call to its published record. */
async function openSecond(evaluation: AnEvaluation) {
  await callSecond(evaluation)
  await t.tick()
  await witness.cosign()
  await t.tick()
  for (const one of evaluation.tender.custodians.slice(0, 2)) await release(t, evaluation.tender, one)
  for (let step = 0; step < 20 && (await openingOf(evaluation)).phase !== 'recorded'; step++) {
    await t.pass(10_000)
    await t.tick()
  }
  expect((await openingOf(evaluation)).phase).toBe('recorded')
  await t.tick()
}

async function sayAll(evaluation: AnEvaluation) {
  const { hash } = (await reportOf(evaluation))!
  for (const member of evaluation.members) await sayWord(t, evaluation, member, hash)
  await t.tick()
}

test('the committee reviews the first envelope without a price; who passed is opened, scored and ranked, and the rest stays sealed', async () => {
  const evaluation = await anEvaluation(t, witness, { lot: twoEnvelopes, prices })
  const { lotId, members, bidIds } = evaluation
  expect((await openingOf(evaluation)).phase).toBe('intermission')
  const own = await readEvaluation(await t.ctx(members[0]!.actor), lotId)
  expect(own.bids.map(one => [one.priceFen, one.form])).toEqual(Array(4).fill([null, null]))
  expect(own.bids[0]!.files.map(file => [file.role, file.plainFileId !== null])).toEqual([
    ['price', false],
    ['technical', true],
  ])
  await expect(callSecond(evaluation)).rejects.toMatchObject({ code: 'envelope-not-reviewed' })

  const cheapest = bidIds[3]!
  expect(await finishSheets(t, evaluation, { failed: [cheapest] })).toBeNull()
  expect(await reportOf(evaluation)).toBeUndefined()
  const leaving = t.ctx(members[0]!.actor).then(ctx => declare(ctx, { lotId, conflict: true, text: '近亲属' }))
  await expect(leaving).rejects.toMatchObject({ code: 'wrong-state' })
  await openSecond(evaluation)

  const { result, outcome } = parseReport((await reportOf(evaluation))!.content)
  expect(outcome).toEqual({ ok: true })
  expect(result.bids.map(one => one.price)).toEqual(['10000000.00', '9000000.00', '9500000.00', null])
  expect(result.bids[3]!.rejections.map(r => r.item)).toEqual(['C1'])
  expect(result.priceRun.input).toHaveLength(3)
  expect(new Set(result.candidates)).toEqual(new Set(bidIds.slice(0, 3)))
  expect(await keysOf(cheapest)).toEqual(['technical'])
  await sayAll(evaluation)
  expect((await lotOf(evaluation)).state).toBe('evaluated')
  const ctx = await t.ctx(evaluation.tender.agency)
  const papers = await listPapers(ctx, lotId)
  expect(papers.map(paper => paper.kind)).toEqual(['notice-tender', 'opening-record', 'opening-record', 'evaluation-report'])
  for (const one of papers) {
    const pdf = await t.platform.store.read((await readPaperFile(ctx, one.id)).id)
    expect(checkPdf(pdf).every(signature => signature.ok)).toBe(true)
  }
})

test('where nobody passes the first envelope no second is opened: the report ends the lot, and the opening with it', async () => {
  const evaluation = await anEvaluation(t, witness, { lot: twoEnvelopes })
  await finishSheets(t, evaluation, { failed: evaluation.bidIds })
  await expect(callSecond(evaluation)).rejects.toMatchObject({ code: 'envelope-not-reviewed' })
  const { result, outcome } = parseReport((await reportOf(evaluation))!.content)
  expect(outcome).toMatchObject({ ok: false, stage: 'all-rejected' })
  expect(result.bids.map(one => one.price)).toEqual([null, null, null])
  await sayAll(evaluation)
  await t.tick()
  expect((await lotOf(evaluation)).state).toBe('failed')
  const { phase, hall } = await readPublicOpening(await t.ctx({ kind: 'public' }), evaluation.lotId)
  expect(phase).toBe('aborted')
  expect(hall.aborted).toMatch(/第二信封均不开启，原封退还/)
  const states = await db().select({ state: bid.state }).from(bid).where(eq(bid.lotId, evaluation.lotId))
  expect(states.map(one => one.state)).toEqual(Array(3).fill('unopened'))
  for (const id of evaluation.bidIds) expect(await keysOf(id)).toEqual(['technical'])
})

test('procurement with two left after the first envelope is void by its article, and no price is read', async () => {
  const evaluation = await anEvaluation(t, witness, {
    project: { kind: 'gp-goods', edition: 'gp-goods.open-tender@2026.1-drill', sector: 'procurement' },
    lot: {
      ...twoEnvelopes,
      scoring: {
        method: 'comprehensive',
        formula: 'F1',
        priceWeight: '0.60',
        compliance: [{ code: 'C1', text: '资格' }],
        items: [{ code: 'S1', name: '技术', max: '40', group: 'technical' }],
      },
    },
  })
  await finishSheets(t, evaluation, { failed: [evaluation.bidIds[0]!] })
  await expect(callSecond(evaluation)).rejects.toMatchObject({ code: 'envelope-not-reviewed' })
  await sayAll(evaluation)
  await t.tick()
  expect((await lotOf(evaluation)).failReason).toContain('《政府采购法》第三十六条')
  expect((await openingOf(evaluation)).phase).toBe('aborted')
})

test('of works two may go on to the second envelope, and are ranked', async () => {
  const evaluation = await anEvaluation(t, witness, { lot: twoEnvelopes })
  await finishSheets(t, evaluation, { failed: [evaluation.bidIds[0]!] })
  await openSecond(evaluation)
  const { result } = parseReport((await reportOf(evaluation))!.content)
  expect(result.candidates).toHaveLength(2)
  expect(result.bids.map(one => one.rank !== null)).toEqual([false, true, true])
})
