import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PartySpec, partyPart } from '@/bin/actors/parts'
import { createLot, createProject } from '@/bin/client/agency'
import { signIn } from '@/bin/client/api'
import { listMessages } from '@/bin/client/expert'
import { demoPassword } from '@/bin/client/keys'
import { guestOf } from '@/bin/client/party'
import { root } from '@/bin/processes'
import { expertAt, spread } from '@/db/seed/expert'
import { lotJson, projectInput } from '@/tests/factories/lot'
import { axe, overflow } from './browser'
import { type Story, startStory, type Visitor } from './site'

let story: Story
let database: pg.Client
let lotId: string
const parties: ChildProcess[] = []

/** The opening is another story: here the lot is put where its bids have just become known. */
async function openLot(): Promise<void> {
  const { rows } = await database.query(
    `select o.id from organisation o join membership m on m.organisation_id = o.id where m.role = 'bidder' limit 3`,
  )
  for (const { id } of rows) {
    const hash = randomUUID().replaceAll('-', '').repeat(2)
    await database.query(
      `insert into bid (id, lot_id, round, organisation_id, seq, state, statement, statement_hash, cms, leaf_idx, committed_at)
       values ($1, $2, 1, $3, 1, 'locked', '{}', $4, '', 0, now())`,
      [randomUUID(), lotId, id, hash],
    )
  }
  await database.query(`update lot set state = 'opening', closed_at = now() where id = $1`, [lotId])
}

async function startParty(role: PartySpec['role'], login: string, folder: string): Promise<void> {
  const { token } = await signIn(story.url, login, demoPassword)
  const { args, env } = partyPart(story.url, { role, name: folder, token, keys: join(story.dataDir, 'party', folder) })
  parties.push(spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, stdio: 'ignore' }))
}

beforeAll(async () => {
  story = await startStory()
  database = new pg.Client(story.site.databaseUrl)
  await database.connect()
  const agency = await signIn(story.url, 'agency', demoPassword)
  const project = await createProject(agency, projectInput())
  lotId = (await createLot(agency, project.id, lotJson())).id
  await database.query(`update lot set state = 'bidding', bidding_ends_at = now() + interval '1 hour' where id = $1`, [lotId])
  await startParty('witness', 'witness', 'supervisor')
  await startParty('supervisor', 'supervisor', 'supervisor')
  await startParty('agency', 'agency', 'agency')
  await startParty('third', 'third', 'third')
})
afterAll(async () => {
  for (const party of parties) party.kill('SIGTERM')
  await database?.end()
  await story?.close()
})

async function wellMade({ page, complaints }: Visitor, name: string): Promise<void> {
  expect(await axe(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
  expect(complaints).toEqual([])
  if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true })
}

test('the agency asks for a committee; too few experts is told with the law’s article', async () => {
  const agency = await story.signedIn('agency')
  await agency.go(`/agency/lots/${lotId}/draw`)
  await agency.page.locator('#f-n1').fill('1')
  await agency.page.getByRole('button', { name: '提交组建申请' }).click()
  await agency.page.getByRole('alert').getByText('第三十七条').waitFor()
  await wellMade(agency, 'draw-refused')
  await agency.page.locator('#f-n1').fill('3')
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

test('once the bids are known the parties draw, and anybody can see it and take the proof', async () => {
  await openLot()
  const { rows } = await database.query<{ id: string }>('select id from draw where lot_id = $1', [lotId])
  const anybody = await story.visitor({ width: 390 })
  await expect
    .poll(
      async () => {
        await anybody.go(`/draws/${rows[0]?.id}`)
        return anybody.page.getByText('通知专家中').count()
      },
      { timeout: 90_000, interval: 1_000 },
    )
    .toBeGreaterThan(0)
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
        message = (await listMessages(exchange, null)).find(one => one.text.includes('邀请码'))
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
  await expert.page.getByRole('button', { name: '报到' }).click()
  await expert.page.getByRole('alert').getByText('身份核对不符').first().waitFor()
  await wellMade(expert, 'arrival')
  const { regions, specialties } = spread()
  const { idNumber } = expertAt(Number(message!.to.slice(3)) - 10_000_000, regions, specialties).person
  await expert.page.getByLabel('身份证号后四位').fill(idNumber.slice(-4))
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
