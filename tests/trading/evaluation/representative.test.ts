import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { draw, drawRepresentative } from '@/db/schema/trading/draw'
import { evaluationReport } from '@/db/schema/trading/evaluation'
import { expertLook } from '@/db/schema/trading/expert-record'
import { lot } from '@/db/schema/trading/project'
import { anActor } from '@/tests/factories/actor'
import { aSigner } from '@/tests/factories/certificate'
import { type AMember, type AnEvaluation, anEvaluation, finishSheets, sayWord } from '@/tests/factories/evaluation'
import { anIdNumber } from '@/tests/factories/expert'
import { aWitness } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readMemberNames } from '~/trading/draw/committee.server'
import { nameRepresentatives } from '~/trading/draw/representative.server'
import { readMarkPage } from '~/trading/expert/mark.server'

// A lot is really sealed, opened and evaluated: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 })

let t: TestPlatform
let evaluation: AnEvaluation
let representative: AMember

beforeAll(async () => {
  t = await testPlatform()
  evaluation = await anEvaluation(t, await aWitness(t))
  representative = await aRepresentative()
}, 120_000)
afterAll(() => t?.close())

/** A representative of the tenderer who was named, accepted, arrived and declared. */
async function aRepresentative(): Promise<AMember> {
  const { db } = t.platform.database
  const ctx = await t.ctx()
  const [row] = await db.select().from(draw).where(eq(draw.lotId, evaluation.lotId))
  const person = { name: '业主代表甲', idNumber: anIdNumber(5), phone: '13500000005', title: '科长', unit: '' }
  await nameRepresentatives(ctx, row!.id, [person])
  const actor = await anActor(t, 'expert', { name: '招标人' })
  const times = { invitedAt: ctx.now, answeredAt: ctx.now, arrivedAt: ctx.now, pledgedAt: ctx.now, declaredAt: ctx.now }
  const [made] = await db
    .update(drawRepresentative)
    .set({ state: 'accepted', personId: actor.personId, ...times })
    .returning()
  return { actor, expertId: made!.id, code: 'R1', signer: () => aSigner(t, actor) }
}

const db = () => t.platform.database.db
const reports = () => db().select().from(evaluationReport).where(eq(evaluationReport.lotId, evaluation.lotId))

test('the tenderer’s representative scores like every member: without his sheet there is no report, in it he stands by his code', async () => {
  expect(await finishSheets(t, evaluation)).toBeNull()
  expect(await reports()).toEqual([])
  const hash = await finishSheets(t, { ...evaluation, members: [representative] })
  const [report] = await reports()
  expect(report!.hash).toBe(hash)
  const content = JSON.parse(report!.content)
  expect(content.committee).toContainEqual({ code: 'R1', seat: '招标人代表' })
  expect(content.sheets.map((one: { expert: string }) => one.expert)).toContain('R1')
  expect(report!.content).not.toContain('业主代表甲')
})

test('he signs the report with a key of his own, and it is not sealed without his word; his name stands on the paper', async () => {
  const [report] = await reports()
  const stateOf = async () => (await db().select().from(lot).where(eq(lot.id, evaluation.lotId)))[0]!.state
  for (const member of evaluation.members) await sayWord(t, evaluation, member, report!.hash)
  await t.tick()
  expect(await stateOf()).toBe('evaluating')
  const stranger = await aSigner(t, evaluation.members[0]!.actor)
  await expect(sayWord(t, evaluation, representative, report!.hash, { signer: stranger })).rejects.toMatchObject({
    code: 'cert-not-bound',
  })
  await sayWord(t, evaluation, representative, report!.hash)
  await t.tick()
  expect(await stateOf()).toBe('evaluated')
  expect((await readMemberNames(await t.ctx(), evaluation.lotId)).get(representative.expertId)).toBe('业主代表甲')
})

test('he is no expert of the library: no look is noted of him, and nobody assesses him by its rules', async () => {
  const looks = await db().select().from(expertLook)
  expect(looks.map(one => one.expertId).toSorted()).toEqual(evaluation.members.map(one => one.expertId).toSorted())
  const page = await readMarkPage(await t.ctx(evaluation.tender.agency), evaluation.lotId)
  expect(page.members.map(one => one.code)).not.toContain('R1')
  expect(page.members).toHaveLength(evaluation.members.length)
})
