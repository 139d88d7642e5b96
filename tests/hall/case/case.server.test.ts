import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { verifyInclusion } from '@/crypto/merkle'
import { ledgerLeaf as leafOf } from '@/crypto/tlog'
import { hallCase } from '@/db/schema/hall/case'
import { aCase, aHall, applicant, type Hall, limitRegion, materials, pdf } from '@/tests/factories/hall'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { listDeskCases, listOwnCases, readCase, readMaterialFile } from '~/hall/case/case.read.server'
import { submitCase, supplementCase, withdrawCase } from '~/hall/case/case.server'
import { answerCase, decideCase } from '~/hall/case/handle-case.server'
import { proveStep } from '~/hall/case/proof.read.server'
import { listSandboxMessages } from '~/platform/notification/notification.server'

let platform: TestPlatform
let hall: Hall

beforeAll(async () => {
  platform = await testPlatform()
  hall = await aHall(platform)
})
beforeEach(() => platform.at('2026-03-02T09:30:00+08:00'))
afterAll(() => platform?.close())

const actions = async (caseId: string) => (await readCase(await hall.as('clerk'), caseId)).steps.map(step => step.action)

test('an application is received, accepted by one clerk and approved by another', async () => {
  const caseId = await aCase(hall)
  expect((await readCase(await hall.as('citizen'), caseId)).noticeDueOn).toBe('2026-03-09')
  await answerCase(await hall.as('clerk'), { caseId, decision: 'accept', text: '' })
  await decideCase(await hall.as('clerk2'), { caseId, approve: true, text: '符合条件。' })
  const seen = await readCase(await hall.as('citizen'), caseId)
  expect(seen.state).toBe('approved')
  expect(seen.promisedOn).toBe('2026-03-09')
  expect(seen.steps.map(step => step.action)).toEqual(['submit', 'accept', 'approve'])
  expect(seen.steps.map(step => step.paperNumber.replace(/\d{4}号/, ''))).toEqual(['收〔2026〕', '受〔2026〕', '准〔2026〕'])
})

test('who accepted a case does not decide it', async () => {
  const caseId = await aCase(hall, 'accepted')
  await expect(decideCase(await hall.as('clerk'), { caseId, approve: true, text: '' })).rejects.toMatchObject({
    code: 'same-person',
  })
  expect((await readCase(await hall.as('clerk'), caseId)).state).toBe('accepted')
})

test('numbers of cases and papers have no gaps, also after a refused application', async () => {
  const first = await readCase(await hall.as('citizen'), await aCase(hall))
  const bad = { itemId: hall.itemId, applicant, materials: [{ code: 'M01', name: '表.pdf', content: pdf }] }
  await expect(submitCase(await hall.as('citizen'), bad)).rejects.toMatchObject({ code: 'materials-missing' })
  const broken = { ...bad, materials: [...materials, { code: 'M03', name: '证明.exe', content: new Uint8Array([77, 90, 0, 0]) }] }
  await expect(submitCase(await hall.as('citizen'), broken)).rejects.toMatchObject({ code: 'file-type-refused' })
  const second = await readCase(await hall.as('citizen'), await aCase(hall))
  expect(Number(second.number.slice(-4))).toBe(Number(first.number.slice(-4)) + 1)
  expect(second.number).toHaveLength(43)
})

test('what the guide does not list may not be handed in, nor an empty file', async () => {
  const extra = { itemId: hall.itemId, applicant, materials: [...materials, { code: 'M99', name: '其他.pdf', content: pdf }] }
  await expect(submitCase(await hall.as('citizen'), extra)).rejects.toMatchObject({ code: 'material-unknown' })
  const empty = { itemId: hall.itemId, applicant, materials: [{ ...materials[0]!, content: new Uint8Array() }, materials[1]!] }
  await expect(submitCase(await hall.as('citizen'), empty)).rejects.toMatchObject({ code: 'file-empty' })
})

test('defects are told once only; the supplement starts the notice limit anew', async () => {
  const caseId = await aCase(hall, 'correcting')
  await platform.at('2026-03-05T10:00:00+08:00')
  await supplementCase(await hall.as('citizen'), {
    caseId,
    materials: [{ code: 'M01', name: '申请表（已签名）.pdf', content: pdf }],
  })
  const seen = await readCase(await hall.as('citizen'), caseId)
  expect(seen.state).toBe('submitted')
  expect(seen.noticeDueOn).toBe('2026-03-12')
  expect(seen.materials.map(m => m.name)).toEqual(['申请表（已签名）.pdf', '职称证书.pdf'])
  const again = answerCase(await hall.as('clerk'), { caseId, decision: 'correct', text: '还缺一份。' })
  await expect(again).rejects.toMatchObject({ code: 'corrected-once' })
})

test('silence for five working days is acceptance from the day of receipt', async () => {
  const caseId = await aCase(hall)
  await platform.at('2026-03-09T23:59:59+08:00')
  await platform.tick()
  expect((await readCase(await hall.as('clerk'), caseId)).state).toBe('submitted')
  await platform.at('2026-03-10T00:00:01+08:00')
  await platform.tick()
  const seen = await readCase(await hall.as('clerk'), caseId)
  expect(seen).toMatchObject({ state: 'accepted', isAcceptedByDefault: true, promisedOn: '2026-03-09' })
  expect(seen.acceptedAt?.toISOString().slice(0, 16)).toBe('2026-03-02T01:30')
  await platform.tick()
  expect((await actions(caseId)).filter(action => action === 'accept-by-default')).toHaveLength(1)
})

test('a missed promise is warned of once and does not decide anything', async () => {
  const caseId = await aCase(hall, 'accepted')
  await platform.at('2026-03-10T00:00:01+08:00')
  await platform.tick()
  await platform.tick()
  const seen = await readCase(await hall.as('clerk'), caseId)
  expect(seen).toMatchObject({ state: 'accepted', light: 'red' })
  expect(seen.steps.filter(step => step.action === 'overdue')).toHaveLength(1)
})

test('a refusal names the remedies', async () => {
  const caseId = await aCase(hall, 'accepted')
  await decideCase(await hall.as('clerk2'), { caseId, approve: false, text: '从业不满八年。' })
  const seen = await readCase(await hall.as('citizen'), caseId)
  expect(seen.steps.at(-1)?.text).toMatch(/从业不满八年[\s\S]*行政复议[\s\S]*行政诉讼/)
})

test('a decided case takes no further act', async () => {
  const caseId = await aCase(hall, 'accepted')
  await decideCase(await hall.as('clerk2'), { caseId, approve: true, text: '' })
  await expect(decideCase(await hall.as('clerk2'), { caseId, approve: false, text: '改主意' })).rejects.toMatchObject({
    code: 'wrong-state',
  })
  await expect(withdrawCase(await hall.as('citizen'), { caseId, text: '' })).rejects.toMatchObject({ code: 'wrong-state' })
})

test('two clerks who answer at once: one does, the other is refused, one step is written', async () => {
  const caseId = await aCase(hall)
  const [a, b] = [await hall.as('clerk'), await hall.as('clerk2')]
  const answer = { caseId, decision: 'accept' as const, text: '' }
  const results = await Promise.allSettled([answerCase(a, answer), answerCase(b, answer)])
  expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await actions(caseId)).toEqual(['submit', 'accept'])
})

test('strangers cannot tell that a case exists; a desk of another region neither', async () => {
  const caseId = await aCase(hall)
  await expect(readCase(await hall.as('bidder1'), caseId)).rejects.toMatchObject({ code: 'not-found' })
  await expect(withdrawCase(await hall.as('bidder1'), { caseId, text: '' })).rejects.toMatchObject({ code: 'not-found' })
  await limitRegion(platform, 'clerk2', '11')
  await expect(readCase(await hall.as('clerk2'), caseId)).rejects.toMatchObject({ code: 'not-found' })
  await expect(answerCase(await hall.as('clerk2'), { caseId, decision: 'accept', text: '' })).rejects.toMatchObject({
    code: 'not-found',
  })
  expect(await listDeskCases(await hall.as('clerk2'))).toEqual([])
  await limitRegion(platform, 'clerk2', '')
})

test('the desk sees the nearest limit first, the applicant the newest case', async () => {
  const older = await aCase(hall, 'accepted')
  await platform.at('2026-03-04T09:30:00+08:00')
  const newer = await aCase(hall)
  const desk = await listDeskCases(await hall.as('clerk'))
  expect(desk.findIndex(row => row.id === older)).toBeLessThan(desk.findIndex(row => row.id === newer))
  expect((await listOwnCases(await hall.as('citizen')))[0]?.id).toBe(newer)
})

test('a material is sent to who may read the case, and to nobody else', async () => {
  const caseId = await aCase(hall)
  const { materials: given } = await readCase(await hall.as('citizen'), caseId)
  const fileId = given[0]!.fileId
  expect((await readMaterialFile(await hall.as('clerk'), caseId, fileId)).size).toBe(pdf.length)
  await expect(readMaterialFile(await hall.as('bidder1'), caseId, fileId)).rejects.toMatchObject({ code: 'not-found' })
  const other = await aCase(hall)
  await expect(readMaterialFile(await hall.as('citizen'), other, fileId)).rejects.toMatchObject({ code: 'not-found' })
})

test('name, certificate and phone of the applicant do not stand in the table', async () => {
  const caseId = await aCase(hall)
  const ctx = await platform.ctx()
  const [row] = await ctx.db.select().from(hallCase).where(eq(hallCase.id, caseId))
  expect(Buffer.from(row!.applicantBox).includes(applicant.idNumber)).toBe(false)
  expect(JSON.stringify(row)).not.toContain(applicant.name)
})

test('each step is told to the applicant', async () => {
  const caseId = await aCase(hall, 'accepted')
  await platform.tick()
  const { number } = await readCase(await hall.as('citizen'), caseId)
  const texts = (await listSandboxMessages(await platform.ctx())).filter(m => m.text.includes(number))
  expect(texts.map(m => m.to)).toEqual([applicant.phone, applicant.phone])
})

test('a step is proven to outsiders by the log', async () => {
  const caseId = await aCase(hall, 'accepted')
  const seen = await readCase(await hall.as('citizen'), caseId)
  const proof = await proveStep(await hall.as('citizen'), caseId, seen.steps[1]!.id)
  expect(proof.payload).toMatchObject({ action: 'hall.case.accept', facts: { number: seen.number, promisedOn: '2026-03-09' } })
  const [, size, root] = proof.checkpoint.split('\n')
  const leaf = leafOf(Buffer.from(proof.salt, 'hex'), proof.payload)
  const hashes = proof.proof.map(hash => new Uint8Array(Buffer.from(hash, 'hex')))
  const holds = (payloadLeaf: Uint8Array) =>
    verifyInclusion({
      index: proof.idx,
      size: Number(size),
      leaf: payloadLeaf,
      proof: hashes,
      root: new Uint8Array(Buffer.from(root!, 'base64')),
    })
  expect(holds(leaf)).toBe(true)
  expect(holds(leafOf(Buffer.from(proof.salt, 'hex'), { ...proof.payload, at: '2026-03-01T00:00:00.000Z' }))).toBe(false)
})
