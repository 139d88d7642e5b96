import { createHash } from 'node:crypto'
import { type ContentFile, readMyBid, readPublicLot, submitBid } from '../client/bid'
import { ownUnwrap } from '../client/keys'
import { answerRecord, readOpening, signRecord } from '../client/opening'
import type { Party } from '../client/party'
import { priceFile } from '../client/price'
import { releaseWith } from '../client/release'
import { type Act, demoPrefix, type Memory, type Play } from './due'

interface Listed {
  lotId: string
  projectName: string
  lotState: string
  isDrill: boolean
  biddingEndsAt: string | null
}

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
/** Only what opens soon: a lot that a person has announced for next month is not the actors' business. */
const soonMs = 30 * 60_000
/** Nobody seals in the last seconds. */
const lastMs = 8_000

/** A number that is this bidder's and this lot's own, the same after every restart. */
const drawn = (login: string, lotId: string, below: number): number =>
  createHash('sha256').update(`${login} ${lotId}`).digest().readUInt32BE() % below

/** 86 to 98 percent of the ceiling, in whole hundreds of yuan. */
function priceOf(login: string, lotId: string, ceilingFen: bigint, version: number): bigint {
  const mille = BigInt(860 + drawn(login, lotId, 115) - version * 5)
  return ((ceilingFen * mille) / 1_000n / 10_000n) * 10_000n
}

async function filesOf(party: Party, lotId: string, version: number): Promise<ContentFile[]> {
  const { pdfOf, xlsxOf } = await import('../client/documents')
  const lot = await readPublicLot(party, lotId)
  const fen = priceOf(party.login, lotId, BigInt(lot.ceilingFen), version)
  const price = { lot: lotId, fen, durationDays: 90 + drawn(party.login, lotId, 30), quality: '合格', manager: party.name }
  const lines = [`投标项目：${lot.name}`, '施工组织设计、进度计划、质量与安全保证措施。']
  const rows = [
    ['序号', '项目', '金额（元）'],
    [1, '施工', Number(fen / 100n)],
  ]
  return [
    { role: 'price', name: '开标一览表.json', type: 'application/json', bytes: priceFile(price) },
    { role: 'technical', name: '技术标.pdf', type: 'application/pdf', bytes: await pdfOf({ title: '技术标', lines, pages: 12 }) },
    { role: 'business', name: '商务标报价清单.xlsx', type: xlsx, bytes: xlsxOf('报价清单', rows) },
  ]
}

/** Bidder 2 thinks again and replaces; bidder 7 leaves its place to visitors. */
const versionsOf = (login: string): number => (login === 'bidder7' ? 0 : login === 'bidder2' ? 2 : 1)

/** When in the bidding time this bidder hands in, so that receipts come one by one. */
function isTime(login: string, lotId: string, startedAt: number, endsAt: number, version: number): boolean {
  const share = (drawn(login, lotId, 50) + 10 + version * 25) / 100
  return Date.now() >= startedAt + (endsAt - startedAt) * Math.min(share, 0.85)
}

async function bidding(party: Party, { lotId, biddingEndsAt }: Listed): Promise<Act[]> {
  const endsAt = Date.parse(biddingEndsAt ?? '')
  const left = endsAt - Date.now()
  if (!(left < soonMs && left > lastMs)) return []
  const lot = await readPublicLot(party, lotId)
  const done = (await readMyBid(party, lotId)).versions
  const version = done.length
  if (version >= versionsOf(party.login) || !isTime(party.login, lotId, Date.parse(lot.biddingStartsAt), endsAt, version))
    return []
  const run = async () => submitBid(party, lotId, await filesOf(party, lotId, version), done.at(-1) ?? null)
  return [{ what: `${version === 0 ? '递交' : '替换'}投标文件 ${lot.name}`, run }]
}

async function opening(party: Party, { seen }: Memory, { lotId }: Listed): Promise<Act[]> {
  const { phase, lotName, hall } = await readOpening(party.api, lotId)
  const sitting = `${lotId} ${hall.envelope ?? ''}`
  const [released, answered, signed] = [`released ${sitting}`, `answered ${sitting}`, `signed ${sitting}`]
  if (['recorded', 'aborted'].includes(phase)) seen.set(`over ${lotId}`, true)
  if (phase === 'releasing' && !seen.has(released)) {
    const run = async () => {
      if (await releaseWith(party, lotId, await ownUnwrap(party.keys))) seen.set(released, true)
    }
    return [{ what: `释放密钥 ${lotName}`, run }]
  }
  if (phase === 'signing' && seen.has(answered) && !seen.has(signed)) {
    seen.set(signed, true)
    return [{ what: `签署开标记录 ${lotName}`, run: () => signRecord(party, lotId) }]
  }
  if ((phase !== 'objecting' && phase !== 'confirming') || seen.has(answered)) return []
  const run = async () => {
    await answerRecord(party, lotId, 'no-objection')
    seen.set(answered, true)
  }
  return [{ what: `确认开标记录 ${lotName}`, run }]
}

async function takesPart(party: Party, { seen }: Memory, lotId: string): Promise<boolean> {
  const known = `part ${lotId}`
  if (!seen.has(known)) seen.set(known, (await readMyBid(party, lotId)).versions.at(-1)?.isWithdrawal === false)
  return seen.get(known) === true
}

/** Bids on what opens soon, then gives out its key and says its word on the record. */
export const playBidder: Play = async (party, memory) => {
  const { items } = await party.api.get<{ items: Listed[] }>('/notices?stage=tender')
  const ours = items.filter(({ isDrill, projectName }) => isDrill && !projectName.startsWith(demoPrefix))
  const acts: Act[] = []
  for (const lot of ours) {
    if (lot.lotState === 'bidding') acts.push(...(await bidding(party, lot)))
    // Of two envelopes (双信封) the second is opened while the lot is in evaluation.
    if (!['opening', 'opened', 'evaluating'].includes(lot.lotState) || memory.seen.has(`over ${lot.lotId}`)) continue
    if (await takesPart(party, memory, lot.lotId)) acts.push(...(await opening(party, memory, lot)))
  }
  return acts
}
