import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { lot } from '@/db/schema/trading/project'
import { seedHolidays } from '@/db/seed/holidays'
import type { TestPlatform } from '@/tests/setup/platform'
import type { Ctx, PersonActor } from '~/platform/ctx'
import { addSeconds } from '~/shared/time'
import { addDocument } from '~/trading/document/document.server'
import { type LotInput, lotBody } from '~/trading/lot/lot.form.server'
import { createLot, nameCustodians } from '~/trading/lot/lot.server'
import { publishNotice } from '~/trading/notice/notice.server'
import type { ProjectInput } from '~/trading/project/project.form.server'
import { createProject } from '~/trading/project/project.server'
import { aCreditCode, anActor } from './actor'

export const aPdf = (text = 'tender document') => new TextEncoder().encode(`%PDF-1.7\n${text}\n%%EOF\n`)

export const projectInput = (wish: Partial<ProjectInput> = {}): ProjectInput => ({
  name: '滨江路市政道路改造工程',
  kind: 'works',
  method: 'open-tender',
  edition: 'works.open-tender@2026.1-drill',
  regionCode: '350102',
  sector: 'construction',
  isToLaw: true,
  tenderer: { name: '鼓楼区城市建设中心', creditCode: aCreditCode() },
  fundSource: '财政资金',
  scale: '道路全长 3.2 公里',
  contact: '李工',
  phone: '0591-87654321',
  ...wish,
})

/** What POST /projects/:id/lots takes. */
export const lotJson = (wish: Record<string, unknown> = {}) => ({
  name: '第一标段 道路施工',
  content: '道路、排水、照明及绿化施工',
  qualification: '市政公用工程施工总承包二级及以上',
  ceilingFen: '1200000000',
  releaseMode: 'custody',
  threshold: 2,
  releaseSeconds: 60,
  scoring: {
    method: 'comprehensive',
    formula: 'F2',
    priceWeight: '60',
    compliance: [{ code: 'C1', text: '投标函已签字盖章' }],
    items: [
      { code: 'S1', name: '施工组织设计', max: '25', group: 'technical' },
      { code: 'S2', name: '企业业绩', max: '15', group: 'business' },
    ],
  },
  ...wish,
})

export const lotInput = (wish: Record<string, unknown> = {}): LotInput => lotBody.parse(lotJson(wish))

export async function aProject(t: TestPlatform, agency: PersonActor, wish: Partial<ProjectInput> = {}) {
  await seedHolidays(t.platform.database.db)
  return createProject(await t.ctx(agency), projectInput(wish))
}

export type LotWish = {
  state?: 'draft' | 'keying' | 'ready' | 'bidding'
  agency?: PersonActor
  project?: Partial<ProjectInput>
  lot?: Record<string, unknown>
  /** Seconds from now to the deadline of a lot in bidding. */
  seconds?: number
}

async function threeCustodians(t: TestPlatform, agency: PersonActor, ctx: Ctx, lotId: string): Promise<PersonActor[]> {
  const own = await anActor(t, 'custodian', { organisationId: agency.organisationId })
  const others = [await anActor(t, 'custodian', { name: '监督方' }), await anActor(t, 'custodian', { name: '公证处' })]
  const custodians = [own, ...others]
  const groups = ['tenderer-side', 'supervisor', 'third']
  const named = custodians.map((c, i) => ({ organisationId: c.organisationId, interestGroup: groups[i]! }))
  await nameCustodians(ctx, { lotId, custodians: named })
  return custodians
}

/**
 * A lot in a state, made by the commands people use. 'ready' is set in its row: the custodians' keys and signatures
 * are the subject of other tests.
 */
export async function aLot(t: TestPlatform, wish: LotWish = {}) {
  const agency = wish.agency ?? (await anActor(t, 'agency', { name: '安信招标代理有限公司' }))
  const project = await aProject(t, agency, wish.project)
  const ctx = await t.ctx(agency)
  const made = await createLot(ctx, { projectId: project.id, input: lotInput(wish.lot) })
  const result = { agency, project, lotId: made.id, code: made.code, custodians: [] as PersonActor[] }
  const { state = 'draft' } = wish
  if (state === 'draft') return result
  const hasCustodians = wish.lot?.releaseMode !== 'bidder'
  if (hasCustodians) result.custodians = await threeCustodians(t, agency, ctx, made.id)
  else await nameCustodians(ctx, { lotId: made.id, custodians: [] })
  if (state === 'keying') return result
  await t.platform.database.db.update(lot).set({ state: 'ready' }).where(eq(lot.id, made.id))
  if (state === 'ready') return result
  await aDocument(t, agency, made.id)
  const now = (await t.ctx()).now
  const biddingEndsAt = addSeconds(new Date(Math.ceil(now.getTime() / 1000) * 1000), wish.seconds ?? 60)
  await publishNotice(await t.ctx(agency), { lotId: made.id, title: '招标公告', body: '现对本标段公开招标。', biddingEndsAt })
  return result
}

export async function aDocument(
  t: TestPlatform,
  agency: PersonActor,
  lotId: string,
  kind: 'document' | 'clarification' = 'document',
) {
  const name = `招标文件-${randomUUID().slice(0, 4)}.pdf`
  return addDocument(await t.ctx(agency), { lotId, kind, title: '招标文件', name, type: 'application/pdf', content: aPdf() })
}
