import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { draw, drawContact } from '@/db/schema/trading/draw'
import { evaluationReport } from '@/db/schema/trading/evaluation'
import { type AnEvaluation, aMember, anEvaluation, fillSheet } from '@/tests/factories/evaluation'
import { aWitness } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { submitSheet } from '~/trading/evaluation/submit-sheet.server'

let t: TestPlatform
let evaluation: AnEvaluation
beforeAll(async () => {
  t = await testPlatform()
  evaluation = await anEvaluation(t, await aWitness(t), { size: 3 })
}, 120_000)
afterAll(() => t?.close())

const report = async () => {
  const [row] = await t.platform.database.db.select().from(evaluationReport).where(eq(evaluationReport.lotId, evaluation.lotId))
  return row
}
const hand = async (member: AnEvaluation['members'][number]) => {
  await fillSheet(t, evaluation, member)
  return submitSheet(await t.ctx(member.actor), { lotId: evaluation.lotId })
}

test('whoever leaves has no say, the others cannot finish without the successor, and the successor does the work anew', async () => {
  const { db } = t.platform.database
  const [first, second, third] = evaluation.members
  await hand(third!)
  const [contact] = await db.select().from(drawContact).where(eq(drawContact.expertId, third!.expertId))
  const drawId = contact!.drawId
  await db
    .update(drawContact)
    .set({ state: 'avoid' })
    .where(and(eq(drawContact.drawId, drawId), eq(drawContact.expertId, third!.expertId)))
  await db.update(draw).set({ state: 'contacting' }).where(eq(draw.id, drawId))
  expect(await hand(first!)).toMatchObject({ isLast: false, reportHash: null })
  expect(await hand(second!)).toMatchObject({ isLast: false, reportHash: null })
  expect(await report()).toBeUndefined()
  await expect(hand(third!)).rejects.toMatchObject({ code: 'not-in-committee' })
  const successor = await aMember(t, drawId, '技术专家')
  await db.update(draw).set({ state: 'complete' }).where(eq(draw.id, drawId))
  expect(await hand(successor)).toMatchObject({ isLast: true })
  const text = JSON.stringify(await report())
  expect(text).toContain(successor.code)
  expect(text).not.toContain(third!.code)
})
