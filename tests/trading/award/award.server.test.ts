import { writeFileSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { checkPdf } from '@/crypto/pdfsign'
import { award } from '@/db/schema/trading/evaluation'
import { lot, notice } from '@/db/schema/trading/project'
import { anActor } from '@/tests/factories/actor'
import { type AnEvaluation, anEvaluation, finishEvaluation } from '@/tests/factories/evaluation'
import { type AWitness, aWitness } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { addSeconds, formatInstant } from '~/shared/time'
import { decideAward, readAward } from '~/trading/award/award.server'
import { publishCandidates } from '~/trading/award/candidates.server'
import { listPapers, readPaperFile } from '~/trading/opening/paper.read.server'

// A lot is really sealed, opened and evaluated in most of these: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
})
afterAll(() => t.close())

const db = () => t.platform.database.db
const stateOf = async (lotId: string) => (await db().select().from(lot).where(eq(lot.id, lotId)))[0]!.state
const noticesOf = async (lotId: string, kind: string) =>
  (await db().select().from(notice).where(eq(notice.lotId, lotId))).filter(one => one.kind === kind)
const agencyOf = ({ tender }: AnEvaluation) => t.ctx(tender.agency)

async function evaluated(wish: Parameters<typeof anEvaluation>[2] = {}) {
  const evaluation = await anEvaluation(t, witness, wish)
  await finishEvaluation(t, evaluation)
  return evaluation
}

const publish = async (one: AnEvaluation) => publishCandidates(await agencyOf(one), { lotId: one.lotId })
const decide = async (one: AnEvaluation, at: number, reason = '') =>
  decideAward(await agencyOf(one), { lotId: one.lotId, bidId: one.bidIds[at]!, reason })

test('from the report to the award: publicity, its end, the notice to the winner and the result, each once', async () => {
  const one = await evaluated()
  const { lotId } = one
  await expect(decide(one, 2)).rejects.toMatchObject({ code: 'wrong-state' })
  const stranger = await t.ctx(await anActor(t, 'agency'))
  await expect(publishCandidates(stranger, { lotId })).rejects.toMatchObject({ code: 'not-found' })

  const { now } = await t.ctx()
  await expect(publishCandidates(await agencyOf(one), { lotId, periodEndsAt: now })).rejects.toMatchObject({
    code: 'dates-against-law',
    facts: { articles: '《招标投标法实施条例》第五十四条', violations: expect.stringContaining('最早应为') },
  })
  const { periodEndsAt } = await publish(one)
  const [publicity] = await noticesOf(lotId, 'candidates')
  expect(publicity!.body).toContain(`第1名：${one.bids[2]!.bidder.actor.organisationName}`)
  expect(publicity!.body).toContain('投标报价 9,500,000.00 元，工期（交货期）180 日，质量 合格，项目负责人 王建国')

  await expect(decide(one, 2)).rejects.toMatchObject({
    code: 'publicity-running',
    facts: { endsAt: formatInstant(periodEndsAt) },
  })
  await t.at(addSeconds(periodEndsAt, 1))
  await expect(decideAward(stranger, { lotId, bidId: one.bidIds[2]!, reason: '' })).rejects.toMatchObject({ code: 'not-found' })
  expect((await decide(one, 2)).winner).toBe(one.bids[2]!.bidder.actor.organisationName)
  expect(await stateOf(lotId)).toBe('awarded')

  const publicCtx = await t.ctx({ kind: 'public' })
  const paper = (await listPapers(publicCtx, lotId)).find(found => found.kind === 'award-notice')!
  const pdf = await t.platform.store.read((await readPaperFile(publicCtx, paper.id)).id)
  if (process.env.PAPER_DIR) writeFileSync(`${process.env.PAPER_DIR}/award-notice.pdf`, pdf)
  expect(checkPdf(pdf)).toMatchObject([{ ok: true, coversFile: true }])
  const results = await noticesOf(lotId, 'result')
  expect(results).toHaveLength(1)
  expect(results[0]!.body).toContain('9,500,000.00 元')
  await expect(decide(one, 2)).rejects.toMatchObject({ code: 'wrong-state' })
})

test('another candidate than the first needs a written reason, which is kept; who is no candidate never wins', async () => {
  const prices = ['1000000000', '900000000', '950000000', '1190000000']
  const one = await evaluated({ prices })
  const { periodEndsAt } = await publish(one)
  await t.at(addSeconds(periodEndsAt, 1))
  const [, , , last] = one.bidIds
  await expect(decide(one, 3)).rejects.toMatchObject({ code: 'not-a-candidate' })
  await expect(decide(one, 1)).rejects.toMatchObject({ code: 'first-ranked-must-win', facts: { field: 'reason' } })
  const reason = '排名第一的中标候选人书面放弃中标（《招标投标法实施条例》第五十五条）。'
  await decide(one, 1, reason)
  const row = await readAward(await agencyOf(one), one.lotId)
  expect(row).toMatchObject({ bidId: one.bidIds[1], reason })
  expect(row!.basis).not.toContain(last)
})

test('two people awarding at once: one award, one paper, one result; the other is told', async () => {
  const one = await evaluated()
  const { periodEndsAt } = await publish(one)
  await t.at(addSeconds(periodEndsAt, 1))
  const answers = await Promise.allSettled([decide(one, 2), decide(one, 1, '第一名放弃。'), decide(one, 2)])
  expect(answers.filter(answer => answer.status === 'fulfilled')).toHaveLength(1)
  for (const answer of answers)
    if (answer.status === 'rejected') expect(['wrong-state', 'changed-meanwhile']).toContain(answer.reason.code)
  expect(await db().select().from(award).where(eq(award.lotId, one.lotId))).toHaveLength(1)
  expect(await noticesOf(one.lotId, 'result')).toHaveLength(1)
  const papers = await listPapers(await agencyOf(one), one.lotId)
  expect(papers.filter(paper => paper.kind === 'award-notice')).toHaveLength(1)
})

test('the result of a procurement names the members of the committee, and no earlier page does', async () => {
  const scoring = {
    method: 'comprehensive',
    formula: 'F1',
    priceWeight: '0.60',
    compliance: [{ code: 'C1', text: '资格' }],
    items: [{ code: 'S1', name: '技术', max: '40', group: 'technical' }],
  }
  const project = { kind: 'gp-goods', edition: 'gp-goods.open-tender@2026.1-drill', sector: 'procurement' } as const
  const one = await evaluated({ project, lot: { scoring } })
  const { periodEndsAt } = await publish(one)
  await t.at(addSeconds(periodEndsAt, 1))
  const before = await db().select().from(notice).where(eq(notice.lotId, one.lotId))
  expect(before.some(found => found.body.includes('测试姓名'))).toBe(false)
  await decide(one, 1)
  expect((await noticesOf(one.lotId, 'result'))[0]!.body).toMatch(/评审专家：测试姓名\d+、测试姓名\d+、测试姓名\d+/)
})
