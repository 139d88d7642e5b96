import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AnEvaluation, anEvaluation, fillSheet, keepDrawLists, sayWord, untilState } from '@/tests/factories/evaluation'
import { anIdNumber } from '@/tests/factories/expert'
import { type AWitness, aWitness } from '@/tests/factories/tender'
import type { TestPlatform } from '@/tests/setup/platform'
import { listSandboxMessages } from '~/platform/notification/notification.server'
import { readReport } from '~/trading/evaluation/evaluation.read.server'
import { submitSheet } from '~/trading/evaluation/submit-sheet.server'
import { findLot } from '~/trading/lot/find-lot.server'
import { axe, overflow } from './browser'
import { type Story, startStory, type Visitor } from './site'
import { signInAs, worldOf } from './world'

let story: Story
let world: TestPlatform
let evaluation: AnEvaluation
let witness: AWitness
let expert: Visitor
let agency: Visitor
let representative: Visitor
let drawId: string
/** Of the tenderer: seats among the drawn experts by law (招标投标法 37). */
const owner = { name: '业主代表甲', idNumber: anIdNumber(77), phone: '13500000077', title: '工程科长', unit: '' }

beforeAll(async () => {
  story = await startStory()
  world = await worldOf(story)
  witness = await aWitness(world)
  evaluation = await anEvaluation(world, witness, { seconds: 20, representatives: [owner] })
  drawId = await keepDrawLists(world, evaluation)
  expert = await story.visitor()
  await signInAs(world, expert, evaluation.members[0]!.actor, story.url)
  agency = await story.visitor()
  await signInAs(world, agency, evaluation.tender.agency, story.url)
}, 600_000)
afterAll(async () => {
  await world?.close()
  await story?.close()
})

/** Wide and narrow: nothing for axe to complain of, nothing sticking out. SHOTS names a folder for whoever wants to look. */
async function wellMade(page: Page, name: string): Promise<void> {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 })
    expect(await axe(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}-${width}.png`, fullPage: true })
  }
  await page.setViewportSize({ width: 1280, height: 900 })
}

/** The last message to a telephone, by the sandbox's exchange. */
const textTo = async (phone: string) => (await listSandboxMessages(await world.ctx())).findLast(one => one.to === phone)?.text

const address = (rest: string) => `/expert/lots/${evaluation.lotId}/${rest}`

test('the tenderer’s representative is told, accepts, proves who he is, gives the letter, declares: then the evaluation begins', async () => {
  await expect.poll(async () => (await textTo(owner.phone))?.includes('招标人代表'), { timeout: 30_000 }).toBe(true)
  representative = await story.visitor()
  const { page } = representative
  await representative.go(`/invitations/${/邀请码 ([0-9A-Z]{12})/.exec((await textTo(owner.phone))!)![1]}`)
  expect(await page.content()).not.toContain(evaluation.bids[0]!.bidder.actor.organisationName)
  await wellMade(page, 'representative-invitation')
  await page.getByLabel('参加', { exact: false }).first().check()
  await page.getByRole('button', { name: '提交答复' }).click()
  await page.getByRole('heading', { name: '招标人代表报到' }).waitFor()
  await page.getByLabel('身份证号后四位').fill('0000')
  await page.getByLabel(/我已阅读以上承诺书/).check()
  await page.getByRole('button', { name: '报到' }).click()
  await page.getByRole('alert').getByText('身份核对不符').first().waitFor()
  await wellMade(page, 'representative-arrival')
  await page.getByLabel('身份证号后四位').fill(owner.idNumber.slice(-4))
  await page.getByLabel(/我已阅读以上承诺书/).check()
  await page.getByRole('button', { name: '报到' }).click()
  await page.getByText(evaluation.bids[0]!.bidder.actor.organisationName).waitFor()
  await wellMade(page, 'representative-declaration')
  await page.getByLabel(/没有应当回避的关系/).check()
  await page.getByRole('button', { name: '提交声明' }).click()
  await untilState(world, evaluation.lotId, 'evaluating')
})

test('a member reviews and scores a bid, is told what is wrong with a score, and hands in the sheet', async () => {
  const { page } = expert
  await expert.go(address('evaluation'))
  await page.getByRole('heading', { name: /^评标：/ }).waitFor()
  await wellMade(page, 'evaluation')
  await page.getByRole('link', { name: evaluation.bids[0]!.bidder.actor.organisationName }).click()
  await page.getByRole('link', { name: '打开文件' }).first().waitFor()
  await page.locator('[id="f-pass.C1"]').check()
  await page.locator('[id="f-score.S1"]').fill('26')
  await page.locator('[id="f-score.S2"]').fill('12')
  await page.getByRole('button', { name: '保存评审' }).click()
  await page.getByRole('alert').getByText('“施工组织设计”的分值应在 0 至 25 之间').first().waitFor()
  await wellMade(page, 'sheet')
  await page.locator('[id="f-score.S1"]').fill('22.5')
  await page.getByRole('button', { name: '保存评审' }).click()
  await page.getByText('已填完').waitFor()

  await expert.go(address('submission'))
  await page.getByLabel('我已核对').check()
  await page.getByRole('button', { name: '提交评审表' }).click()
  await page.getByRole('alert').getByText('未提交：还有').waitFor()
  await fillSheet(world, evaluation, evaluation.members[0]!)
  await page.getByRole('button', { name: '提交评审表' }).click()
  await page.getByRole('heading', { name: /^评标：/ }).waitFor()
  expect(await page.getByRole('link', { name: '提交评审表' }).count()).toBe(0)
})

test('the representative scores like the others, on a sheet of the own', async () => {
  const { page } = representative
  await representative.go(address('arrival'))
  await page.getByRole('link', { name: '进入评标' }).click()
  for (const { bidder } of evaluation.bids) {
    await page.getByRole('link', { name: bidder.actor.organisationName }).click()
    await page.locator('[id="f-pass.C1"]').check()
    await page.locator('[id="f-score.S1"]').fill('20')
    await page.locator('[id="f-score.S2"]').fill('10')
    await page.getByRole('button', { name: '保存评审' }).click()
    await page.getByText('已填完').first().waitFor()
    await representative.go(address('evaluation'))
  }
  await page.getByText('评标委员会成员').first().waitFor()
  // He sits with the experts and stands in no library.
  expect(await page.getByRole('link', { name: '我的专家档案' }).count()).toBe(0)
  await wellMade(page, 'representative-evaluation')
  await representative.go(address('submission'))
  await page.getByLabel('我已核对').check()
  await page.getByRole('button', { name: '提交评审表' }).click()
  await page.getByRole('heading', { name: /^评标：/ }).waitFor()
  expect(representative.complaints).toEqual([])
})

test('the member signs the report with a key made on the spot: dissent needs reasons, the word is said once', async () => {
  const { page } = expert
  for (const member of evaluation.members.slice(1)) {
    await fillSheet(world, evaluation, member)
    await submitSheet(await world.ctx(member.actor), { lotId: evaluation.lotId })
  }
  await expert.go(address('evaluation'))
  await page.getByRole('link', { name: '签署评标报告' }).click()
  await page.getByRole('table', { name: '综合评估比较表' }).waitFor()
  await page.getByRole('radio', { name: /不同意评标结论/ }).check()
  await page.getByRole('button', { name: '签署评标报告' }).click()
  await page.getByRole('alert').getByText('请书面说明理由').waitFor()
  await wellMade(page, 'signature')
  await page.locator('#f-reason').fill('技术分的评分依据不充分。')
  await page.getByRole('button', { name: '签署评标报告' }).click()
  await page.getByText('您已表态：不同意').waitFor()
  expect(await page.getByRole('button', { name: '签署评标报告' }).count()).toBe(0)
  await wellMade(page, 'signed')
  expect(expert.complaints).toEqual([])
})

test('the representative signs it too', async () => {
  const { page } = representative
  await representative.go(address('signature'))
  await page.getByRole('radio', { name: /^同意/ }).check()
  await page.getByRole('button', { name: '签署评标报告' }).click()
  await page.getByText('您已表态').waitFor()
})

test('the agency sees the sealed report, publishes the candidates, waits, and awards', async () => {
  const { page } = agency
  const { lot } = await findLot(await world.ctx(), evaluation.lotId)
  const { hash } = (await readReport(await world.ctx(), lot))!
  for (const member of evaluation.members.slice(1)) await sayWord(world, evaluation, member, hash)
  await untilState(world, evaluation.lotId, 'evaluated')
  await agency.go(`/agency/lots/${evaluation.lotId}/evaluation`)
  await page.getByRole('link', { name: '下载评标报告' }).waitFor()
  await wellMade(page, 'progress')
  await agency.go(`/agency/lots/${evaluation.lotId}/award`)
  await wellMade(page, 'candidates')
  await page.getByLabel('我已核对').check()
  await page.getByRole('button', { name: '公示中标候选人' }).click()
  await page.waitForURL(url => !url.pathname.endsWith('/award'))
  await untilState(world, evaluation.lotId, 'publicity')
  await world.pass(4_000)
  await agency.go(`/agency/lots/${evaluation.lotId}/award`)
  await page.getByLabel('我已核对').check()
  await wellMade(page, 'award')
  await page.getByRole('button', { name: '确定中标人' }).click()
  await untilState(world, evaluation.lotId, 'awarded')
  await agency.go(`/agency/lots/${evaluation.lotId}/award`)
  await page.getByText('已于').first().waitFor()
  expect(agency.complaints).toEqual([])
})

test('after the award anybody sees how many were kept away from the panel, and why', async () => {
  const { page } = agency
  await agency.go(`/draws/${drawId}`)
  const counts = page.getByRole('table', { name: '符合席位条件但未能抽取的人数' })
  await counts.getByRole('row', { name: /投标人.*3/ }).waitFor()
  await wellMade(page, 'avoided')
})

test('the supervisor reads the lot’s log and every line is checked in the browser', async () => {
  await world.platform.sequencer.publish()
  await witness.cosign()
  const supervisor = await story.signedIn('supervisor')
  await supervisor.go('/supervisor/lots')
  await wellMade(supervisor.page, 'lots')
  await supervisor.go(`/supervisor/lots/${evaluation.lotId}`)
  await supervisor.page.getByText('本机核验通过').waitFor()
  expect(await supervisor.page.getByText('可核验', { exact: true }).count()).toBeGreaterThan(20)
  expect(await supervisor.page.getByText('不成立', { exact: true }).count()).toBe(0)
  await wellMade(supervisor.page, 'timeline')
  expect(supervisor.complaints).toEqual([])
})
