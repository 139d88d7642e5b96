import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { aCase, aHall, type Hall } from '@/tests/factories/hall'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readCase } from '~/hall/case/case.read.server'
import { decideCase } from '~/hall/case/handle-case.server'
import { answerComplaint, extendComplaint, fileComplaint, listComplaints } from '~/hall/complaint/complaint.server'
import { rateCase, readItemRatings } from '~/hall/rating/rating.server'

let platform: TestPlatform
let hall: Hall

beforeAll(async () => {
  platform = await testPlatform()
  hall = await aHall(platform)
})
beforeEach(() => platform.at('2026-03-02T09:30:00+08:00'))
afterAll(() => platform?.close())

async function aDecidedCase(): Promise<string> {
  const caseId = await aCase(hall, 'accepted')
  await decideCase(await hall.as('clerk2'), { caseId, approve: true, text: '' })
  return caseId
}

test('a finished case is rated once, an unfinished one not', async () => {
  const open = await aCase(hall)
  await expect(rateCase(await hall.as('citizen'), { caseId: open, stars: 5, text: '' })).rejects.toMatchObject({
    code: 'not-finished',
  })
  const caseId = await aDecidedCase()
  await rateCase(await hall.as('citizen'), { caseId, stars: 5, text: '很清楚' })
  await expect(rateCase(await hall.as('citizen'), { caseId, stars: 1, text: '' })).rejects.toMatchObject({
    code: 'already-rated',
  })
  expect(await readItemRatings(await platform.ctx(), hall.itemId)).toEqual([{ stars: 5, count: 1 }])
})

test('only the applicant rates, and the desk does not see the rating on the case', async () => {
  const caseId = await aDecidedCase()
  await expect(rateCase(await hall.as('bidder1'), { caseId, stars: 1, text: '' })).rejects.toMatchObject({ code: 'not-found' })
  await expect(rateCase(await hall.as('clerk'), { caseId, stars: 5, text: '' })).rejects.toMatchObject({ code: 'not-allowed' })
  await rateCase(await hall.as('citizen'), { caseId, stars: 4, text: '' })
  expect((await readCase(await hall.as('clerk'), caseId)).rating).toBeNull()
  expect((await readCase(await hall.as('citizen'), caseId)).rating?.stars).toBe(4)
})

test('a bad rating opens a follow-up, mended by whoever handled the case', async () => {
  const caseId = await aDecidedCase()
  await rateCase(await hall.as('citizen'), { caseId, stars: 2, text: '等得太久' })
  const desk = await listComplaints(await hall.as('clerk'))
  const open = desk.find(row => row.caseId === caseId)!
  expect(open).toMatchObject({ kind: 'bad-rating', state: 'received', text: '等得太久', dueOn: '2026-03-05' })
  expect(JSON.stringify(open)).not.toContain('李民')
  const answer = { complaintId: open.id, text: '已核实并整改。' }
  await answerComplaint(await hall.as('clerk'), answer)
  expect((await listComplaints(await hall.as('citizen'))).find(row => row.id === open.id)?.answer).toBe('已核实并整改。')
})

test('a complaint is answered in three working days, extended once to fifteen', async () => {
  const caseId = await aCase(hall)
  const filed = await fileComplaint(await hall.as('citizen'), { caseId, kind: 'conduct', text: '电话无人接听' })
  expect(filed.dueOn).toBe('2026-03-05')
  const clerk = await hall.as('clerk')
  expect((await extendComplaint(clerk, { complaintId: filed.id, reason: '需调取录音' })).dueOn).toBe('2026-03-23')
  await expect(extendComplaint(clerk, { complaintId: filed.id, reason: '再延' })).rejects.toMatchObject({ code: 'extended-once' })
  await answerComplaint(clerk, { complaintId: filed.id, text: '已增派人员。' })
  await expect(answerComplaint(clerk, { complaintId: filed.id, text: '再答' })).rejects.toMatchObject({ code: 'already-done' })
  const own = await listComplaints(await hall.as('citizen'))
  expect(own.find(row => row.id === filed.id)).toMatchObject({ state: 'answered', answer: '已增派人员。' })
})

test('who handled a case does not answer a complaint about it', async () => {
  const caseId = await aCase(hall, 'accepted')
  const { id } = await fileComplaint(await hall.as('citizen'), {
    caseId,
    kind: 'extra-materials',
    text: '要求提供指南以外的证明',
  })
  const answer = { complaintId: id, text: '不属实。' }
  await expect(answerComplaint(await hall.as('clerk'), answer)).rejects.toMatchObject({ code: 'handled-by-yourself' })
  await answerComplaint(await hall.as('clerk2'), answer)
})

test('a stranger can neither complain about a case nor see complaints', async () => {
  const caseId = await aCase(hall)
  const stranger = await hall.as('bidder1')
  await expect(fileComplaint(stranger, { caseId, kind: 'delay', text: '慢' })).rejects.toMatchObject({ code: 'not-found' })
  expect(await listComplaints(stranger)).toEqual([])
})
