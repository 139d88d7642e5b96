// npm run verify -- [--anchors anchors.json] [--crl FILE]… [--json] FILE… : checks receipts, draws, papers, log proofs and archives without any server.

import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { type Anchors, readAnchors } from '../anchors.ts'
import { type RevocationList, revocationListOf } from '../crl.ts'
import { verifyArchive } from './archive.ts'
import { verifyDraw } from './draw.ts'
import { broken, exitCodeOf, type Finding, holds, type Result, unproven, verdictText } from './finding.ts'
import { verifyCheckpoint, verifyInclusionFile, verifyTimelineFile } from './log.ts'
import { verifyPaper } from './paper.ts'
import { verifyParameterFile } from './parameter.ts'
import { verifyReceiptFile } from './receipt.ts'
import { verifyServed } from './served.ts'
import type { Belief } from './trust.ts'

const usage = `npm run verify -- [--anchors anchors.json] [--crl 吊销列表]… [--json] 文件…
  npm run verify -- --served 网址 [--build build/client/assets]`

type Kind =
  | 'receipt'
  | 'draw'
  | 'parameter'
  | 'timeline'
  | 'inclusion'
  | 'checkpoint'
  | 'paper'
  | 'archive'
  | 'served'
  | 'unknown'
const kindText: Record<Kind, string> = {
  receipt: '递交回执',
  draw: '抽取实录',
  parameter: '开标参数抽取',
  timeline: '标段日志',
  inclusion: '日志记录证明',
  checkpoint: '日志检查点',
  paper: '签章文书',
  archive: '归档包',
  served: '网页脚本',
  unknown: '无法识别的文件',
}

export interface Report {
  file: string
  kind: Kind
  exitCode: 0 | 1 | 3
  findings: Finding[]
}

const starts = (bytes: Uint8Array, text: string) => new TextDecoder('latin1').decode(bytes.subarray(0, text.length)) === text

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}

const typeOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && 't' in value && typeof value.t === 'string' ? value.t : ''

const hasProof = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && ['payload', 'salt', 'idx', 'proof', 'checkpoint'].every(name => name in value)

function drawFindings(value: unknown, { anchors }: Belief): Finding[] {
  const report = verifyDraw(value, anchors)
  return [
    ...report.proven.map(text => holds('draw', text)),
    ...report.unproven.map(text => unproven('draw', text)),
    ...report.broken.map(text => broken('draw', text)),
  ]
}

/** Recognises a file by what it holds, never by its name, and judges it. Never throws. */
export async function verifyFile(bytes: Uint8Array, belief: Belief, now: Date): Promise<Omit<Report, 'file'>> {
  const report = (kind: Kind, findings: Finding[]) => ({ kind, findings, exitCode: exitCodeOf(findings) })
  if (starts(bytes, '%PDF-')) return report('paper', verifyPaper(bytes, belief, now))
  if (starts(bytes, 'PK')) return report('archive', await verifyArchive(bytes, belief, now))
  const value = jsonOf(bytes)
  if (typeOf(value) === 'tbid/receipt@1') return report('receipt', verifyReceiptFile(value, belief))
  if (/^tbid\/draw\.(transcript|records)@1$/.test(typeOf(value))) return report('draw', drawFindings(value, belief))
  if (typeOf(value) === 'tbid/parameter.proof@1') return report('parameter', verifyParameterFile(value, belief))
  if (typeOf(value) === 'tbid/timeline@1') return report('timeline', verifyTimelineFile(value, belief))
  if (hasProof(value)) return report('inclusion', verifyInclusionFile(value, belief))
  const text = new TextDecoder().decode(bytes.subarray(0, 65_536))
  if (/\n\n— /.test(text)) return report('checkpoint', verifyCheckpoint(text, belief))
  return report('unknown', [broken('unknown', '无法识别：不是回执、抽取实录、日志证明、检查点、签章 PDF 或归档包')])
}

interface Options {
  anchors: string | null
  crls: string[]
  isJson: boolean
  files: string[]
  served: string | null
  build: string
}

function optionsOf(args: string[]): Options | null {
  const options: Options = { anchors: null, crls: [], isJson: false, files: [], served: null, build: 'build/client/assets' }
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--anchors' && args[i + 1]) options.anchors = args[++i]!
    else if (args[i] === '--crl' && args[i + 1]) options.crls.push(args[++i]!)
    else if (args[i] === '--served' && args[i + 1]) options.served = args[++i]!
    else if (args[i] === '--build' && args[i + 1]) options.build = args[++i]!
    else if (args[i] === '--json') options.isJson = true
    else if (args[i]!.startsWith('-')) return null
    else options.files.push(args[i]!)
  }
  return options.files.length > 0 || options.served ? options : null
}

function loadAnchors(path: string | null): Anchors | null {
  return path === null ? null : readAnchors(JSON.parse(readFileSync(path, 'utf8')))
}

/** A CRL from its CA, DER or PEM: by its own signature it counts or not. */
function loadList(path: string): RevocationList {
  const bytes = readFileSync(path)
  return revocationListOf(bytes[0] === 0x30 ? new Uint8Array(bytes) : bytes.toString('latin1'))
}

const mark: Record<Result, string> = { holds: '✓ 已证明', broken: '✗ 不成立', unproven: '? 未核验', noted: '· 说明' }

function print({ file, kind, exitCode, findings }: Report): void {
  console.log(`\n${file} · ${kindText[kind]}`)
  for (const result of ['broken', 'unproven', 'holds', 'noted'] as const)
    for (const finding of findings.filter(f => f.result === result))
      console.log(`  ${mark[result]} [${finding.code}] ${finding.text}`)
  console.log(`  ⇒ ${verdictText[exitCode]}（${exitCode}）`)
}

/** One broken file makes all broken; else one unproven makes all unproven. */
const overall = (reports: Report[]): number =>
  reports.some(r => r.exitCode === 1) ? 1 : reports.some(r => r.exitCode === 3) ? 3 : 0

async function main(args: string[]): Promise<number> {
  const options = optionsOf(args)
  if (!options) {
    console.error(usage)
    return 2
  }
  const reports: Report[] = []
  try {
    const belief: Belief = { anchors: loadAnchors(options.anchors), revocationLists: options.crls.map(loadList) }
    if (options.served) {
      const findings = await verifyServed(options.served, options.build)
      reports.push({ file: options.served, kind: 'served', findings, exitCode: exitCodeOf(findings) })
    }
    for (const file of options.files) {
      reports.push({ file, ...(await verifyFile(new Uint8Array(readFileSync(file)), belief, new Date())) })
    }
  } catch (error) {
    console.error(`无法读取：${error instanceof Error ? error.message : error}`)
    return 2
  }
  if (options.isJson) console.log(JSON.stringify({ exitCode: overall(reports), reports }))
  else for (const report of reports) print(report)
  return overall(reports)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = await main(process.argv.slice(2))
