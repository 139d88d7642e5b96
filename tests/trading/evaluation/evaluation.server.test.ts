import { writeFileSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { canonical } from '@/crypto/jcs'
import { checkPdf } from '@/crypto/pdfsign'
import { bid } from '@/db/schema/trading/bid'
import { evaluationReport, scoreMark } from '@/db/schema/trading/evaluation'
import { expertLook } from '@/db/schema/trading/expert-record'
import { lot, notice } from '@/db/schema/trading/project'
import { anActor } from '@/tests/factories/actor'
import { aSigner } from '@/tests/factories/certificate'
import { type AnEvaluation, anEvaluation, fillSheet, finishEvaluation, finishSheets, sayWord } from '@/tests/factories/evaluation'
import { type AWitness, aWitness } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readBidFile } from '~/trading/evaluation/bid-file.server'
import { readEvaluation } from '~/trading/evaluation/evaluation.read.server'
import { markCompliance, markScore } from '~/trading/evaluation/mark.server'
import { sha256Hex } from '~/trading/evaluation/report.server'
import { parseReport } from '~/trading/evaluation/report-content'
import { submitSheet } from '~/trading/evaluation/submit-sheet.server'
import { listPapers, readPaperFile } from '~/trading/opening/paper.read.server'

// A lot is really sealed, opened and evaluated in most of these: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness
let evaluation: AnEvaluation

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
  evaluation = await anEvaluation(t, witness)
})
afterAll(() => t.close())

const db = () => t.platform.database.db
const stateOf = async (lotId: string) => (await db().select().from(lot).where(eq(lot.id, lotId)))[0]!
const first = () => evaluation.members[0]!
const score = async (given: Partial<{ bidId: string; item: string; score: string }>, actor = first().actor) =>
  markScore(await t.ctx(actor), { lotId: evaluation.lotId, bidId: evaluation.bidIds[0]!, item: 'S1', score: '20', ...given })

/** The paper of a kind as its owner downloads it; kept in PAPER_DIR for whoever wants to look at it. */
async function paperOf({ tender, lotId }: AnEvaluation, kind: string): Promise<Uint8Array> {
  const ctx = await t.ctx(tender.agency)
  const found = (await listPapers(ctx, lotId)).find(paper => paper.kind === kind)!
  const pdf = await t.platform.store.read((await readPaperFile(ctx, found.id)).id)
  if (process.env.PAPER_DIR) writeFileSync(`${process.env.PAPER_DIR}/${kind}.pdf`, pdf)
  return pdf
}

test('the evaluation begins by the clock once the opening is recorded and the committee is seated', async () => {
  expect((await stateOf(evaluation.lotId)).state).toBe('evaluating')
})

test('points outside 0 to the item’s maximum, or with three decimals, are refused; a repaired score replaces the former', async () => {
  for (const wrong of ['25.01', '20.001', '-1', '1e1'])
    await expect(score({ score: wrong })).rejects.toMatchObject({ code: 'score-out-of-range' })
  await expect(score({ item: 'S9' })).rejects.toMatchObject({ code: 'bad-input' })
  await score({ score: '20' })
  await score({ score: '21.5' })
  const rows = await db().select().from(scoreMark).where(eq(scoreMark.bidId, evaluation.bidIds[0]!))
  expect(rows.map(row => row.score)).toEqual(['21.5'])
})

test('an expert of another committee, and a bid that was not opened, are refused', async () => {
  const stranger = await anActor(t, 'expert')
  await expect(score({}, stranger)).rejects.toMatchObject({ code: 'not-in-committee' })
  await expect(score({}, evaluation.tender.agency)).rejects.toMatchObject({ code: 'not-allowed' })
  const other = evaluation.bidIds[2]!
  await db().update(bid).set({ state: 'revoked', reason: 'no-key' }).where(eq(bid.id, other))
  await expect(score({ bidId: other })).rejects.toMatchObject({ code: 'not-found' })
  await db().update(bid).set({ state: 'decrypted', reason: null }).where(eq(bid.id, other))
})

test('bid files are for the committee alone, and a member sees only the own marks before the report', async () => {
  const own = await readEvaluation(await t.ctx(first().actor), evaluation.lotId)
  const file = own.bids[0]!.files.find(one => one.role === 'technical')!
  expect((await readBidFile(await t.ctx(first().actor), file.id)).audience).toBe('committee')
  const stranger = await anActor(t, 'expert')
  await expect(t.ctx(stranger).then(ctx => readBidFile(ctx, file.id))).rejects.toMatchObject({ code: 'not-found' })
  expect(own.scores.length).toBeGreaterThan(0)
  const another = await readEvaluation(await t.ctx(evaluation.members[1]!.actor), evaluation.lotId)
  expect(another.scores).toEqual([])
  expect((await readEvaluation(await t.ctx(evaluation.tender.agency), evaluation.lotId)).scores).toEqual([])
})

test('a sheet with an empty line is not accepted; a locked one never changes', async () => {
  const ctx = await t.ctx(first().actor)
  await expect(submitSheet(ctx, { lotId: evaluation.lotId })).rejects.toMatchObject({ code: 'sheet-incomplete' })
  await fillSheet(t, evaluation, first())
  expect(await submitSheet(ctx, { lotId: evaluation.lotId })).toEqual({ isLast: false, reportHash: null })
  await expect(score({})).rejects.toMatchObject({ code: 'sheet-locked' })
  const finding = { lotId: evaluation.lotId, bidId: evaluation.bidIds[0]!, item: 'C1', pass: false, reason: '第 1 页' }
  await expect(markCompliance(ctx, finding)).rejects.toMatchObject({ code: 'sheet-locked' })
  await expect(submitSheet(ctx, { lotId: evaluation.lotId })).rejects.toMatchObject({ code: 'sheet-locked' })
})

test('the last sheet makes the report; each member’s word is a signature of that person over that report, once', async () => {
  await expect(sayWord(t, evaluation, first(), '0'.repeat(64))).rejects.toMatchObject({ code: 'report-missing' })
  const [, second, third] = evaluation.members
  for (const member of [second!, third!]) await fillSheet(t, evaluation, member)
  await submitSheet(await t.ctx(second!.actor), { lotId: evaluation.lotId })
  const { reportHash } = await submitSheet(await t.ctx(third!.actor), { lotId: evaluation.lotId })
  const [row] = await db().select().from(evaluationReport).where(eq(evaluationReport.lotId, evaluation.lotId))
  expect(sha256Hex(row!.content)).toBe(reportHash)
  expect(canonical(JSON.parse(row!.content))).toBe(row!.content)
  expect(parseReport(row!.content).result.candidates[0]).toBe(evaluation.bidIds[2])

  const hash = reportHash!
  await expect(sayWord(t, evaluation, first(), hash, { signer: await second!.signer() })).rejects.toMatchObject({
    code: 'cert-not-bound',
  })
  await expect(
    sayWord(t, evaluation, first(), hash, { signer: await aSigner(t, evaluation.tender.agency) }),
  ).rejects.toMatchObject({ code: 'cert-not-bound' })
  await expect(sayWord(t, evaluation, first(), hash, { reportHash: '0'.repeat(64) })).rejects.toMatchObject({
    code: 'bad-signature',
  })
  expect(await sayWord(t, evaluation, first(), hash)).toEqual({ answer: 'sign' })
  await expect(sayWord(t, evaluation, first(), hash)).rejects.toMatchObject({ code: 'already-done' })
  await t.tick()
  expect((await stateOf(evaluation.lotId)).state).toBe('evaluating')
  await sayWord(t, evaluation, second!, hash, { answer: 'dissent', reason: '技术分的评分依据不充分。' })
  await sayWord(t, evaluation, third!, hash, { answer: 'refuse' })
})

test('the clock seals the report once all have spoken: a signed PDF that the public may not read', async () => {
  await t.tick()
  expect((await stateOf(evaluation.lotId)).state).toBe('evaluated')
  const looks = await db().select().from(expertLook)
  expect(looks.map(one => one.expertId).toSorted()).toEqual(evaluation.members.map(one => one.expertId).toSorted())
  expect(looks.every(one => one.purpose === '评标报告载明评委姓名')).toBe(true)
  const pdf = await paperOf(evaluation, 'evaluation-report')
  expect(checkPdf(pdf)).toMatchObject([{ ok: true, coversFile: true }])
  const publicly = await listPapers(await t.ctx({ kind: 'public' }), evaluation.lotId)
  expect(publicly.map(paper => paper.kind)).not.toContain('evaluation-report')
  await t.tick()
  const all = await listPapers(await t.ctx(evaluation.tender.agency), evaluation.lotId)
  expect(all.filter(paper => paper.kind === 'evaluation-report')).toHaveLength(1)
})

const procurement = {
  project: { kind: 'gp-goods', edition: 'gp-goods.open-tender@2026.1-drill', sector: 'procurement' },
  lot: {
    scoring: {
      method: 'comprehensive',
      formula: 'F1',
      priceWeight: '0.60',
      compliance: [{ code: 'C1', text: '资格' }],
      items: [{ code: 'S1', name: '技术', max: '40', group: 'technical' }],
    },
  },
} as const

test('procurement with fewer than three responsive bids fails by the article, with a report and a notice', async () => {
  const failing = await anEvaluation(t, witness, procurement)
  await finishEvaluation(t, failing, { failed: [failing.bidIds[0]!] })
  const row = await stateOf(failing.lotId)
  expect(row.state).toBe('failed')
  expect(row.failReason).toContain('《政府采购法》第三十六条')
  const notices = await db().select().from(notice).where(eq(notice.lotId, failing.lotId))
  expect(notices.filter(one => one.kind === 'failure')).toHaveLength(1)
  expect(checkPdf(await paperOf(failing, 'evaluation-report'))).toMatchObject([{ ok: true }])
})

test('a works tender with one responsive bid may go on; with none it must be tendered again', async () => {
  const one = await anEvaluation(t, witness)
  await finishEvaluation(t, one, { failed: one.bidIds.slice(1) })
  expect((await stateOf(one.lotId)).state).toBe('evaluated')
  const none = await anEvaluation(t, witness)
  await finishSheets(t, none, { failed: none.bidIds })
  const [report] = await db().select().from(evaluationReport).where(eq(evaluationReport.lotId, none.lotId))
  expect(parseReport(report!.content).outcome).toMatchObject({ ok: false, stage: 'all-rejected' })
  for (const member of none.members) await sayWord(t, none, member, report!.hash)
  await t.tick()
  expect((await stateOf(none.lotId)).failReason).toMatch(/^全部投标被否决（《招标投标法》第四十二条）/)
})

test('the last two sheets handed in at once make one report', async () => {
  const race = await anEvaluation(t, witness)
  for (const member of race.members) await fillSheet(t, race, member)
  const answers = await Promise.all(race.members.map(async ({ actor }) => submitSheet(await t.ctx(actor), { lotId: race.lotId })))
  expect(answers.filter(answer => answer.isLast)).toHaveLength(1)
  expect(await db().select().from(evaluationReport).where(eq(evaluationReport.lotId, race.lotId))).toHaveLength(1)
})
