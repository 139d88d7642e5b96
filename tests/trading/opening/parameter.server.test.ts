import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { verifyFile } from '@/crypto/verify/main'
import { openingParameter } from '@/db/schema/trading/opening-act'
import { anActor } from '@/tests/factories/actor'
import { type AWitness, aSealedBid, aTender, aWitness, release } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readAnchors } from '~/platform/anchor/anchor.server'
import { decideAct, proposeAct } from '~/trading/opening/act.server'
import { listEvents } from '~/trading/opening/event.server'
import { readParameterProof } from '~/trading/opening/parameter.server'
import { close, publicView, releaseAll } from './hall'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
})
afterAll(() => t.close())

const parameters = [
  { code: 'F', name: '下浮率', values: ['1.5%', '1.25%', '1%', '0.75%', '0.5%', '0.25%'] },
  { code: 'formula', name: '公式号', values: ['1', '2', '3'] },
]

const proofOf = async (lotId: string) => readParameterProof(await t.ctx({ kind: 'public' }), lotId)

async function judged(value: unknown) {
  const belief = { anchors: await readAnchors(await t.ctx()), revocationLists: [] }
  return verifyFile(new Uint8Array(Buffer.from(JSON.stringify(value))), belief, new Date())
}

for (const suite of ['intl', 'gm'] as const) {
  test(`the document’s parameters are drawn once when the read-out ends, before all, and anybody can compute it again (${suite})`, async () => {
    const tender = await aTender(t, { lot: { suite, openingTerms: { parameters } } })
    for (let i = 0; i < 3; i++) await aSealedBid(t, tender)
    await close(t, witness, tender)
    await expect(proofOf(tender.lotId)).rejects.toMatchObject({ code: 'not-found' })
    await releaseAll(t, tender)
    const view = await publicView(t, tender)
    expect(view.hall.parameters?.map(p => p.name)).toEqual(['下浮率', '公式号'])
    for (const one of view.hall.parameters!) expect(one.values[one.index]).toBe(one.value)
    const record = JSON.parse(view.record!)
    expect(record.parameters.map((p: { value: string }) => p.value)).toEqual(view.hall.parameters!.map(p => p.value))
    const proof = await proofOf(tender.lotId)
    expect(await judged(proof)).toMatchObject({ kind: 'parameter', exitCode: 0 })
    const swapped = structuredClone(proof) as unknown as { transcript: { parts: { key: string }[] } }
    swapped.transcript.parts[0]!.key = swapped.transcript.parts[1]!.key
    const broken = await judged(swapped)
    expect(broken.exitCode).toBe(1)
    expect(broken.findings.filter(f => f.result === 'broken').map(f => f.code)).toEqual(['parameter-draw', 'parameter-keys'])
  })
}

test('a restarted opening does not draw again', async () => {
  const supervisor = await anActor(t, 'supervisor')
  const lot = { releaseMode: 'both', openingTerms: { parameters, remedies: ['restart'] } }
  const tender = await aTender(t, { lot })
  const bids = []
  for (let i = 0; i < 4; i++) bids.push(await aSealedBid(t, tender))
  await close(t, witness, tender)
  await releaseAll(t, tender, bids.slice(1))
  await t.pass(61_000)
  await t.tick()
  const before = (await publicView(t, tender)).hall.parameters
  expect(before).toHaveLength(2)
  const { lotId } = tender
  await proposeAct(await t.ctx(tender.agency), { lotId, kind: 'restart', cause: 'tool-fault', reason: '证书服务中断' })
  await decideAct(await t.ctx(supervisor), { lotId, kind: 'restart', approved: true, decision: '属实' })
  await release(t, tender, bids[0]!.bidder)
  await t.tick()
  const after = await publicView(t, tender)
  expect(after.phase).toBe('objecting')
  expect(after.hall.parameters).toEqual(before)
  expect((await listEvents(await t.ctx(), lotId)).filter(e => e.kind === 'parameter')).toHaveLength(1)
  expect(await t.platform.database.db.select().from(openingParameter).where(eq(openingParameter.lotId, lotId))).toHaveLength(1)
})
