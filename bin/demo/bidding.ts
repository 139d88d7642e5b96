// The bids: real files, sealed on the bidder's side. One replaces, one withdraws, one comes late, one tries what must be refused.
import {
  type Committed,
  type ContentFile,
  commitBid,
  readPolicy,
  readPublicLot,
  sealBid,
  submitBid,
  uploadBid,
  withdrawBid,
} from '../client/bid'
import { pdfOf, xlsxOf } from '../client/documents'
import type { Party } from '../client/party'
import { priceFile } from '../client/price'
import type { Cast } from './cast'
import type { DemoLot } from './prepare'
import { type BidderScene, bidderScenes } from './scene'
import { refused, type Story } from './story'

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Scanned pages of 10.5 MB each in the first bidder's technical bid: 63 MB. */
const scansOf = (login: string) => (login === 'b1' ? 6 : 0)

const listOf = (fen: bigint) => {
  const parts = ['拆除工程', '主体工程', '安装工程', '措施项目', '规费与税金']
  const yuan = Number(fen / 100n)
  const rows = parts.map((name, at) => [at + 1, name, '项', 1, Math.round((yuan * [8, 47, 25, 11, 9][at]!) / 100)])
  return xlsxOf('已标价工程量清单', [['序号', '项目名称', '单位', '数量', '合价（元）'], ...rows])
}

const written = new Map<string, Promise<ContentFile[]>>()

/** A bidder's files for a lot, written once. */
export function filesOf(scene: BidderScene, lot: DemoLot, version = 1): Promise<ContentFile[]> {
  const name = `${lot.id} ${scene.login} ${version}`
  const files = written.get(name) ?? writeFiles(scene, lot, version)
  written.set(name, files)
  return files
}

async function writeFiles(scene: BidderScene, lot: DemoLot, version: number): Promise<ContentFile[]> {
  const fen = ((BigInt(lot.scene.ceilingFen) * BigInt(scene.priceMille - version * 3)) / 1_000n / 100n) * 100n
  const price = { lot: lot.id, fen, durationDays: 120, quality: '合格', manager: scene.person, note: `第 ${version} 版` }
  const lines = [
    scene.organisation,
    '一、施工组织设计',
    '二、进度计划与保证措施',
    '三、质量与安全管理体系',
    '四、拟投入人员与设备',
  ]
  const scans = lot.scene.key === 'a' && version === 1 ? scansOf(scene.login) : 0
  const technical = await pdfOf({ title: `技术标：${lot.scene.name}`, lines, pages: 40, scans })
  const business = await pdfOf({
    title: `商务标：${lot.scene.name}`,
    lines: [scene.organisation, '投标函', '资格证明'],
    pages: 15,
  })
  return [
    { role: 'price', name: '开标一览表.json', type: 'application/json', bytes: priceFile(price) },
    { role: 'technical', name: '技术标（施工组织设计）.pdf', type: 'application/pdf', bytes: technical },
    { role: 'business', name: '商务标.pdf', type: 'application/pdf', bytes: business },
    { role: 'attachment1', name: '已标价工程量清单.xlsx', type: xlsx, bytes: listOf(fen) },
  ]
}

/** Everybody writes its bid before the notice: the bidding time is for sealing and handing in. */
export async function writeBids(story: Story, lots: DemoLot[]): Promise<void> {
  let bytes = 0
  for (const lot of lots) {
    for (const scene of bidderScenes) {
      const files = [...(await filesOf(scene, lot)), ...(scene.login === 'b2' ? await filesOf(scene, lot, 2) : [])]
      bytes += files.reduce((sum, file) => sum + file.bytes.length, 0)
    }
  }
  story.say(`  七家投标人的 PDF 与 XLSX 共 ${(bytes / 2 ** 20).toFixed(1)} MiB`)
}

export interface DemoBid {
  scene: BidderScene
  party: Party
  lot: DemoLot
  versions: Committed[]
}

const size = (files: ContentFile[]) => `${(files.reduce((sum, file) => sum + file.bytes.length, 0) / 2 ** 20).toFixed(1)} MiB`

async function hand(story: Story, scene: BidderScene, party: Party, lot: DemoLot): Promise<DemoBid> {
  const files = await filesOf(scene, lot)
  const first = await submitBid(party, lot.id, files)
  story.say(`  ${scene.organisation} 递交 ${lot.code}（${size(files)}），回执序号 ${first.receipt.index}，已自行核验`)
  const bid = { scene, party, lot, versions: [first] }
  if (lot.scene.key === 'a' && scene.login === 'b2') await replace(story, bid)
  if (lot.scene.key === 'a' && scene.login === 'b3') await withdraw(story, bid)
  return bid
}

async function replace(story: Story, bid: DemoBid): Promise<void> {
  const next = await submitBid(bid.party, bid.lot.id, await filesOf(bid.scene, bid.lot, 2), bid.versions.at(-1)!)
  bid.versions.push(next)
  story.say(`  ${bid.scene.organisation} 替换投标文件（第 ${next.seq} 版）`)
}

async function withdraw(story: Story, bid: DemoBid): Promise<void> {
  bid.versions.push(await withdrawBid(bid.party, bid.lot.id, bid.versions.at(-1)!))
  story.say(`  ${bid.scene.organisation} 在截止前撤回投标（《招标投标法》第二十九条）`)
}

/** A file sealed for the first lot handed in for the second, a replayed statement, a signature by somebody else. */
async function forbidden(story: Story, cast: Cast, [a, b]: [DemoLot, DemoLot], known: Committed): Promise<void> {
  const [scene, party] = [bidderScenes[6]!, cast.bidders[6]!]
  const [policyA, policyB] = [await readPolicy(party, a.id), await readPolicy(party, b.id)]
  const small = (await filesOf(scene, a)).filter(file => file.role === 'price')
  const sealed = await sealBid(party, await readPublicLot(party, a.id), policyA, small)
  const uploads = await uploadBid(party, sealed)
  await refused(story, scene.organisation, '用为一标段密封的文件投二标段', () =>
    commitBid(party, policyB, { files: sealed.files, uploads }, null),
  )
  const foreign = { ...party, keys: cast.bidders[5]!.keys }
  await refused(story, scene.organisation, '用别家证书签名', () =>
    commitBid(foreign, policyA, { files: sealed.files, uploads }, null),
  )
  const again = { seq: 0, statementHash: known.statementHash }
  await refused(story, scene.organisation, '冒用别家声明续投', () =>
    commitBid(party, policyA, { files: sealed.files, uploads }, { ...again, seq: 1 }),
  )
}

/** Everybody bids at once; the seventh prepares a bid that will come too late. */
export async function takeBids(story: Story, cast: Cast, lots: DemoLot[]): Promise<DemoBid[]> {
  const [a, b] = [lots[0]!, lots[1]!]
  const onTime = bidderScenes.slice(0, 6).map((scene, at) => ({ scene, party: cast.bidders[at]! }))
  const bids: DemoBid[] = []
  // The big one first: what takes longest must not come last.
  await Promise.all(
    onTime.map(async ({ scene, party }) => {
      bids.push(await hand(story, scene, party, a))
      if (scene.login !== 'b3') bids.push(await hand(story, scene, party, b))
    }),
  )
  await forbidden(story, cast, [a, b], bids[0]!.versions[0]!)
  return bids
}

/** Sealed and uploaded in time, committed after the deadline: refused and recorded (条例 36). */
export async function bringLate(story: Story, cast: Cast, lot: DemoLot): Promise<() => Promise<void>> {
  const [scene, party] = [bidderScenes[6]!, cast.bidders[6]!]
  const policy = await readPolicy(party, lot.id)
  const sealed = await sealBid(party, await readPublicLot(party, lot.id), policy, await filesOf(scene, lot))
  const uploads = await uploadBid(party, sealed)
  return async () =>
    void (await refused(story, scene.organisation, '截止后递交', () =>
      commitBid(party, policy, { files: sealed.files, uploads }, null),
    ))
}
