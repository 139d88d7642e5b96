import type { BidState } from '@/db/schema/trading/bid'
import type { OpeningPhase, releaseBases } from '@/db/schema/trading/opening'
import { formatInstant } from '~/shared/time'
import type { OpeningEvent, OpeningState, ShownPhase } from './opening'
import type { ReadFlag } from './price-form'
import type { Failure, Fault } from './settle'

export const openingPhaseText: Record<OpeningPhase, string> = {
  closing: '截标核对',
  counting: '核对投标人数',
  releasing: '释放密钥',
  reading: '解密唱标',
  objecting: '提出异议',
  confirming: '确认记录',
  recording: '生成开标记录',
  signing: '签署开标记录',
  recorded: '开标结束',
  aborted: '开标终止',
  adjourned: '中止开标',
  intermission: '等待第二信封',
}

export const envelopeText = { 1: '第一信封', 2: '第二信封' } as const

export const openingStateText: Record<OpeningState, string> = { ...openingPhaseText, scheduled: '未开标', 'sign-in': '签到' }

export const shownPhaseText: Record<ShownPhase, string> = {
  closing: '截标与人数核对',
  releasing: '释放密钥',
  reading: '解密唱标',
  objecting: '提出异议',
  confirming: '确认记录',
  signing: '签署记录',
  recorded: '公布记录',
}

/** When an adjourned opening goes on, as a sentence's end. */
export const whenResumed = ({ resumesAt }: { resumesAt: Date | null }) =>
  resumesAt ? `定于 ${formatInstant(resumesAt)} 复会` : '复会时间另行通知'

export const openingEventText: Record<OpeningEvent, string> = {
  'begin-sign-in': '开始签到',
  close: '截标',
  'list-leaves': '截标登记',
  enough: '投标人数足够',
  'too-few': '投标人数不足',
  'settle-keys': '密钥释放结束',
  'read-all': '唱标结束',
  'publish-envelope': '公布第一信封开标记录',
  'open-envelope': '开启第二信封',
  'none-passed': '没有投标通过第一信封评审',
  'too-few-read': '解密成功的投标不足',
  'end-objections': '异议结束',
  'end-confirmations': '确认结束',
  'seal-record': '开标记录签章',
  'publish-record': '公布开标记录',
  restart: '重新开启解密',
  adjourn: '中止开标',
  abort: '终止开标',
  'resume-releasing': '复会',
  'resume-reading': '复会',
  'resume-objecting': '复会',
  'resume-confirming': '复会',
  'resume-signing': '复会',
  'resume-intermission': '复会',
}

export const bidStateText: Record<BidState, string> = {
  locked: '待解密',
  replaced: '已被替换',
  'withdrawn-before': '截止前撤回',
  decrypted: '已唱标',
  revoked: '撤销',
  withdrawn: '撤回',
  refused: '拒收',
  unopened: '第二信封未开启',
}

export const failureText: Record<Failure, string> = {
  'no-release': '投标人未在规定时间内释放密钥',
  'wrong-key': '投标人释放的密钥与密封时的承诺不符',
  'shares-missing': '保管人释放的密钥份额不足',
  'file-corrupt': '投标文件解密后损坏，密文与投标人签名的摘要一致',
  'storage-damaged': '平台保存的密文与投标人签名的摘要不一致',
  'price-unreadable': '开标一览表无法读取',
  'not-confirmed': '招标文件修改后，投标人未重新确认',
}

export const faultText: Record<Fault, string> = {
  bidder: '投标人原因',
  custodian: '保管人原因',
  platform: '平台原因',
}

/** 《电子招标投标办法》第三十一条: whose fault decides what the bid counts as. */
export const failureArticle = '《电子招标投标办法》第三十一条'

export const flagText: Record<ReadFlag, string> = {
  'words-differ': '大写与小写不一致，以大写为准',
  'words-unreadable': '大写金额无法识别，按小写记录，由评标委员会认定',
  'by-twin': '密文未解密，按招标文件约定以补录的未加密副本唱标（《电子招标投标办法》第三十一条）',
  'above-ceiling': '高于最高投标限价，由评标委员会按规定否决（《招标投标法实施条例》第五十一条）',
}

export const releaseBasisText: Record<(typeof releaseBases)[number], string> = {
  cosignature: '监督方见证签名已覆盖截标登记',
  timestamp: '见证超时，监督部门允许仅凭时间戳释放',
}

export const answerText = {
  'no-objection': '无异议',
  objection: '有异议',
  silent: '未表态',
} as const

/** In the place of a word nobody waits for: of a second envelope (双信封) that stays sealed. */
export const notAwaitedText = '无需表态'

export const releaseProblemText: Record<string, string> = {
  'unknown-bid': '不是本标段截标时计入的投标',
  'not-yours': '该部分密钥不属于本机构',
  'wrong-stage': '该投标没有此开启阶段',
  'not-passed': '该投标未通过第一信封评审，其第二信封不予开启',
  'share-mismatch': '份额与密封时的承诺不符',
  'wrong-length': '密钥长度不符',
  'already-open': '该投标已解密',
  'not-base64': '内容不是规范的 base64',
}
