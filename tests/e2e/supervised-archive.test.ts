import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { partyPart } from '@/bin/actors/parts'
import { createLot, createProject } from '@/bin/client/agency'
import { signIn } from '@/bin/client/api'
import { demoPassword } from '@/bin/client/keys'
import { root } from '@/bin/processes'
import { readAnchors } from '@/crypto/anchors'
import { verifyFile } from '@/crypto/verify/main'
import { lotJson, projectInput } from '@/tests/factories/lot'
import { axe, overflow } from './browser'
import { type Story, startStory, type Visitor } from './site'

let story: Story
let lotId: string
let witness: ChildProcess | undefined

beforeAll(async () => {
  story = await startStory()
  const agency = await signIn(story.url, 'agency', demoPassword)
  lotId = (await createLot(agency, (await createProject(agency, projectInput())).id, lotJson())).id
  const { token } = await signIn(story.url, 'witness', demoPassword)
  const spec = { role: 'witness' as const, name: 'supervisor', token, keys: join(story.dataDir, 'party', 'witness') }
  const { args, env } = partyPart(story.url, spec)
  witness = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, stdio: 'ignore' })
})
afterAll(async () => {
  witness?.kill('SIGTERM')
  await story?.close()
})

async function wellMade({ page, complaints }: Visitor, name: string): Promise<void> {
  expect(await axe(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
  expect(complaints).toEqual([])
  if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true })
}

test('the agency terminates a lot and has it archived; the package is ready once the witness has cosigned, and holds without us', async () => {
  const agency = await story.signedIn('agency')
  const { page } = agency
  await agency.go(`/agency/lots/${lotId}/termination`)
  await page.getByLabel('终止原因').fill('采购需求取消')
  await page.getByLabel(/我已核对/).check()
  await page.getByRole('button', { name: '终止标段' }).click()
  await page.getByRole('link', { name: '归档' }).click()
  await wellMade(agency, 'archive-confirm')
  await page.getByLabel(/我已核对/).check()
  await page.getByRole('button', { name: '归档' }).click()
  await page.getByText('申请归档').first().waitFor()
  await expect
    .poll(
      async () => {
        await page.reload()
        return page.getByRole('link', { name: '下载归档包' }).count()
      },
      { timeout: 150_000, interval: 2_000 },
    )
    .toBe(1)
  await wellMade(agency, 'archive-ready')
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载归档包' }).click()])
  expect(download.suggestedFilename()).toMatch(/^归档包-.*\.zip$/)
  const anchors = readAnchors(await (await fetch(`${story.url}/anchors.json`)).json())
  const zip = new Uint8Array(readFileSync(await download.path()))
  const report = await verifyFile(zip, { anchors, revocationLists: [] }, new Date())
  expect(report.findings.filter(({ result }) => result === 'broken')).toEqual([])
  expect(report).toMatchObject({ kind: 'archive', exitCode: 0 })
})

test('the supervisor reads the lot’s log and checks it in the browser, on a phone too', async () => {
  const supervisor = await story.signedIn('supervisor', { width: 390 })
  const { page } = supervisor
  await supervisor.go('/supervisor/lots')
  await wellMade(supervisor, 'supervisor-lots-390')
  await page.getByRole('link', { name: '第一标段' }).click()
  await page.getByText('终止标段').first().waitFor()
  await page.getByText('本机核验通过').waitFor()
  await wellMade(supervisor, 'supervisor-log-390')
  const wide = await story.signedIn('supervisor')
  await wide.go(`/supervisor/lots/${lotId}`)
  await wellMade(wide, 'supervisor-log-1280')
  await wide.page.getByRole('link', { name: '归档包' }).click()
  await wide.page.getByRole('link', { name: '下载归档包' }).waitFor()
  await wellMade(wide, 'supervisor-archive-1280')
})
