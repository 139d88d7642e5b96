import type { Mark, RuleEdition } from './edition'

/** Where the number fell below three (tender-rules 1.5). */
export const tooFewStages = [
  'prequalified',
  'submitted',
  'decrypted',
  'qualified',
  'responsive',
  'all-rejected',
  'invited',
] as const
export type TooFewStage = (typeof tooFewStages)[number]

export type TooFewAction =
  | 'retender'
  | 'must-not-open'
  | 'must-not-evaluate'
  | 'committee-decides'
  | 'procurement-void'
  | 'resolve-or-change-method'
  | 'stop'
  | 'continue-by-document'
  | 'invite-more'

export type TooFewOutcome = {
  action: TooFewAction
  /** Whether the lot may go on with the bids there are. */
  mayContinue: boolean
  article: string
  mark: Mark
  todo: string
}

type Row = TooFewOutcome
const order87 = (article: string) => `《政府采购货物和服务招标投标管理办法》（财政部令第87号）第${article}条`

const tender: Record<Exclude<TooFewStage, 'decrypted'>, Row> = {
  prequalified: {
    action: 'retender',
    mayContinue: false,
    article: '《招标投标法实施条例》第十九条',
    mark: 'V',
    todo: '应当重新招标。',
  },
  submitted: {
    action: 'must-not-open',
    mayContinue: false,
    article: '《招标投标法》第二十八条、《招标投标法实施条例》第四十四条',
    mark: 'V',
    todo: '任何投标文件都不解密；招标人应当重新招标。',
  },
  qualified: {
    action: 'committee-decides',
    mayContinue: true,
    article: '《评标委员会和评标方法暂行规定》第二十七条',
    mark: 'V-c',
    todo: '由评标委员会论证是否具有竞争性，并写入评标报告。',
  },
  responsive: {
    action: 'committee-decides',
    mayContinue: true,
    article: '《评标委员会和评标方法暂行规定》第二十七条、发改法规规〔2022〕1117号第十三条',
    mark: 'V-c',
    todo: '投标明显缺乏竞争的，评标委员会可以否决全部投标；是否缺乏竞争须论证并写入评标报告。',
  },
  'all-rejected': {
    action: 'retender',
    mayContinue: false,
    article: '《招标投标法》第四十二条',
    mark: 'V',
    todo: '应当重新招标。',
  },
  invited: {
    action: 'invite-more',
    mayContinue: false,
    article: '《招标投标法》第十七条',
    mark: 'V',
    todo: '应当向三个以上具备能力的法人或者其他组织发出投标邀请书。',
  },
}

const procurement: Record<Exclude<TooFewStage, 'decrypted'>, Row> = {
  prequalified: {
    action: 'resolve-or-change-method',
    mayContinue: false,
    article: order87('四十三'),
    mark: 'V',
    todo: '招标文件不合理的，改正后重新招标；否则可报财政部门批准采用其他采购方式。',
  },
  submitted: {
    action: 'must-not-open',
    mayContinue: false,
    article: `${order87('四十一')}、第四十三条`,
    mark: 'V',
    todo: '不得开标，任何投标文件都不解密；招标文件不合理的，改正后重新招标，否则可报财政部门批准采用其他采购方式。',
  },
  qualified: {
    action: 'must-not-evaluate',
    mayContinue: false,
    article: order87('四十四'),
    mark: 'V',
    todo: '合格投标人不足三家的，不得评标。',
  },
  responsive: {
    action: 'procurement-void',
    mayContinue: false,
    article: '《政府采购法》第三十六条第一款第一项',
    mark: 'V',
    todo: '应予废标，并将理由通知所有投标人；只有两家符合的，经批准可与该两家进行竞争性谈判（财政部令第74号第二十七条）。',
  },
  'all-rejected': {
    action: 'procurement-void',
    mayContinue: false,
    article: '《政府采购法》第三十六条',
    mark: 'V',
    todo: '应予废标，并将理由通知所有投标人。',
  },
  invited: {
    action: 'invite-more',
    mayContinue: false,
    article: order87('十四'),
    mark: 'V',
    todo: '应当从不少于两倍的供应商名单中随机抽取三家以上，两名以上采购人工作人员在场监督，记录存档。',
  },
}

const decrypted: Record<RuleEdition['onDecryptedBelowMinimum'], Row> = {
  STOP: {
    action: 'stop',
    mayContinue: false,
    article: '法律未作规定，按本平台默认规则',
    mark: 'G',
    todo: '停止开标并告知监督部门；由招标人重新招标。',
  },
  CONTINUE_BY_DOCUMENT: {
    action: 'continue-by-document',
    mayContinue: true,
    article: '法律未作规定，按招标文件的约定',
    mark: 'G',
    todo: '按招标文件的约定继续，并记入开标记录。',
  },
}

/** What happens when fewer than the minimum remain at a stage: one row of the decision table of tender-rules 1.5. */
export function tooFewOutcome(
  edition: Pick<RuleEdition, 'ruleSet' | 'onDecryptedBelowMinimum'>,
  stage: TooFewStage,
): TooFewOutcome {
  if (stage === 'decrypted') return decrypted[edition.onDecryptedBelowMinimum]
  return (edition.ruleSet === 'tender' ? tender : procurement)[stage]
}

export const isTooFew = (edition: Pick<RuleEdition, 'minimumBidders'>, count: number) => count < edition.minimumBidders
