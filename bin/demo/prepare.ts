// From the project to the notice: two lots, three custodians, a signed sealing policy, the tender document.
import {
  createLot,
  createProject,
  type Made,
  nameCustodians,
  publishDocument,
  publishNotice,
  signPolicy,
  waitForState,
} from '../client/agency'
import { until } from '../client/api'
import { cosignPolicy, giveLotKey, listCustody } from '../client/custodian'
import { pdfOf } from '../client/documents'
import type { Cast } from './cast'
import { type LotScene, lotScene, lotScenes, projectScene } from './scene'
import type { Story } from './story'

export interface DemoLot extends Made {
  scene: LotScene
  biddingEndsAt: Date
}

/** Everybody waits this long for the bidder who releases nothing: short, but not too short for a busy machine. */
const releaseSecondsFor = (firstStepSeconds: number): number => Math.min(60, Math.ceil(8 + 1.3 * firstStepSeconds))

export async function prepareProject(story: Story, cast: Cast): Promise<{ project: Made; lots: DemoLot[] }> {
  const { agency, custodians, tenderer } = cast
  const project = await createProject(agency.api, projectScene(tenderer))
  story.say(`  项目 ${project.code}`)
  const lots: DemoLot[] = []
  for (const scene of lotScenes) {
    const made = await createLot(agency.api, project.id, lotScene(scene, releaseSecondsFor(story.steps[1]!.seconds)))
    const groups = ['tenderer-side', 'supervisor', 'third']
    const named = custodians.map(({ organisationId }, at) => ({ organisationId, interestGroup: groups[at]! }))
    await nameCustodians(agency.api, made.id, named)
    lots.push({ ...made, scene, biddingEndsAt: new Date(0) })
    story.say(`  标段 ${made.code} ${scene.name}（${scene.releaseMode}${scene.envelopes === 2 ? '，双信封' : ''}）`)
  }
  return { project, lots }
}

/** Each custodian gives its key for both lots, the agency signs the policies, each custodian cosigns. */
export async function signPolicies(story: Story, { agency, custodians }: Cast, lots: DemoLot[]): Promise<void> {
  await Promise.all(
    custodians.map(async party => {
      for (const item of await listCustody(party)) if (item.due === 'key') await giveLotKey(party, item)
    }),
  )
  for (const lot of lots) {
    await until({ what: 'the policy draft', seconds: 60 }, () => signPolicy(agency, lot.id))
    story.say(`  代理机构签署密封策略 ${lot.code}`)
  }
  await Promise.all(
    custodians.map(async party => {
      for (const item of await listCustody(party)) if (item.due === 'cosign') await cosignPolicy(party, item)
    }),
  )
  for (const lot of lots) await waitForState(agency.api, lot.id, ['ready'], 60)
  story.say(`  三个保管人已登记密钥并会签（2-of-3）`)
}

/** Publishes document and notice of both lots; the deadline is the rehearsal edition's least time and a little ahead. */
export async function announce(story: Story, { agency }: Cast, lots: DemoLot[], biddingSeconds: number): Promise<void> {
  for (const lot of lots) {
    const lines = ['第一章 招标公告', '第二章 投标人须知', '第三章 评标办法', '第四章 合同条款', '第五章 技术标准和要求']
    const bytes = await pdfOf({ title: `招标文件（${lot.scene.name}）`, lines, pages: 20 })
    await publishDocument(agency.api, lot.id, '招标文件', { bytes, name: `招标文件-${lot.scene.name}.pdf` })
  }
  const biddingEndsAt = new Date(Math.ceil(Date.now() / 1000 + biddingSeconds) * 1000)
  for (const lot of lots) {
    lot.biddingEndsAt = biddingEndsAt
    const body = `${lot.scene.name}现公开招标。招标文件免费下载，无须登记。投标文件应在 ${biddingEndsAt.toISOString()} 前密封递交。`
    const { id } = await publishNotice(agency.api, lot.id, { title: `${lot.scene.name}招标公告`, body, biddingEndsAt })
    story.say(`  公告 ${id} 已发布，投标截止 ${biddingEndsAt.toISOString()}`)
  }
}
