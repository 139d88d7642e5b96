// Bids of an archive: the close, each statement, each sealed file, and the reopening of every bid with the keys that were released.
import { equal, hex, unbase64, utf8 } from '../bytes.ts'
import { type Head, parseHead } from '../header.ts'
import { canonical } from '../jcs.ts'
import { sliceTree } from '../merkle.ts'
import {
  type LotCloseMessage,
  messageHash,
  type PolicyMessage,
  type ReleaseMessage,
  readMessage,
  type SubmitMessage,
} from '../messages.ts'
import { openFile } from '../open.ts'
import { base64Text, type Checked, expectShape, hex32, integer, list, name128, nullable, record, text } from '../schema.ts'
import { twinOf } from '../seal.ts'
import { combineStage } from '../stage.ts'
import { nodeSuites } from '../suite-node.ts'
import type { Archive } from './archive.ts'
import { jsonOf, pathsIn, textOf } from './bag.ts'
import { broken, type Finding, holds, noted } from './finding.ts'
import { signatureFindings } from './trust.ts'

const path512 = text(/^[\s\S]{1,512}$/)
const archivedFile = record({
  fileId: hex32,
  role: name128,
  sealed: path512,
  opened: nullable(path512),
  /** Of a file that was read from its twin (补录): the salt of its commitment. */
  twinSalt: nullable(base64Text(32, 32)),
})

const isBid = record({
  org: name128,
  name: path512,
  seq: integer(1),
  state: name128,
  idx: integer(0),
  reason: nullable(text(/^[\s\S]{0,512}$/)),
  files: list(archivedFile, 0, 64),
})

interface ArchivedBid {
  folder: string
  org: string
  name: string
  seq: number
  state: string
  idx: number
  reason: string | null
  files: Checked<typeof archivedFile>[]
  statement: string
  message: SubmitMessage
}

const say = (bid: ArchivedBid, sentence: string) => `${bid.name} 第 ${bid.seq} 次递交：${sentence}`

function readBids({ bag }: Archive): ArchivedBid[] {
  return pathsIn(bag, 'data/bids/')
    .filter(path => path.endsWith('/bid.json'))
    .map(path => {
      const folder = path.slice(0, -'bid.json'.length)
      const statement = textOf(bag, `${folder}statement.json`)
      return {
        ...expectShape(isBid, jsonOf(bag, path), path),
        folder,
        statement,
        message: readMessage('tbid/submit@1', statement),
      }
    })
}

function closeOf({ entries, lot, round }: Archive): LotCloseMessage | null {
  const found = [...entries.values()].find(
    ({ payload }) => payload.t === 'tbid/lot.close@1' && payload.lot === lot && payload.round === round,
  )
  return found ? readMessage('tbid/lot.close@1', canonical(found.payload)) : null
}

/** The close lists exactly the statements that stand here, each as the leaf it is. */
function closeFindings({ entries }: Archive, close: LotCloseMessage, bids: ArchivedBid[]): Finding[] {
  const wrong: Finding[] = []
  for (const leaf of close.leaves.filter(({ state }) => state !== 'confirmation')) {
    const bid = bids.find(({ idx }) => idx === leaf.idx)
    const entry = entries.get(leaf.idx)
    if (!bid || !entry) wrong.push(broken('close', `截止记录中的日志第 ${leaf.idx} 条没有归档`))
    else if (hex(entry.leaf) !== leaf.leaf || entry.payload.statement !== bid.statement)
      wrong.push(broken('close', say(bid, '与截止记录不符')))
  }
  for (const bid of bids.filter(({ idx }) => !close.leaves.some(leaf => leaf.idx === idx)))
    wrong.push(broken('close', say(bid, '不在截止记录中')))
  if (wrong.length > 0) return wrong
  const { closedAt, counted, checkpoint } = close
  return [holds('close', `投标于 ${closedAt} 截止，计入 ${counted} 份；全部递交都在截止检查点（${checkpoint.size} 条）之前`)]
}

/** Parts by statement and name, each only from whom the policy allows to give it. */
interface Parts {
  b: Map<string, Uint8Array>
  shares: Map<string, (Uint8Array | null)[]>
}

function takeParts(parts: Parts, release: ReleaseMessage, policy: PolicyMessage, bids: ArchivedBid[]): void {
  const custodians = policy.stages.find(({ stage }) => stage === release.stage)?.custodians ?? []
  for (const { statement, part, value } of release.releases) {
    const bid = bids.find(one => messageHash(one.statement) === statement)
    const key = `${statement} ${release.stage}`
    if (part === 'b' && bid?.message.org === release.org) parts.b.set(key, unbase64(value))
    const at = Number(part.slice(1))
    if (part === 'b' || custodians[at]?.org !== release.org) continue
    const shares = parts.shares.get(key) ?? custodians.map(() => null)
    shares[at] = unbase64(value)
    parts.shares.set(key, shares)
  }
}

function releaseFindings(archive: Archive, policy: PolicyMessage, bids: ArchivedBid[]): { findings: Finding[]; parts: Parts } {
  const parts: Parts = { b: new Map(), shares: new Map() }
  const entries = [...archive.entries.values()]
  const findings = pathsIn(archive.bag, 'data/releases/')
    .filter(path => path.endsWith('.json'))
    .flatMap(path => {
      const release = readMessage('tbid/release@1', textOf(archive.bag, path))
      const hash = messageHash(textOf(archive.bag, path))
      const entry = entries.find(({ payload }) => canonical(payload).includes(`"message":"${hash}"`))
      if (!entry) return [broken('release', `密钥释放消息没有写入日志：${path}`)]
      takeParts(parts, release, policy, bids)
      const at = new Date(String(entry.payload.at))
      const cms = archive.bag.get(path.replace(/json$/, 'p7s')) ?? new Uint8Array()
      return signatureFindings('release', '密钥释放消息', cms, utf8(textOf(archive.bag, path)), at, archive.belief)
    })
  return { findings, parts }
}

async function rootOf(head: Head, sealed: Uint8Array): Promise<string> {
  const tree = sliceTree(head.suite.hash, head.suite.digest)
  await tree.push(sealed)
  return hex(await tree.root())
}

/** The sealed file is the one the statement names. */
async function sealedFinding({ bag }: Archive, bid: ArchivedBid, file: ArchivedBid['files'][number]): Promise<Head | Finding> {
  const named = bid.message.files.find(({ fileId }) => fileId === file.fileId)
  const sealed = bag.get(bid.folder + file.sealed)
  if (!named || !sealed) return broken('sealed', say(bid, `缺少密封文件 ${file.role}`))
  const head = parseHead(nodeSuites, sealed)
  const isFit = sealed.length === named.size && head.hash === named.head && (await rootOf(head, sealed)) === named.root
  return isFit ? head : broken('sealed', say(bid, `密封文件 ${file.role} 与递交声明不符`))
}

/** Opens a sealed file again and compares it with what was archived as its content. */
async function reopen(
  { bag }: Archive,
  bid: ArchivedBid,
  file: ArchivedBid['files'][number],
  stageKey: Uint8Array,
): Promise<boolean> {
  const sealed = bag.get(bid.folder + file.sealed)!
  const expected = bag.get(bid.folder + file.opened!)
  if (!expected) return false
  const opener = openFile(nodeSuites, stageKey)
  let at = 0
  const fits = (pieces: Uint8Array[]) =>
    pieces.every(piece => {
      at += piece.length
      return equal(piece, expected.subarray(at - piece.length, at))
    })
  for (let from = 0; from < sealed.length; from += 1_048_576)
    if (!fits(await opener.push(sealed.subarray(from, from + 1_048_576)))) return false
  const { rest, opened } = await opener.finish()
  const named = bid.message.files.find(({ fileId }) => fileId === file.fileId)
  return fits(rest) && at === expected.length && opened.twin === named?.twin
}

/** What was read from a twin is the content whose hash stood in the statement before the deadline. */
async function twinFinding({ bag }: Archive, bid: ArchivedBid, file: ArchivedBid['files'][number]): Promise<Finding> {
  const named = bid.message.files.find(({ fileId }) => fileId === file.fileId)
  const content = file.opened ? bag.get(bid.folder + file.opened) : undefined
  const salt = unbase64(file.twinSalt!)
  for (const suite of content && named ? [nodeSuites.intl, nodeSuites.gm] : []) {
    const tree = sliceTree(suite.hash, suite.digest)
    await tree.push(content!)
    if (twinOf(suite, salt, await tree.root()) === named!.twin)
      return holds('twin', say(bid, `${file.role} 由补录的副本读出，与截标前承诺的摘要一致`))
  }
  return broken('twin', say(bid, `补录的 ${file.role} 与递交声明中的承诺不符`))
}

/** The platform lost or changed the ciphertext, and the bid was judged by that. */
const isLost = ({ state, reason }: ArchivedBid) => state === 'withdrawn' && reason === 'storage-damaged'

async function openingFindings(archive: Archive, bid: ArchivedBid, parts: Parts): Promise<Finding[]> {
  const twins: Finding[] = []
  for (const file of bid.files.filter(one => one.twinSalt !== null)) twins.push(await twinFinding(archive, bid, file))
  const sealed = bid.files.filter(one => one.twinSalt === null)
  if (sealed.length === 0 && twins.length > 0) return twins
  if (isLost(bid)) return [...twins, noted('sealed', say(bid, '平台遗失或损坏了密文，已按平台原因处理'))]
  return [...twins, ...(await reopenFindings(archive, { ...bid, files: sealed }, parts))]
}

async function reopenFindings(archive: Archive, bid: ArchivedBid, parts: Parts): Promise<Finding[]> {
  const heads: Head[] = []
  for (const file of bid.files) {
    const found = await sealedFinding(archive, bid, file)
    if ('code' in found) return [found]
    heads.push(found)
  }
  const found: Finding[] = []
  for (const stage of new Set(heads.map(({ header }) => header.bind.stage))) {
    const key = `${messageHash(bid.statement)} ${stage}`
    const own = heads.filter(({ header }) => header.bind.stage === stage)
    const verdict = combineStage({ heads: own, shares: parts.shares.get(key) ?? [], partB: parts.b.get(key) ?? null })
    if (verdict.state !== 'opened') {
      found.push(
        bid.state === 'decrypted'
          ? broken('reopen', say(bid, '所附密钥不能打开密封文件'))
          : noted('reopen', say(bid, '密钥未齐，密封文件未开启')),
      )
      continue
    }
    for (const file of bid.files.filter(f => f.opened && own.some(({ header }) => header.bind.fileId === f.fileId)))
      if (!(await reopen(archive, bid, file, verdict.stageKey).catch(() => false)))
        found.push(broken('reopen', say(bid, `${file.role} 的明文与密封文件不符`)))
  }
  return found.length > 0 ? found : [holds('reopen', say(bid, `用释放的密钥重新开启 ${bid.files.length} 个密封文件，明文一致`))]
}

/** Judges the close, the statements, the releases and every counted bid. */
export async function bidFindings(archive: Archive): Promise<Finding[]> {
  const bids = readBids(archive)
  const close = closeOf(archive)
  if (!close)
    return bids.length > 0 ? [broken('close', '有投标却没有截止记录')] : [noted('close', '没有截止记录：未到截止时间即告终止')]
  const signed = bids.flatMap(bid => {
    const at = new Date(String(archive.entries.get(bid.idx)?.payload.at))
    const cms = archive.bag.get(`${bid.folder}statement.p7s`) ?? new Uint8Array()
    return signatureFindings('statement', say(bid, '递交声明'), cms, utf8(bid.statement), at, archive.belief)
  })
  const found = [...closeFindings(archive, close, bids), ...signed]
  const policyText = archive.bag.has('data/policy/policy.json') ? textOf(archive.bag, 'data/policy/policy.json') : null
  if (!policyText) return [...found, broken('policy', '没有密封策略')]
  const { findings, parts } = releaseFindings(archive, readMessage('tbid/policy@1', policyText), bids)
  const counted = bids.filter(
    ({ state, files }) => ['decrypted', 'revoked', 'withdrawn', 'locked'].includes(state) && files.length > 0,
  )
  const wrongPolicy = bids.filter(({ message }) => message.policy !== messageHash(policyText))
  const policies = wrongPolicy.map(bid => broken('policy', say(bid, '依据的不是所附的密封策略')))
  const reopened: Finding[] = []
  for (const bid of counted) reopened.push(...(await openingFindings(archive, bid, parts)))
  return [...found, ...policies, ...findings, ...reopened]
}
