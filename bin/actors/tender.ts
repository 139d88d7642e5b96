// The live demo tender: what is bought, from whom, and how soon.
import type { DrawWanted } from '../client/agency'
import { creditCode } from '../client/credit-code'
import { livePrefix } from './due'

/** How far ahead the opening falls: four minutes, unless LIVE_AHEAD_SECONDS says otherwise (the rehearsal edition asks for 20 s). */
export const openingAheadMs = Number(process.env.LIVE_AHEAD_SECONDS ?? 240) * 1000
const releaseSeconds = 90
const region = '350102'

const subjects = ['智慧路灯改造工程', '社区公园提升工程', '学校运动场翻修工程', '老旧小区管网改造工程', '办公楼节能改造工程']
const subjectOf = (number: number) => subjects[number % subjects.length]!

export const liveProject = (number: number) => ({
  name: `${livePrefix}第 ${number} 期：${subjectOf(number)}`,
  kind: 'works',
  method: 'open-tender',
  edition: 'works.open-tender@2026.1-drill',
  regionCode: region,
  sector: 'construction',
  isToLaw: true,
  tenderer: { name: '演练市城市建设服务中心', creditCode: creditCode(region, 70_080_001) },
  fundSource: '财政资金 100%',
  scale: '详见招标文件',
  contact: '林安',
  phone: '0591-00000000',
})

const scoring = {
  method: 'comprehensive',
  params: { E1: '1', E2: '0.5', floor: '0', trimAbove: 5, rounding: 'HALF_UP' },
  compliance: [
    { code: 'C1', text: '投标函签署完整，投标有效期满足招标文件要求' },
    { code: 'C2', text: '投标报价不超过最高投标限价' },
  ],
  items: [
    { code: 'S1', name: '施工组织设计', max: '40', group: 'technical' },
    { code: 'S2', name: '类似业绩与信誉', max: '30', group: 'business' },
  ],
  onDecryptedBelow3: 'stop',
}

/** Ceiling of a live lot, in fen. */
export const ceilingOf = (number: number): bigint => BigInt(3_200_000 + (number % 7) * 410_000) * 100n

/** Odd tenders are opened by the custodians alone, even ones by bidder and custodians together; every third comes in two envelopes (双信封). */
export const liveLot = (number: number) => ({
  name: `${subjectOf(number)}施工`,
  content: `${subjectOf(number)}的施工、安装、调试与质保期服务。`,
  qualification: '具有市政公用工程施工总承包三级及以上资质，并在人员、设备、资金等方面具有相应的施工能力。',
  ceilingFen: String(ceilingOf(number)),
  suite: 'intl',
  releaseMode: number % 2 === 1 ? 'custody' : 'both',
  threshold: 2,
  releaseSeconds,
  openingTerms: { envelopes: number % 3 === 0 ? 2 : 1 },
  scoring: { ...scoring, formula: number % 2 === 1 ? 'F1' : 'F2', priceWeight: number % 2 === 1 ? '0.30' : '30' },
})

const beijing = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', dateStyle: 'long', timeStyle: 'medium' })

export const noticeText = (name: string, biddingEndsAt: Date): string =>
  `${name}已具备招标条件，现公开招标。\n招标文件在本页免费下载，无须登记。\n投标文件应在 ${beijing.format(biddingEndsAt)}（北京时间）前密封递交；到时由系统按时钟截标并开标。`

/** Whole seconds mark draws that the demo's telephone exchange answers (see exchange.ts). */
export const drawWanted = (now: Date): DrawWanted => ({
  size: 5,
  seats: [
    { seat: '技术', disc: ['A08'], region: null, n: 3 },
    { seat: '经济', disc: ['B01'], region: null, n: 2 },
  ],
  avoid: [],
  evaluationAt: new Date(Math.ceil(now.getTime() / 1000 + 60) * 1000),
  place: '演练评标室 1',
  hours: 2,
})
