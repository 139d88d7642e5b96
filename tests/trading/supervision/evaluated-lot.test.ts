import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readAnchors as parseAnchors } from '@/crypto/anchors'
import { checkTimeline } from '@/crypto/timeline'
import { anActor } from '@/tests/factories/actor'
import { type AnEvaluation, anEvaluation, fillSheet, finishEvaluation } from '@/tests/factories/evaluation'
import { type AWitness, aWitness } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readAnchors } from '~/platform/anchor/anchor.server'
import type { PersonActor } from '~/platform/ctx'
import { addSeconds } from '~/shared/time'
import { decideAward } from '~/trading/award/award.server'
import { publishCandidates } from '~/trading/award/candidates.server'
import { linesOf } from '~/trading/supervision/timeline'
import { readTimelinePage } from '~/trading/supervision/timeline.read.server'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness
let evaluation: AnEvaluation
let supervisor: PersonActor

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
  evaluation = await anEvaluation(t, witness)
  supervisor = await anActor(t, 'supervisor', { regionPrefix: '35' })
})
afterAll(() => t.close())

const read = async (actor: PersonActor) => readTimelinePage(await t.ctx(actor), evaluation.lotId)
const actionsOf = async (actor: PersonActor) => (await read(actor)).timeline.entries.map(({ payload }) => payload.action)

test('points are in nobody’s timeline before the report; then the supervisor reads them, the desk only after the award', async () => {
  await fillSheet(t, evaluation, evaluation.members[0]!)
  expect(await actionsOf(supervisor)).toContain('evaluation.start')
  for (const action of ['evaluation.score', 'evaluation.compliance']) expect(await actionsOf(supervisor)).not.toContain(action)
  const { agency } = evaluation.tender
  expect((await actionsOf(agency)).filter(action => /^(evaluation|draw|expert)\./.test(String(action)))).toEqual([])

  await finishEvaluation(t, evaluation)
  expect((await actionsOf(supervisor)).filter(action => action === 'evaluation.score').length).toBeGreaterThan(10)
  expect((await actionsOf(agency)).filter(action => /^evaluation\./.test(String(action)))).toEqual([])

  const { periodEndsAt } = await publishCandidates(await t.ctx(agency), { lotId: evaluation.lotId })
  await t.at(addSeconds(periodEndsAt, 1))
  await decideAward(await t.ctx(agency), { lotId: evaluation.lotId, bidId: evaluation.bidIds[2]!, reason: '' })
  expect(await actionsOf(agency)).toContain('evaluation.score')
})

test('from bid to award every line has words, an actor and a proof that holds', async () => {
  await t.platform.sequencer.publish()
  await witness.cosign()
  const { timeline, names } = await read(supervisor)
  const anchors = parseAnchors(JSON.parse(JSON.stringify(await readAnchors(await t.ctx()))))
  const check = checkTimeline(JSON.parse(JSON.stringify(timeline)), anchors)
  expect(check).toMatchObject({ waiting: 0, broken: [], isLogSigned: true })
  expect(check.witnesses).toHaveLength(1)
  const lines = linesOf(timeline, names)
  expect(lines.filter(line => /^[a-z]/.test(line.text))).toEqual([])
  expect(lines.some(line => line.who === '安信招标代理有限公司 招标代理机构')).toBe(true)
  expect(lines.find(line => line.text === '确定中标人')).toBeDefined()
})

test('another agency and the supervisor of another region are told it does not exist', async () => {
  await expect(read(await anActor(t, 'agency'))).rejects.toMatchObject({ code: 'not-found' })
  const elsewhere = await anActor(t, 'supervisor', { regionPrefix: '44' })
  await expect(read(elsewhere)).rejects.toMatchObject({ code: 'not-found' })
})
