import { Refusal } from '~/shared/refusal'
import type { CommitteeRule, DateName, DrawRule, Limit, MoneyRule, RuleEdition, TradeKind, TradeMethod } from './edition'
import { procurementLimits, worksLimits } from './limits'
import { formerlyPunished } from './punished'

const worksCommittee: CommitteeRule = {
  minimumSize: 5,
  largeFromFen: null,
  largeSize: 5,
  waterSize: 7,
  // Seven is what the certification document checks, read at second hand; the ministry's own provision was not at hand.
  waterArticle: '《电子招标投标系统检测认证规范》（CTS-EBS01-2016）业务规则 B-022',
  waterMark: 'S',
  waterSectors: ['water'],
  employerMayChair: true,
  formerlyPunished,
  article: '《招标投标法》第三十七条',
  largeArticle: '',
  mark: 'V',
}

const procurementCommittee: CommitteeRule = {
  minimumSize: 5,
  largeFromFen: 1_000_000_000n,
  largeSize: 7,
  waterSize: null,
  waterArticle: '',
  waterMark: 'S',
  waterSectors: [],
  employerMayChair: false,
  formerlyPunished,
  article: '《政府采购货物和服务招标投标管理办法》（财政部令第87号）第四十七条',
  largeArticle: '《政府采购货物和服务招标投标管理办法》（财政部令第87号）第四十七条',
  mark: 'V',
}

const worksDraw: DrawRule = {
  earliestBefore: { value: 24, unit: 'HOUR' },
  beforeClose: { article: '《评标委员会和评标方法暂行规定》（七部委令第12号）第八条：名单一般应于开标前确定', mark: 'V-c' },
  remindBeforeSeconds: 7_200,
  article: '各地评标专家管理办法（评标前 24 小时内抽取）',
  mark: 'G',
}

const procurementDraw: DrawRule = {
  earliestBefore: { value: 2, unit: 'WORK' },
  beforeClose: { article: '《政府采购评审专家管理办法》（财库〔2016〕198号）：评审开始前两个工作日内抽取', mark: 'G' },
  remindBeforeSeconds: 7_200,
  article: '《政府采购评审专家管理办法》（财库〔2016〕198号）',
  mark: 'G',
}

const worksMoney: MoneyRule = {
  depositPercent: 2,
  // 工程建设项目施工招标投标办法 (2013 rev.): at most 800,000 yuan [G].
  depositCapFen: 80_000_000n,
  depositForms: ['转账', '支票', '汇票', '本票', '银行保函', '担保保函', '保险保函'],
  depositArticle: '《招标投标法实施条例》第二十六条',
  performancePercent: 10,
  performanceArticle: '《招标投标法实施条例》第五十八条',
  ceilingArticle: '《招标投标法实施条例》第二十七条',
  aboveCeilingArticle: '《招标投标法实施条例》第五十一条',
}

const procurementMoney: MoneyRule = {
  depositPercent: 2,
  depositCapFen: null,
  depositForms: ['支票', '汇票', '本票', '银行保函', '担保保函', '保险保函'],
  depositArticle: '《政府采购法实施条例》第三十三条',
  performancePercent: 10,
  performanceArticle: '《政府采购法实施条例》第四十八条',
  ceilingArticle: '《政府采购货物和服务招标投标管理办法》（财政部令第87号）第十二条',
  aboveCeilingArticle: '《政府采购货物和服务招标投标管理办法》（财政部令第87号）第六十三条',
}

const worksClasses = ['A01', 'A02', 'A03', 'A04', 'A05', 'A06', 'A07', 'A08', 'A09', 'A10', 'A11', 'A12', 'A13', 'A14', 'A99']
const common = {
  version: '2026.1',
  effectiveFrom: '2026-01-01',
  anchors: 'production',
  watermark: null,
  minimumBidders: 3,
  maximumCandidates: 3,
  onDecryptedBelowMinimum: 'STOP',
  opening: {
    objectionSeconds: 600,
    confirmationSeconds: 1_800,
    signingSeconds: 900,
    twinSeconds: 1_800,
    twinDecisionSeconds: 1_800,
  },
} as const
const worksDates: DateName[] = ['documentFrom', 'documentTo', 'biddingEndsAt', 'opensAt']
const procurementDates: DateName[] = ['noticeFrom', 'noticeTo', 'documentFrom', 'documentTo', 'biddingEndsAt', 'opensAt']

function worksEdition(method: TradeMethod, name: string): RuleEdition {
  return {
    ...common,
    id: `works.${method}@2026.1`,
    kind: 'works',
    method,
    name,
    ruleSet: 'tender',
    basis: ['《招标投标法》（2017年修正）', '《招标投标法实施条例》（2019年修订）', '《电子招标投标办法》（八部委令第20号）'],
    tradeClasses: worksClasses,
    minimumPricePercent: 0,
    required: worksDates,
    limits: worksLimits,
    committee: worksCommittee,
    draw: worksDraw,
    money: worksMoney,
  }
}

function procurementEdition(kind: TradeKind, method: TradeMethod, name: string, tradeClass: string): RuleEdition {
  return {
    ...common,
    id: `${kind}.${method}@2026.1`,
    kind,
    method,
    name,
    ruleSet: 'procurement',
    basis: ['《政府采购法》（2014年修正）', '《政府采购法实施条例》', '《政府采购货物和服务招标投标管理办法》（财政部令第87号）'],
    tradeClasses: [tradeClass],
    minimumPricePercent: kind === 'gp-goods' ? 30 : 10,
    required: procurementDates,
    limits: procurementLimits,
    committee: procurementCommittee,
    draw: procurementDraw,
    money: procurementMoney,
  }
}

const lawEditions: readonly RuleEdition[] = [
  worksEdition('open-tender', '工程建设项目公开招标'),
  worksEdition('invited-tender', '工程建设项目邀请招标'),
  procurementEdition('gp-goods', 'open-tender', '政府采购货物公开招标', 'D01'),
  procurementEdition('gp-goods', 'invited-tender', '政府采购货物邀请招标', 'D01'),
  procurementEdition('gp-services', 'open-tender', '政府采购服务公开招标', 'D03'),
  procurementEdition('gp-services', 'invited-tender', '政府采购服务邀请招标', 'D03'),
]

// In 演练 a day that must at least pass is one second, and a day within which something must be done is five minutes.
const drillSeconds = (limit: Limit) => limit.value * (limit.bound === 'AT_LEAST' ? 1 : 300)

/** The sandbox twin (演练): the same rules with other periods and sandbox anchors, and nothing else changed. */
function drillOf(edition: RuleEdition): RuleEdition {
  return {
    ...edition,
    id: `${edition.id}-drill`,
    version: `${edition.version}-drill`,
    name: `${edition.name}（演练）`,
    anchors: 'sandbox',
    watermark: '演练：法定期限已缩短，仅供试用，不产生法律效力',
    opening: { objectionSeconds: 20, confirmationSeconds: 20, signingSeconds: 10, twinSeconds: 60, twinDecisionSeconds: 60 },
    limits: edition.limits.map(limit => ({ ...limit, value: drillSeconds(limit), unit: 'SECOND' as const })),
  }
}

/** Every edition ever used. Rows are only added; a project keeps the one it started under. */
export const editions: readonly RuleEdition[] = [...lawEditions, ...lawEditions.map(drillOf)]

/** The edition with this id; refuses an unknown one. */
export function ruleEdition(id: string): RuleEdition {
  const edition = editions.find(e => e.id === id)
  if (!edition) throw new Refusal('rule-edition-unknown', { edition: id })
  return edition
}

/** Editions of a kind and method that are in force on a day, newest first. */
export function editionsFor(kind: string, method: string, day: string): RuleEdition[] {
  const fits = editions.filter(e => e.kind === kind && e.method === method && e.effectiveFrom <= day)
  return fits.sort((a, b) => b.effectiveFrom.localeCompare(a.effectiveFrom))
}
