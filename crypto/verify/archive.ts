// The outsider's check of an archive (tbid/archive@1): the package, its log entries, bids, releases, draws, evaluation and papers, each
// against the other, without any server. What stands where: crypto/README.md.
import { unhex } from '../bytes.ts'
import { parseRevocationList } from '../crl.ts'
import type { Json } from '../jcs.ts'
import { verifyInclusion } from '../merkle.ts'
import { messageHash } from '../messages.ts'
import { readCheckpoint } from '../note.ts'
import { type Check, expectShape, hex64, integer, list, name128, oneOf, record, text } from '../schema.ts'
import { ledgerLeaf } from '../tlog.ts'
import { bidFindings } from './archive-bids.ts'
import { type Bag, bagFindings, jsonOf, openBag, pathsIn, sha256Hex, textOf } from './bag.ts'
import { verifyDraw } from './draw.ts'
import { broken, type Finding, holds, judge, noted, unproven } from './finding.ts'
import { verifyPaper } from './paper.ts'
import { verifyReceiptFile } from './receipt.ts'
import { type Belief, checkpointFindings, signatureFindings } from './trust.ts'

const object: Check<Record<string, Json>> = (value): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isHead = record({
  t: oneOf('tbid/archive@1'),
  platform: name128,
  project: name128,
  lot: name128,
  code: name128,
  name: text(/^[\s\S]{1,512}$/),
  round: integer(1),
  state: name128,
  madeAt: name128,
})
const isEntries = list(record({ idx: integer(0), salt: hex64, payload: object, proof: list(hex64, 0, 64) }), 0, 1_000_000)

export interface ArchivedEntry {
  payload: Record<string, Json>
  leaf: Uint8Array
}

/** What every part of the check needs. */
export interface Archive {
  bag: Bag
  belief: Belief
  lot: string
  platform: string
  round: number
  /** Log entries that were proved, by index. */
  entries: Map<number, ArchivedEntry>
  now: Date
}

function logFindings(archive: Archive): Finding[] {
  const note = textOf(archive.bag, 'data/log/checkpoint.txt')
  const { size, root } = readCheckpoint(note)
  const given = expectShape(isEntries, jsonOf(archive.bag, 'data/log/entries.json'), 'entries')
  const failed: Finding[] = []
  for (const { idx, salt, payload, proof } of given) {
    const leaf = ledgerLeaf(unhex(salt), payload)
    if (verifyInclusion({ index: idx, size, leaf, proof: proof.map(unhex), root: unhex(root) }))
      archive.entries.set(idx, { payload, leaf })
    else failed.push(broken('log-proof', `日志第 ${idx} 条的证明不成立`))
  }
  const good = failed.length === 0 && given.length > 0
  return [
    ...(good ? [holds('log-proof', `${given.length} 条日志记录全部通向同一个检查点（${size} 条）`)] : failed),
    ...checkpointFindings(note, archive.belief, true),
  ]
}

/** Signed messages beside each other: `x.json` with `x.p7s`. */
function signedFindings(archive: Archive, folder: string, code: string, what: string): Finding[] {
  const texts = pathsIn(archive.bag, folder).filter(
    path => path.endsWith('.json') && archive.bag.has(path.replace(/\.json$/, '.p7s')),
  )
  return texts.flatMap(path => {
    const cms = archive.bag.get(path.replace(/\.json$/, '.p7s'))!
    const meta = archive.bag.get(path.replace(/\.json$/, '.at'))
    const at = meta ? new Date(new TextDecoder().decode(meta).trim()) : archive.now
    return signatureFindings(code, what, cms, archive.bag.get(path)!, at, archive.belief)
  })
}

function policyFindings({ bag, belief, now }: Archive): Finding[] {
  const policy = bag.get('data/policy/policy.json')
  if (!policy) return [noted('policy', '没有密封策略：项目在此之前已终止')]
  return pathsIn(bag, 'data/policy/')
    .filter(path => path.endsWith('.p7s'))
    .flatMap(path => signatureFindings('policy', '密封策略', bag.get(path)!, policy, now, belief))
}

function drawFindings({ bag, belief }: Archive): Finding[] {
  return pathsIn(bag, 'data/draws/').flatMap(path => {
    const report = verifyDraw(jsonOf(bag, path), belief.anchors)
    return [
      ...report.proven.map(sentence => holds('draw', sentence)),
      ...report.unproven.map(sentence => unproven('draw', sentence)),
      ...report.broken.map(sentence => broken('draw', sentence)),
    ]
  })
}

function evaluationFindings(archive: Archive): Finding[] {
  const { bag } = archive
  if (!bag.has('data/evaluation/report.json')) return [noted('evaluation', '没有评标报告：未进入评标或评标未完成')]
  const hash = messageHash(textOf(bag, 'data/evaluation/report.json'))
  const signed = pathsIn(bag, 'data/evaluation/signatures/').filter(path => path.endsWith('.json'))
  const isOfReport = (path: string) => {
    const statement = jsonOf(bag, path)
    return object(statement) && statement.reportHash === hash && statement.lot === archive.lot
  }
  return [
    judge(
      'evaluation',
      `评标委员会 ${signed.length} 人签署的是同一份评标报告`,
      '有成员签署的不是所附的评标报告',
      () => signed.length > 0 && signed.every(isOfReport),
    ),
    ...signedFindings(archive, 'data/evaluation/signatures/', 'evaluation-signature', '评标报告签署'),
    noted('evaluation-score', '评分计算未在此重算：可按报告所载各项得分与公式自行复核'),
  ]
}

function paperFindings({ bag, belief, entries, now }: Archive): Finding[] {
  const papers = pathsIn(bag, 'data/papers/').filter(path => path.endsWith('.pdf'))
  const logged = new Set([...entries.values()].map(({ payload }) => (object(payload.facts) ? payload.facts.sha256 : undefined)))
  return papers.flatMap(path => {
    const name = path.slice('data/papers/'.length)
    const found = verifyPaper(bag.get(path)!, belief, now).map(finding => ({ ...finding, text: `${name}：${finding.text}` }))
    const hash = sha256Hex(bag.get(path)!)
    return [
      ...found,
      logged.has(hash) ? holds('paper-logged', `${name}：哈希已写入日志`) : broken('paper-logged', `${name}：日志中没有这份文书`),
    ]
  })
}

function receiptFindings({ bag, belief }: Archive): Finding[] {
  const receipts = pathsIn(bag, 'data/bids/').filter(path => path.endsWith('/receipt.json'))
  const found = receipts.flatMap(path => verifyReceiptFile(jsonOf(bag, path), belief))
  const bad = found.filter(({ result }) => result === 'broken')
  if (bad.length > 0 || receipts.length === 0) return bad
  return [holds('receipts', `${receipts.length} 份递交回执成立`), ...found.filter(({ result }) => result === 'unproven')]
}

/** Anything unreadable in a part breaks that part, not the program. */
async function part(code: string, what: string, run: () => Finding[] | Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await run()
  } catch (error) {
    return [broken(code, `${what}无法核验：${error instanceof Error ? error.message : ''}`)]
  }
}

/** The same sentence of the same kind is said once. */
function once(findings: Finding[]): Finding[] {
  const seen = new Set<string>()
  return findings.filter(({ code, result, text: sentence }) => {
    const key = `${code} ${result} ${sentence}`
    return !seen.has(key) && seen.add(key)
  })
}

function revocationLists(bag: Bag) {
  return pathsIn(bag, 'data/keys/').flatMap(path => (path.endsWith('.crl') ? [parseRevocationList(bag.get(path)!)] : []))
}

/** Judges an archive. Never throws. */
export async function verifyArchive(zip: Uint8Array, given: Belief, now: Date): Promise<Finding[]> {
  let archive: Archive
  try {
    const bag = openBag(zip)
    const head = expectShape(isHead, jsonOf(bag, 'data/archive.json'), 'archive.json')
    const belief = { ...given, revocationLists: [...given.revocationLists, ...revocationLists(bag)] }
    const at = new Date(head.madeAt)
    archive = {
      bag,
      belief,
      lot: head.lot,
      platform: head.platform,
      round: head.round,
      entries: new Map(),
      now: Number.isNaN(at.getTime()) ? now : at,
    }
  } catch (error) {
    return [broken('malformed', `文件格式不符：${error instanceof Error ? error.message : ''}`)]
  }
  const found = [
    await part('bag', '归档包', () => bagFindings(archive.bag, archive.belief, archive.now)),
    await part('log', '日志', () => logFindings(archive)),
    await part('policy', '密封策略', () => policyFindings(archive)),
    await part('bids', '投标与开标', () => bidFindings(archive)),
    await part('receipts', '回执', () => receiptFindings(archive)),
    await part('confirmations', '开标确认', () =>
      signedFindings(archive, 'data/opening/confirmations/', 'confirmation', '开标记录确认'),
    ),
    await part('draws', '抽取', () => drawFindings(archive)),
    await part('evaluation', '评标', () => evaluationFindings(archive)),
    await part('papers', '文书', () => paperFindings(archive)),
  ]
  return once(found.flat())
}
