import { formatYuan } from '~/shared/money'
import { formatInstant } from '~/shared/time'
import { roleTextOf } from '../bid/bid.text'
import { actSentences } from './acts.text'
import type { ContentsLine, FailedLine, HallEvent, HallFacts, HallKind, ReadLine, ReleasedLine, UnpackedLine } from './hall'
import { answerText, bidStateText, failureText, faultText, flagText, releaseBasisText } from './opening.text'
import { talkSentences } from './talk.text'

const at = (iso: string) => formatInstant(new Date(iso))

const releasedText = ({ by, accepted, refused }: ReleasedLine) =>
  `${by} 释放密钥 ${accepted} 份${refused > 0 ? `，${refused} 份未通过核验` : ''}。`

/** What is said, and read aloud, of one bid. */
export const readText = ({ no, priceFen, priceWords, durationDays, flags }: ReadLine) =>
  `唱标：${no} 号，报价 ${formatYuan(BigInt(priceFen))}（${priceWords}），工期 ${durationDays} 日。${flags.map(flag => `${flagText[flag]}。`).join('')}`

const contentsText = ({ no, roles }: ContentsLine) => `${no} 号投标人的第一信封已开启：${roles.map(roleTextOf).join('、')}。`

const unpackedText = ({ no, files, problems }: UnpackedLine) =>
  `${no} 号投标的 ${files} 个文件已备好，供评标委员会查阅${problems.length > 0 ? `；${problems.length} 个文件无法打开，已记录` : ''}。`

const failedText = ({ no, state, failure, fault }: FailedLine) =>
  `${no} 号投标${bidStateText[state]}：${failureText[failure]}（${faultText[fault]}）。`

/** What the hall's event list says of each thing that happens. */
const sentences: { [K in HallKind]: (facts: HallFacts[K]) => string } = {
  ...actSentences,
  ...talkSentences,
  closed: f => `投标截止。数据库时钟于 ${at(f.closedAt)} 关闭本标段，不再接收投标文件。`,
  counted: f => `计入投标 ${f.counted} 个。`,
  aborted: f => f.sentence,
  bidders: f => `公布投标人名单，共 ${f.bids.length} 个。`,
  releasable: f => `可以释放密钥：${releaseBasisText[f.basis]}。截止 ${at(f.endsAt)}。`,
  released: f => f.releases.map(releasedText).join(''),
  unlocked: f => `${f.nos.join('、')} 号投标密钥相符，解密成功。`,
  read: f => f.bids.map(readText).join(''),
  contents: f => f.bids.map(contentsText).join(''),
  unpacked: f => f.bids.map(unpackedText).join(''),
  failed: f => f.bids.map(failedText).join(''),
  reading: () => '密钥释放结束。',
  objecting: f => `唱标结束。投标人如有异议，请在 ${at(f.endsAt)} 前当场提出。`,
  answered: f => `${f.no} 号投标人：${answerText[f.answer]}${f.text ? `。${f.text}` : ''}`,
  replied: f => `主持人答复 ${f.no} 号投标人：${f.text}`,
  confirming: f => `请投标人确认开标记录，截止 ${at(f.endsAt)}；逾期未表态的记为未表态。`,
  recording: () => '正在生成开标记录。',
  recorded: () => '开标记录已签章并公布，开标结束。',
}

export const sentenceOf = ({ kind, facts }: HallEvent): string => (sentences[kind] as (facts: never) => string)(facts as never)
