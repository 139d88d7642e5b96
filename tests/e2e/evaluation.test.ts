import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AnEvaluation, anEvaluation, fillSheet, sayWord, untilState } from '@/tests/factories/evaluation'
import { type AWitness, aWitness } from '@/tests/factories/tender'
import type { TestPlatform } from '@/tests/setup/platform'
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

beforeAll(async () => {
  story = await startStory()
  world = await worldOf(story)
  witness = await aWitness(world)
  evaluation = await anEvaluation(world, witness, { seconds: 20 })
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

const address = (rest: string) => `/expert/lots/${evaluation.lotId}/${rest}`

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
