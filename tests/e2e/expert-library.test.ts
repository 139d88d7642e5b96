import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aListLine, anIdNumber, listHeading } from '@/tests/factories/expert'
import { axe, overflow } from './browser'
import { type Story, startStory, type Visitor } from './site'

let story: Story
let unitCode: string
let unitName: string

beforeAll(async () => {
  story = await startStory()
  const database = new pg.Client(story.site.databaseUrl)
  await database.connect()
  const { rows } = await database.query<{ name: string; credit_code: string }>(
    `select o.name, o.credit_code from organisation o join membership m on m.organisation_id = o.id
     join person p on p.id = m.person_id where p.login = 'bidder1'`,
  )
  await database.end()
  ;[unitName, unitCode] = [rows[0]!.name, rows[0]!.credit_code]
})
afterAll(() => story?.close())

/** Looked at on a desk and on a phone: no fault of accessibility, nothing beyond the edge, no word in the console. */
async function wellMade({ page, complaints }: Visitor, name: string): Promise<void> {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 })
    expect([name, width, await axe(page)]).toEqual([name, width, []])
    expect([name, width, await overflow(page)]).toEqual([name, width, 0])
    if (process.env.SHOTS)
      await page.screenshot({ path: join(process.env.SHOTS, `library-${name}-${width}.png`), fullPage: true })
  }
  expect(complaints).toEqual([])
  await page.setViewportSize({ width: 1280, height: 900 })
}

const press = (visitor: Visitor, name: string) => visitor.page.getByRole('button', { name, exact: true }).click()

test('a citizen applies; slips are named and what was typed stays', async () => {
  const citizen = await story.signedIn('citizen')
  await citizen.go('/account/expert-application')
  await wellMade(citizen, 'apply')
  const type = (name: string, text: string) => citizen.page.locator(`#f-${name}`).fill(text)
  await type('name', '李民')
  await type('idNumber', '350102197001010011')
  await type('phone', '13700000001')
  await citizen.page.locator('#f-mainDisc').selectOption('A0801')
  await type('title', '高级工程师')
  await type('yearsInField', '15')
  await type('experience', '从事房屋建筑施工管理')
  await type('employerName', unitName)
  await type('employerCode', unitCode)
  await type('regionCode', '350102')
  await type('employments', '某公司||2026-02-30|')
  await press(citizen, '提交申请')
  await citizen.page.getByRole('alert').getByText('身份证号校验不通过').waitFor()
  await citizen.page.getByRole('alert').getByText('第 1 行').waitFor()
  await wellMade(citizen, 'apply-refused')
  expect(await citizen.page.locator('#f-experience').inputValue()).toBe('从事房屋建筑施工管理')
  await type('idNumber', anIdNumber(77))
  await type('employments', '某公司||2024-02-01|2026-01-31')
  await press(citizen, '提交申请')
  await citizen.page.getByText('待单位推荐').first().waitFor()
  await wellMade(citizen, 'applied')
})

test('the unit recommends, the library admits, and the applicant enters the desk of the experts', async () => {
  const unit = await story.signedIn('bidder1')
  await unit.go('/account/recommendations')
  await wellMade(unit, 'recommendations')
  await unit.page.getByRole('link', { name: /^S\d/ }).click()
  await unit.page.getByText('李民').first().waitFor()
  await wellMade(unit, 'recommendation')
  await unit.page.getByLabel('同意推荐').check()
  await unit.page.getByLabel('说明').fill('同意推荐')
  await press(unit, '提交意见')
  await unit.page.getByText('没有待推荐的申请').waitFor()
  const keeper = await story.signedIn('supervisor')
  await keeper.go('/supervisor/expert-applications')
  await wellMade(keeper, 'applications')
  await keeper.page.getByRole('link', { name: /^S\d/ }).click()
  await keeper.page.getByLabel('同意入库').check()
  await keeper.page.getByLabel('理由').fill('符合入库条件')
  await wellMade(keeper, 'application')
  await press(keeper, '提交决定')
  await keeper.page.getByText('已入库').first().waitFor()
  const citizen = await story.signedIn('citizen')
  await citizen.go('/account/expert-application')
  await press(citizen, '进入专家工作台')
  await citizen.page.getByRole('heading', { name: '我的专家档案' }).waitFor()
  await citizen.page.getByText('单位推荐').waitFor()
  await wellMade(citizen, 'own-record')
  await citizen.go('/expert/record/leave')
  await citizen.page.locator('#f-fromAt').fill('2030-01-01T08:00')
  await citizen.page.locator('#f-untilAt').fill('2030-01-05T18:00')
  await press(citizen, '提交请假')
  await citizen.page.getByRole('button', { name: '撤销请假' }).waitFor()
  await wellMade(citizen, 'leave')
  await citizen.go('/expert/record/ties')
  await wellMade(citizen, 'ties')
  await citizen.go('/expert/record/contact')
  await wellMade(citizen, 'contact')
})

test('a list with bad rows is refused whole, then taken without them, each named', async () => {
  const keeper = await story.signedIn('supervisor')
  const rows = [aListLine(500, unitCode), aListLine(501, unitCode).replace(',A0801,', ',A0899,'), aListLine(502, unitCode)]
  const file = { name: '住建局名单.csv', mimeType: 'text/csv', buffer: Buffer.from([listHeading, ...rows].join('\n')) }
  for (const [mode, title] of [
    ['全部或不导入', '没有导入任何一行'],
    ['只导入合格的行', '已导入 2 行'],
  ] as const) {
    await keeper.go('/supervisor/expert-imports')
    await keeper.page.locator('#f-file').setInputFiles(file)
    await keeper.page.getByLabel(mode).check()
    await keeper.page.locator('#f-source').fill('住建局')
    await press(keeper, '上传并检查')
    await keeper.page.getByText(title).waitFor()
    await keeper.page.getByText('没有这个代码：A0899').first().waitFor()
  }
  await wellMade(keeper, 'import')
  await keeper.go('/supervisor/expert-imports')
  await wellMade(keeper, 'imports')
})

test('a long list shows how far it is, can be left and looked at again, and is cancelled before any of it comes in', async () => {
  const keeper = await story.signedIn('supervisor')
  const rows = Array.from({ length: 150_000 }, (_, at) => aListLine(10_000 + at, unitCode))
  await keeper.go('/supervisor/expert-imports')
  const file = { name: '全省名单.csv', mimeType: 'text/csv', buffer: Buffer.from([listHeading, ...rows].join('\n')) }
  await keeper.page.locator('#f-file').setInputFiles(file)
  await keeper.page.getByLabel('只导入合格的行').check()
  await keeper.page.locator('#f-source').fill('省发展改革委')
  await press(keeper, '上传并检查')
  await keeper.page.getByRole('progressbar').waitFor()
  await wellMade(keeper, 'import-under-way')
  const shown = () => keeper.page.getByText(/^已检查 \d+ 行/).textContent()
  const first = await shown()
  await expect.poll(shown, { timeout: 15_000 }).not.toBe(first)
  await press(keeper, '取消导入')
  await keeper.page.getByText('已取消，未导入').waitFor()
  await wellMade(keeper, 'import-cancelled')
})

test('the library of ten thousand is searched; a look at a person is logged', async () => {
  const keeper = await story.signedIn('supervisor')
  await keeper.go('/supervisor/experts?disc=A08&state=active')
  await wellMade(keeper, 'experts')
  await keeper.go('/supervisor/experts/E00007')
  await keeper.page.getByRole('link', { name: '查看身份信息（留痕）' }).click()
  await keeper.page.getByLabel('查看用途').fill('核对名单重名')
  await press(keeper, '查看并留痕')
  await keeper.page.getByText('证件号码').waitFor()
  await wellMade(keeper, 'identity')
  for (const [path, name] of [
    ['/supervisor/expert-rules', 'rules'],
    ['/supervisor/specialties', 'specialties'],
    ['/supervisor/expert-appeals', 'appeals'],
    ['/supervisor/experts/E00008/training', 'training'],
    ['/supervisor/experts/E00008/penalty', 'penalty'],
    ['/supervisor/experts/E00008', 'expert'],
  ] as const) {
    await keeper.go(path)
    await wellMade(keeper, name)
  }
})

test('a removal is proposed by one, heard, decided by another, public, and can be appealed', async () => {
  const expert = await story.signedIn('citizen')
  await expert.go('/account/expert-application')
  await press(expert, '进入专家工作台')
  await expert.page.getByRole('heading', { name: '我的专家档案' }).waitFor()
  const code = /S\d{6}/.exec((await expert.page.textContent('main')) ?? '')![0]
  const keeper = await story.signedIn('supervisor')
  await keeper.go(`/supervisor/experts/${code}`)
  await keeper.page.getByRole('link', { name: '提出处理' }).click()
  await keeper.page.locator('#f-basis').selectOption('act remove')
  await press(keeper, '提出并通知本人')
  await keeper.page.getByRole('alert').getByText('请写明事实和理由').waitFor()
  await wellMade(keeper, 'clearance-refused')
  await keeper.page.getByLabel('事实和理由').fill('连续三次无故缺席')
  await press(keeper, '提出并通知本人')
  await keeper.page.getByText('由提出人以外的人员决定').waitFor()
  await expert.go('/expert/record')
  await expert.page.getByRole('link', { name: code, exact: true }).click()
  await expert.page.getByLabel('陈述申辩意见').fill('三次均已事先请假')
  await wellMade(expert, 'statement')
  await press(expert, '提交陈述申辩')
  await expert.page.getByText('三次均已事先请假').waitFor()
  const other = await story.signedIn('supervisor2')
  await other.go('/supervisor/expert-clearances')
  await wellMade(other, 'clearances')
  await other.page.getByRole('link', { name: code, exact: true }).click()
  await other.page.getByLabel('执行').check()
  await other.page.getByLabel('决定的理由').fill('请假没有记录，事实清楚')
  await wellMade(other, 'clearance')
  await press(other, '提交决定')
  await other.page.getByText('已执行').waitFor()
  await expert.go('/expert/record')
  await expert.page.getByRole('link', { name: /对“清退”提出申诉/ }).waitFor()
  await wellMade(expert, 'removed')
  const anybody = await story.visitor()
  await anybody.go('/expert-decisions')
  await anybody.page.getByText('请假没有记录，事实清楚').waitFor()
  await wellMade(anybody, 'decisions')
})
