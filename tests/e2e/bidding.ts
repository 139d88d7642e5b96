// A lot that takes sealed bids, and the form of one, for stories and benches that begin there.
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { createLot, createProject, nameCustodians, publishDocument, publishNotice, signPolicy } from '@/bin/client/agency'
import { cosignPolicy, giveLotKey, listCustody } from '@/bin/client/custodian'
import { type Party, partyOf } from '@/bin/client/party'
import { lotJson, projectInput } from '@/tests/factories/lot'
import type { Story } from './site'

const password = 'demo-2026'
const keyFolder = (story: Story) => join(story.dataDir, 'parties')

/** A demo account with keys of its own. */
export const partyIn = (story: Story, login: string): Promise<Party> => partyOf(story.url, login, password, keyFolder(story))

/** A lot of a new project, its policy signed by agency and three custodians, its notice out: bids are taken for twenty minutes. */
export async function aLotTakingBids(story: Story): Promise<string> {
  const agency = await partyIn(story, 'agency')
  const keepers = await Promise.all(['custodian1', 'custodian2', 'custodian3'].map(login => partyIn(story, login)))
  const project = await createProject(agency.api, projectInput())
  const lot = await createLot(agency.api, project.id, lotJson({ releaseMode: 'both', releaseSeconds: 600 }))
  const groups = ['tenderer-side', 'supervisor', 'third']
  const named = keepers.map((keeper, i) => ({ organisationId: keeper.organisationId, interestGroup: groups[i]! }))
  await nameCustodians(agency.api, lot.id, named)
  for (const keeper of keepers) await giveLotKey(keeper, (await listCustody(keeper)).find(item => item.lotId === lot.id)!)
  await signPolicy(agency, lot.id)
  for (const keeper of keepers) await cosignPolicy(keeper, (await listCustody(keeper)).find(item => item.lotId === lot.id)!)
  const paper = { bytes: Buffer.from('%PDF-1.7\n%%EOF\n'), name: '招标文件.pdf' }
  await publishDocument(agency.api, lot.id, '招标文件', paper)
  const biddingEndsAt = new Date(Date.now() + 1_200_000)
  await publishNotice(agency.api, lot.id, { title: '招标公告', body: '公开招标。', biddingEndsAt })
  return lot.id
}

/** A file as the form asks for it, as PDF as it looks; random, so that nothing on the way can make it smaller. */
export function writeBid(path: string, bytes: number): void {
  const file = openSync(path, 'w')
  const start = Buffer.from('%PDF-1.7\n')
  writeSync(file, start)
  const piece = randomBytes(10_000_000)
  for (let left = bytes - start.length; left > 0; left -= piece.length) writeSync(file, piece, 0, Math.min(piece.length, left))
  closeSync(file)
}

/** Fills the form of a bid, the certificate file among it. */
export async function fillBid(
  page: Page,
  story: Story,
  { login, technical }: { login: string; technical: string },
): Promise<void> {
  await page.getByLabel('投标报价').fill('9,876,543.21')
  await page.getByLabel('工期（服务期）').fill('180')
  await page.getByLabel('质量承诺').fill('合格')
  await page.getByLabel('项目负责人').fill('王工')
  await page.locator('#f-technical').setInputFiles(technical)
  await page.locator('#f-keyFile').setInputFiles(join(keyFolder(story), `${login}.p12`))
  await page.locator('#f-password').fill(password)
}
