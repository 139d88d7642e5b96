// npm run unseal -- … : opens the sealed files of one stage of a bid from its released parts, or with the bidder's own keys. No server.
import {
  closeSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { hex, unbase64 } from '../bytes.ts'
import { type Head, headLength, parseHead, wrapBindOf } from '../header.ts'
import { openFile } from '../open.ts'
import { type KeyEntry, readP12 } from '../p12.ts'
import { keysOf, unwrapOf } from '../signature-web.ts'
import { combineStage, type StageVerdict, stageProblem } from '../stage.ts'
import { nodeSuites } from '../suite-node.ts'
import { bindingHash, unwrapSecret } from '../wrap.ts'
import { readArguments } from './arguments.ts'

const usage =
  'npm run unseal -- [--keys 证书.p12 --password-file 密码.txt] [--part b=BASE64 --part c0=BASE64 …] --out 输出文件夹 文件.tbid…'

/** The head of a sealed file on disk. Throws when it is none. */
export function readHeadOf(path: string): Head {
  const file = openSync(path, 'r')
  try {
    const first = new Uint8Array(12)
    readSync(file, first, 0, 12, 0)
    const bytes = new Uint8Array(headLength(first))
    readSync(file, bytes, 0, bytes.length, 0)
    return parseHead(nodeSuites, bytes)
  } finally {
    closeSync(file)
  }
}

export interface Parts {
  b: Uint8Array | null
  shares: (Uint8Array | null)[]
}

/** The bidder's part out of its own wrap, or null when these keys are not among its locks. */
export async function ownPart({ header, suite }: Head, keys: KeyEntry[]): Promise<Uint8Array | null> {
  const binding = bindingHash(suite, wrapBindOf(header.bind), 'b')
  const { encrypt } = keysOf(keys)
  const wrap = encrypt && header.parts.b?.to.find(one => one.kid === encrypt.certificate.fingerprint)
  return wrap ? unwrapSecret(await unwrapOf(encrypt), wrap, binding) : null
}

/** Opens one file beside its place and moves it there only when its whole has been accepted. Gives its path. */
async function openOne(path: string, head: Head, stageKey: Uint8Array, out: string): Promise<string> {
  const draft = join(out, `${head.header.bind.fileId}.part`)
  const target = createWriteStream(draft)
  const opener = openFile(nodeSuites, stageKey)
  const write = async (pieces: Uint8Array[]) => {
    for (const piece of pieces)
      if (!target.write(piece)) await new Promise<void>(resolve => target.once('drain', () => resolve()))
  }
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1_048_576 })) await write(await opener.push(piece))
    const { rest, opened } = await opener.finish()
    await write(rest)
    await new Promise<void>((resolve, reject) => target.on('error', reject).end(resolve))
    const final = join(out, `${head.header.bind.role.replace(/[^A-Za-z0-9._-]/g, '_')}-${opened.meta.name}`)
    renameSync(draft, final)
    return final
  } catch (error) {
    target.destroy()
    rmSync(draft, { force: true })
    throw error
  }
}

export interface Unsealed {
  verdict: StageVerdict
  /** Paths of the opened files; empty unless the verdict is 'opened'. */
  files: string[]
}

/** Puts the stage's key together (crypto.md §10.7) and opens all its files into `out`. Throws when the files are not one stage. */
export async function unsealStage(paths: string[], parts: Parts, out: string): Promise<Unsealed> {
  const heads = paths.map(readHeadOf)
  const problem = stageProblem(heads)
  if (problem) throw new Error(`这些文件不是同一次密封的同一阶段（${problem}）`)
  const verdict = combineStage({ heads, shares: parts.shares, partB: parts.b })
  if (verdict.state !== 'opened') return { verdict, files: [] }
  mkdirSync(out, { recursive: true })
  const files: string[] = []
  for (const [i, path] of paths.entries()) files.push(await openOne(path, heads[i]!, verdict.stageKey, out))
  return { verdict, files }
}

function partsOf(given: string[]): Parts {
  const parts: Parts = { b: null, shares: [] }
  for (const text of given) {
    const [, name = '', index, value = ''] = /^(b|c([0-8]))=(.+)$/.exec(text) ?? []
    if (!name) throw new Error(usage)
    if (name === 'b') parts.b = unbase64(value)
    else parts.shares[Number(index)] = unbase64(value)
  }
  return parts
}

function explain(verdict: StageVerdict): { text: string; code: number } {
  const unfit = verdict.unfit.length > 0 ? `；不符承诺的份额：${verdict.unfit.map(i => `c${i}`).join('、')}（保管人责任）` : ''
  if (verdict.state === 'opened') return { text: `已打开，阶段密钥 ${hex(verdict.stageKey).slice(0, 8)}…${unfit}`, code: 0 }
  if (verdict.state === 'waiting') return { text: `还缺：${verdict.missing.join('、')}${unfit}`, code: 3 }
  return { text: `份额和部分密钥齐备但打不开：投标人责任${unfit}`, code: 1 }
}

const text = { type: 'string' as const }
const options = { keys: text, 'password-file': text, out: text, part: { type: 'string' as const, multiple: true as const } }

async function main(args: string[]): Promise<number> {
  try {
    const { values, positionals } = readArguments(args, options, usage)
    if (!values.out || positionals.length === 0) throw new Error(usage)
    const parts = partsOf(values.part ?? [])
    if (values.keys) {
      const password = readFileSync(values['password-file'] ?? '', 'utf8').replace(/\r?\n$/, '')
      parts.b = await ownPart(readHeadOf(positionals[0]!), readP12(new Uint8Array(readFileSync(values.keys)), password))
    }
    const { verdict, files } = await unsealStage(positionals, parts, values.out)
    const { text: sentence, code } = explain(verdict)
    console.log([sentence, ...files].join('\n'))
    return code
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 2
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = await main(process.argv.slice(2))
