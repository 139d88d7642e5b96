// The opening: the clock closes, keys are given out by those who hold them, the record is confirmed.
import { until } from '../client/api'
import { listCustody, releaseCustody } from '../client/custodian'
import { readEvaluation } from '../client/evaluation'
import { ownUnwrap } from '../client/keys'
import {
  allowEnvelope,
  answerRecord,
  callEnvelope,
  type HallBid,
  type Opening,
  readOpening,
  replyObjection,
  signRecord,
  waitForPhase,
} from '../client/opening'
import type { Party } from '../client/party'
import { releaseWith } from '../client/release'
import type { DemoBid } from './bidding'
import type { Cast } from './cast'
import type { DemoLot } from './prepare'
import type { Story } from './story'

const silentLogin = 'b4'
/** Seconds after which something is wrong, however busy the machine. */
const slowest = 180
const sittingText = ['', '第一信封', '第二信封']
const isWithdrawn = ({ versions }: DemoBid) => JSON.parse(versions.at(-1)!.statement).files.length === 0

async function releaseAll(story: Story, cast: Cast, lot: DemoLot, bids: DemoBid[]): Promise<void> {
  const counted = bids.filter(bid => bid.lot === lot && !isWithdrawn(bid))
  const custodian = async (party: Party) => {
    const item = await until({ what: 'custody to be due', seconds: slowest }, async () =>
      (await listCustody(party)).find(one => one.lotId === lot.id && one.due === 'release'),
    )
    const answer = await until({ what: 'shares to be taken', seconds: slowest }, () => releaseCustody(party, item))
    story.say(`  ${party.name} 释放 ${lot.code} 的份额 ${answer.accepted.length} 份`)
  }
  const bidder = async ({ party, scene }: DemoBid) => {
    if (scene.login === silentLogin) return story.say(`  ${scene.organisation} 未释放密钥`)
    const answer = await until({ what: 'a key to be taken', seconds: slowest }, async () =>
      releaseWith(party, lot.id, await ownUnwrap(party.keys)),
    )
    story.say(`  ${scene.organisation} 释放密钥 ${answer.accepted.length} 份`)
  }
  const needsBidders = lot.scene.releaseMode === 'both'
  await Promise.all([...cast.custodians.map(custodian), ...(needsBidders ? counted.map(bidder) : [])])
}

const yuan = (fen: string) => `${(Number(fen) / 100).toLocaleString('zh-CN', { minimumFractionDigits: 2 })} 元`

/** What is read out of a bid: its price, of a first envelope what it holds. */
function wordsOf({ read, contents, state, failure }: HallBid): string {
  if (read) return yuan(read.priceFen)
  if (state === 'unopened') return '未通过第一信封评审，第二信封不开启'
  return state === 'decrypted' && contents ? `第一信封 ${contents.length} 份文件` : `${state}（${failure?.failure ?? ''}）`
}

const tell = (story: Story, { hall }: Opening): void => {
  for (const bid of hall.bids) story.say(`  唱标 ${bid.no}. ${bid.organisation}：${wordsOf(bid)}`)
}

/** The bids that were opened, whose bidders have a word on the record. */
function presentOf(lot: DemoLot, bids: DemoBid[], { hall }: Opening): DemoBid[] {
  const opened = new Set(hall.bids.filter(bid => bid.state === 'decrypted').map(bid => bid.statement))
  return bids.filter(bid => bid.lot === lot && opened.has(bid.versions.at(-1)!.statementHash))
}

/** One bidder objects and is answered; the others sign that they have no objection. */
async function confirmAll(story: Story, cast: Cast, lot: DemoLot, present: DemoBid[]): Promise<void> {
  for (const { party, scene } of present) {
    if (scene.login !== 'b6' || lot.scene.key !== 'a') continue
    await answerRecord(party, lot.id, 'objection', '请说明四号投标人未解密的处理依据。')
    await replyObjection(
      cast.agency,
      lot.id,
      party.organisationId,
      '依据《电子招标投标办法》第三十一条，因投标人原因未解密的视为撤销投标文件。',
    )
    story.say(`  ${scene.organisation} 当场提出异议，代理机构当场答复（条例第四十四条）`)
  }
  const rest = present.filter(({ scene }) => !(scene.login === 'b6' && lot.scene.key === 'a'))
  await Promise.all(rest.map(({ party }) => answerRecord(party, lot.id, 'no-objection')))
  story.say(`  ${lot.code} 开标记录已由 ${present.length} 家确认`)
}

/** Host, every bidder who gave its word, and the supervisor sign the record, all at once: they queue. */
async function signAll(story: Story, cast: Cast, lot: DemoLot, present: DemoBid[]): Promise<void> {
  const signers = [cast.agency, ...present.map(({ party }) => party), cast.supervisor]
  await Promise.all(signers.map(party => signRecord(party, lot.id)))
  story.say(`  ${lot.code} 开标记录已由主持人、${present.length} 家投标人和监督人签名`)
}

/** From the keys to the published record of one sitting; of two envelopes (双信封) each has its own. */
async function sit(story: Story, cast: Cast, lot: DemoLot, bids: DemoBid[]): Promise<void> {
  const { api } = cast.agency
  await releaseAll(story, cast, lot, bids)
  const read = await waitForPhase(api, lot.id, ['objecting', 'confirming'], slowest)
  tell(story, read)
  const present = presentOf(lot, bids, read)
  await confirmAll(story, cast, lot, present)
  await waitForPhase(api, lot.id, ['signing'], slowest)
  await signAll(story, cast, lot, present)
  const { recordHash } = await waitForPhase(api, lot.id, ['recorded', 'intermission'], slowest)
  story.say(`  ${lot.code} ${sittingText[read.hall.envelope ?? 0]}开标记录已公布，摘要 ${recordHash}`)
}

/** From the close to the published record, of two envelopes that of the first. */
export async function openLot(story: Story, cast: Cast, lot: DemoLot, bids: DemoBid[]): Promise<void> {
  await waitForPhase(cast.agency.api, lot.id, ['releasing', 'reading', 'objecting'], slowest)
  const { counted } = await readOpening(cast.agency.api, lot.id)
  story.say(`  ${lot.code} 已由时钟截标，计入 ${counted} 家`)
  await sit(story, cast, lot, bids)
}

/** The second envelope, once every member of the committee has handed in its sheet on the first. */
export async function openSecond(story: Story, cast: Cast, lot: DemoLot, bids: DemoBid[]): Promise<void> {
  await until({ what: 'the review of the first envelope', seconds: slowest, everyMs: 300 }, async () => {
    const { members } = await readEvaluation({ api: cast.agency.api, lotId: lot.id })
    return members.length > 0 && members.every(member => member.lockedAt !== null)
  })
  await callEnvelope(cast.agency, lot.id)
  await allowEnvelope(cast.supervisor, lot.id)
  story.say(`  ${lot.code} 第一信封评审完毕，代理机构提请、监督人同意开启第二信封`)
  await waitForPhase(cast.agency.api, lot.id, ['releasing'], slowest)
  await sit(story, cast, lot, bids)
}
