import { type ChildProcess, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { Route } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLot, createProject } from '@/bin/client/agency'
import { signIn } from '@/bin/client/api'
import { acceptInvitation, declineInvitation, type Invitation, listMessages, readInvitation } from '@/bin/client/expert'
import { demoPassword } from '@/bin/client/keys'
import { guestOf } from '@/bin/client/party'
import { root } from '@/bin/processes'
import { expertAt, spread } from '@/db/seed/expert'
import { anIdNumber } from '@/tests/factories/expert'
import { lotJson, projectInput } from '@/tests/factories/lot'
import { aLine, type Line } from '@/tests/setup/line'
import { axe, overflow } from './browser'
import { openLot, startParties } from './draw-room'
import { type Story, startStory, type Visitor } from './site'

let story: Story
let database: pg.Client
let lotId: string
let drawId: string
let screen: Visitor
/** A page and a screen whose line breaks while the draw goes on. */
let dropped: Visitor[]
let line: Line
let parties: ChildProcess[] = []

beforeAll(async () => {
  story = await startStory()
  database = new pg.Client(story.site.databaseUrl)
  await database.connect()
  const agency = await signIn(story.url, 'agency', demoPassword)
  const project = await createProject(agency, projectInput())
  lotId = (await createLot(agency, project.id, lotJson())).id
  await database.query(`update lot set state = 'bidding', bidding_ends_at = now() + interval '1 hour' where id = $1`, [lotId])
  parties = await startParties(story)
})
afterAll(async () => {
  for (const party of parties) party.kill('SIGTERM')
  await line?.close()
  await database?.end()
  await story?.close()
})

async function wellMade(visitor: Visitor, name: string): Promise<void> {
  await shapely(visitor, name)
  expect(visitor.complaints).toEqual([])
}

/** For a page that was cut off, whose console says so. */
async function shapely({ page }: Visitor, name: string): Promise<void> {
  expect(await axe(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
  if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true })
}

test('the agency asks for a committee; too few experts is told with the law’s article', async () => {
  const agency = await story.signedIn('agency')
  await agency.go(`/agency/lots/${lotId}/draw`)
  await agency.page.locator('#f-size').fill('3')
  await agency.page.locator('#f-n1').fill('1')
  await agency.page.getByRole('button', { name: '提交组建申请' }).click()
  await agency.page.getByRole('alert').getByText('第三十七条').waitFor()
  await wellMade(agency, 'draw-refused')
  await agency.page.locator('#f-size').fill('7')
  await agency.page.locator('#f-n1').fill('3')
  const people = [81, 82].map(at => `业主代表${at}|${anIdNumber(at)}|135000000${at}|科长|`)
  await agency.page.locator('#f-representatives').fill(people.join('\n'))
  await agency.page.getByRole('button', { name: '提交组建申请' }).click()
  await agency.page.getByText('待监督部门审核').first().waitFor()
  await wellMade(agency, 'draw-requested')
})

test('one person of the supervising body reviews the request, another approves it', async () => {
  const steps = [
    { login: 'supervisor', act: '审核抽取', after: '已审核，待第二人核准' },
    { login: 'supervisor2', act: '核准抽取', after: '已核准' },
  ]
  for (const { login, act, after } of steps) {
    const supervisor = await story.signedIn(login)
    await supervisor.go('/supervisor/draws')
    await wellMade(supervisor, 'draw-list')
    await supervisor.page.getByRole('link', { name: '第一标段' }).click()
    await supervisor.page.getByRole('link', { name: act }).click()
    await supervisor.page.getByLabel(/我已核对/).check()
    await wellMade(supervisor, `draw-approval-${login}`)
    await supervisor.page.getByRole('button', { name: act }).click()
    await supervisor.page.getByText(after).first().waitFor()
  }
})

/** Two who watch over a line that breaks when the first of them asks for the draw's news. */
async function watchOnBreakingLine(): Promise<void> {
  line = await aLine(story.url)
  dropped = [await story.visitor(), await story.visitor({ width: 1920, height: 1080 })]
  await dropped[0]!.go(`${line.url}/draws/${drawId}`)
  await dropped[1]!.go(`${line.url}/draws/${drawId}/screen`)
  await dropped[0]!.page.getByText('已连接，自动更新').waitFor()
  const cut = async (route: Route) => {
    line.cut()
    await route.continue()
  }
  await dropped[0]!.page.route('**/draws/*.data*', cut, { times: 1 })
}

test('the room’s screen shows the draw as it happens, without a name and without anybody touching it', async () => {
  const { rows } = await database.query<{ id: string }>('select id from draw where lot_id = $1', [lotId])
  drawId = rows[0]!.id
  screen = await story.visitor({ width: 1920, height: 1080 })
  await screen.go(`/draws/${drawId}/screen`)
  await screen.page.getByText('已核准，待开标后自动抽取').waitFor()
  await watchOnBreakingLine()
  await openLot(database, lotId)
  await screen.page.getByText('公布专家库快照、合格名单和规则的承诺值').waitFor({ timeout: 60_000 })
  await screen.page.getByText('行政监督部门公开随机数').waitFor({ timeout: 90_000 })
  await screen.page.getByText('通知专家中').waitFor({ timeout: 30_000 })
  expect(await screen.page.getByRole('list', { name: '席位' }).getByRole('listitem').count()).toBe(5)
  await wellMade(screen, 'draw-screen')
})

test('a line that broke in the instant of asking costs neither page nor screen what they show, and both come back by themselves', async () => {
  for (const one of dropped) await one.page.getByText('连接中断，正在重连').waitFor({ timeout: 30_000 })
  expect(await dropped[0]!.page.getByRole('heading', { name: /^专家抽取：/ }).count()).toBe(1)
  expect(await dropped[1]!.page.getByRole('list', { name: '四方进度' }).getByRole('listitem').count()).toBe(4)
  await shapely(dropped[1]!, 'draw-screen-cut')
  line.mend()
  for (const one of dropped) await one.page.getByText('通知专家中').first().waitFor({ timeout: 30_000 })
})

test('anybody can see the draw and take the proof', async () => {
  const anybody = await story.visitor({ width: 390 })
  await anybody.go(`/draws/${drawId}`)
  await anybody.page.getByText('可核验').click()
  await wellMade(anybody, 'draw-public')
  const [download] = await Promise.all([
    anybody.page.waitForEvent('download'),
    anybody.page.getByRole('link', { name: /下载证明/ }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/\.transcript\.json$/)
})

test('an invited expert learns nothing of the project, accepts, proves identity and declares', async () => {
  const exchange = await guestOf(story.url, 'exchange', demoPassword)
  let message: { to: string; text: string } | undefined
  await expect
    .poll(
      async () => {
        message = (await listMessages(exchange, null)).find(isForExpert)
        return message !== undefined
      },
      { timeout: 30_000 },
    )
    .toBe(true)
  const code = /邀请码 ([0-9A-Z]{12})/.exec(message!.text)?.[1]
  const expert = await story.visitor()
  await expert.go(`/invitations/${code}`)
  expect(await expert.page.content()).not.toMatch(/滨江路|第一标段|安信/)
  await wellMade(expert, 'invitation')
  await expert.page.getByLabel('参加', { exact: false }).first().check()
  await expert.page.getByRole('button', { name: '提交答复' }).click()
  await expert.page.getByRole('heading', { name: '专家报到' }).waitFor()
  await expert.page.getByLabel('身份证号后四位').fill('0000')
  await expert.page.getByLabel(/我已阅读以上承诺书/).check()
  await expert.page.getByRole('button', { name: '报到' }).click()
  await expert.page.getByRole('alert').getByText('身份核对不符').first().waitFor()
  await wellMade(expert, 'arrival')
  const { regions, specialties } = spread()
  const { idNumber } = expertAt(Number(message!.to.slice(3)) - 10_000_000, regions, specialties).person
  await expert.page.getByLabel('身份证号后四位').fill(idNumber.slice(-4))
  await expert.page.getByLabel(/我已阅读以上承诺书/).check()
  await expert.page.getByRole('button', { name: '报到' }).click()
  await expert.page.getByRole('heading', { name: '投标人名单' }).waitFor()
  await wellMade(expert, 'declaration')
  await expert.page.getByLabel(/没有应当回避的关系/).check()
  await expert.page.getByRole('button', { name: '提交声明' }).click()
  await expert.page.getByRole('heading', { name: '专家报到' }).waitFor()
  await expert.go('/expert/lots')
  await expert.page.getByText('已声明').waitFor()
  await wellMade(expert, 'expert-lots')
})

const isForExpert = ({ text }: { text: string }) => text.includes('邀请码') && !text.includes('招标人代表')

/** Open invitations of this story, by the telephone exchange. */
async function openInvitations(): Promise<Invitation[]> {
  const exchange = await guestOf(story.url, 'exchange', demoPassword)
  const found: Invitation[] = []
  for (const message of (await listMessages(exchange, null)).filter(isForExpert)) {
    const invitation = await readInvitation(story.url, message)
    if (invitation?.state === 'invited') found.push(invitation)
  }
  return found
}

test('two decline, the next of the same ranking are called, and the committee is full', async () => {
  const [first, second] = await openInvitations()
  const expert = await story.visitor({ width: 390 })
  await expert.go(`/invitations/${first!.code}`)
  await expert.page.getByLabel('不能参加').first().check()
  await expert.page.getByLabel('不能参加的原因').fill('当日出差')
  await expert.page.getByRole('button', { name: '提交答复' }).click()
  await expert.page.getByText('本邀请已有结果').waitFor()
  await wellMade(expert, 'invitation-declined')
  await declineInvitation(story.url, second!, '身体不适')
  await screen.page
    .getByText(/一名专家谢绝，按同一排序由下一名递补/)
    .first()
    .waitFor()
  await expect.poll(async () => (await openInvitations()).length, { timeout: 30_000 }).toBe(4)
  for (const invitation of await openInvitations()) await acceptInvitation(story.url, invitation)
  await screen.page.getByText('全部席位接受，评标委员会组成').waitFor({ timeout: 30_000 })
  await wellMade(screen, 'draw-screen-complete')
})

test('a representative of the tenderer cannot come; the tenderer names another, and nobody is drawn for the seat', async () => {
  const exchange = await guestOf(story.url, 'exchange', demoPassword)
  const told = (await listMessages(exchange, null)).find(one => one.to === '13500000081')
  const representative = await story.visitor({ width: 390 })
  await representative.go(`/invitations/${/邀请码 ([0-9A-Z]{12})/.exec(told!.text)![1]}`)
  await representative.page.getByText('由招标人另行指定').waitFor()
  await representative.page.getByLabel('不能参加').first().check()
  await representative.page.getByRole('button', { name: '提交答复' }).click()
  await representative.page.getByText('本邀请已有结果').waitFor()
  const agency = await story.signedIn('agency')
  await agency.go(`/agency/lots/${lotId}/draw`)
  await wellMade(agency, 'representatives')
  await agency.page.setViewportSize({ width: 390, height: 900 })
  await wellMade(agency, 'representatives-390')
  await agency.page.getByRole('link', { name: '另行指定' }).click()
  await agency.page.getByRole('button', { name: '指定', exact: true }).click()
  await agency.page.getByRole('alert').getByText('请填写姓名').first().waitFor()
  await wellMade(agency, 'representative-390')
  await agency.page.locator('#f-name').fill('业主代表83')
  await agency.page.locator('#f-idNumber').fill(anIdNumber(83))
  await agency.page.locator('#f-phone').fill('13500000083')
  await agency.page.locator('#f-reason').fill('原代表不能参加')
  await agency.page.getByRole('button', { name: '指定', exact: true }).click()
  await agency.page.getByText('业主代表83').waitFor()
})

test('names stay closed until the evaluation, then two persons open them, and no screen has shown one', async () => {
  const agency = await story.signedIn('agency')
  await agency.go(`/agency/draws/${drawId}/names`)
  await agency.page.getByText('姓名对任何人保密').waitFor()
  await wellMade(agency, 'names-locked')
  await database.query(`update draw set evaluation_at = now() - interval '1 minute' where id = $1`, [drawId])
  await agency.go(`/agency/draws/${drawId}/names`)
  await agency.page.getByLabel(/我已核对/).check()
  await wellMade(agency, 'names-ask')
  await agency.page.getByRole('button', { name: '申请解密名单' }).click()
  await agency.page.getByText('您已申请，待另一人确认').waitFor()
  const supervisor = await story.signedIn('supervisor')
  await supervisor.go(`/supervisor/draws/${drawId}/names`)
  await supervisor.page.getByLabel(/我已核对/).check()
  await supervisor.page.getByRole('button', { name: '确认解密名单' }).click()
  await supervisor.page.getByRole('columnheader', { name: '姓名' }).waitFor()
  await wellMade(supervisor, 'names')
  const names = await supervisor.page.locator('tbody tr td:nth-child(2)').allInnerTexts()
  expect(names).toHaveLength(5)
  const shown = await screen.page.content()
  expect(names.filter(name => shown.includes(name))).toEqual([])
})

test('the transcript proves itself to whoever runs npm run verify on it', async () => {
  const get = async (path: string) => (await fetch(`${story.url}/api/v1${path}`)).text()
  const [transcript, anchors] = ['transcript', 'anchors'].map(name => join(story.dataDir, `${name}.json`)) as [string, string]
  writeFileSync(transcript, await get(`/draws/${drawId}/transcript`))
  writeFileSync(anchors, await get('/anchors'))
  const verify = (file: string) =>
    spawnSync('npm', ['run', '-s', 'verify', '--', '--anchors', anchors, file], { cwd: root, encoding: 'utf8' })
  const proven = verify(transcript)
  expect(proven.stdout).toContain('按各方公开的随机数重算种子、排序、席位和递补，结果与公布的一致')
  expect(proven.status).toBe(0)
  const changed = JSON.parse(readFileSync(transcript, 'utf8'))
  changed.panel.reverse()
  writeFileSync(transcript, JSON.stringify(changed))
  expect(verify(transcript).status).toBe(1)
})

test('the supervisor keeps the library: it lists nobody’s name, and a suspension needs a reason', async () => {
  const supervisor = await story.signedIn('supervisor')
  await supervisor.go('/supervisor/experts?disc=A08')
  await supervisor.page.getByRole('link', { name: 'E00001' }).or(supervisor.page.locator('tbody a').first()).first().click()
  await supervisor.page.getByLabel('办理').selectOption('suspend')
  await supervisor.page.getByRole('button', { name: '提交' }).click()
  await supervisor.page.getByRole('alert').getByText('请写明原因').first().waitFor()
  await wellMade(supervisor, 'expert')
  await supervisor.page.getByLabel('原因').fill('年度考核不合格')
  await supervisor.page.getByRole('button', { name: '提交' }).click()
  await supervisor.page.getByText('暂停').first().waitFor()
  await supervisor.go('/supervisor/experts')
  await wellMade(supervisor, 'experts')
})
