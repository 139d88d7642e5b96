// npm run seal -- … : seals a bid without any browser or server. What it writes can be uploaded and committed through the API.
import { createReadStream, createWriteStream, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { base64, hex, unbase64, utf8 } from '../bytes.ts'
import { signDetached } from '../cms.ts'
import { keepsakeText, type SealedTwin } from '../keepsake.ts'
import { spareRecipient } from '../keyprovider.ts'
import { messageHash, messageText, type PolicyMessage, readMessage, type SubmitMessage } from '../messages.ts'
import { type KeyEntry, readP12 } from '../p12.ts'
import { type SealedFile, type StageSealer, sealStage } from '../seal.ts'
import { keysOf, recipientOf, webSigner } from '../signature-web.ts'
import { nodeRandom, nodeSuites } from '../suite-node.ts'
import type { Recipient } from '../wrap.ts'
import { readArguments } from './arguments.ts'

const usage = `npm run seal -- --policy policy.json --org 机构编号 --deadline 2026-12-01T01:30:00Z --keys 证书.p12 --password-file 密码.txt
  [--spare 备用加密证书.cer …] [--after 上一份 statement.json] --out 输出文件夹 price=开标一览表.json technical=技术标.pdf [business=… attachment1=…]`

export interface SealOrder {
  /** Canonical text of tbid/policy@1. */
  policy: string
  org: string
  deadline: string
  keys: KeyEntry[]
  /** Spare locks (备用锁): other encryption certificates of the same bidder. */
  spares: Recipient[]
  /** Canonical text of the statement this one replaces. */
  after: string | null
  files: { role: string; path: string }[]
  out: string
}

const types: Record<string, string> = { '.pdf': 'application/pdf', '.json': 'application/json' }
const typeOf = (path: string) => types[/\.[a-z0-9]+$/i.exec(path)?.[0].toLowerCase() ?? ''] ?? 'application/octet-stream'

type PolicyStage = PolicyMessage['stages'][number]
type Signed = { sign: KeyEntry; encrypt: KeyEntry | null }

function startStage(
  order: SealOrder,
  policy: PolicyMessage,
  stage: PolicyStage,
  { sign, encrypt }: Signed,
): Promise<StageSealer> {
  const usesB = stage.mode !== 'custody'
  if (usesB && !encrypt) throw new Error('keys: no encryption certificate, so nobody could release the bid')
  const { project, lot, round } = policy
  const bidderCert = sign.certificate.fingerprint
  const alg = policy.suite === 'gm' ? ('SM2' as const) : ('HPKE-P256' as const)
  return sealStage({
    suite: nodeSuites[policy.suite],
    random: nodeRandom,
    bind: { project, lot, round, stage: stage.stage, deadline: order.deadline, bidderCert, policy: messageHash(order.policy) },
    mode: stage.mode,
    bidderKeys: usesB && encrypt ? [recipientOf(encrypt), ...order.spares] : [],
    lotKeys: stage.custodians.map(one => {
      const spki = unbase64(one.lotKey)
      return { alg, kid: hex(nodeSuites.intl.hash(spki)), spki }
    }),
    k: stage.k,
  })
}

/** Every file in the stage that its role belongs to (双信封: the price is opened later, under a key of its own). */
async function sealFiles(order: SealOrder, policy: PolicyMessage, keys: Signed): Promise<SealedTwin[]> {
  const sealers = new Map<PolicyStage, StageSealer>()
  const files: SealedTwin[] = []
  for (const file of order.files) {
    const stage = policy.stages.find(({ roles }) => roles.includes(file.role))
    if (!stage) throw new Error(`policy: no stage takes a file of role ${file.role}`)
    const sealer = sealers.get(stage) ?? (await startStage(order, policy, stage, keys))
    sealers.set(stage, sealer)
    files.push(await sealFile(sealer, file, order.out))
  }
  return files
}

async function sealFile(stage: StageSealer, { role, path }: SealOrder['files'][number], out: string): Promise<SealedTwin> {
  const about = { name: basename(path), type: typeOf(path), size: statSync(path).size }
  const sealer = await stage.file({ role, ...about })
  const target = createWriteStream(join(out, `${sealer.fileId}.tbid`), { flags: 'wx' })
  const write = async (pieces: Uint8Array[]) => {
    for (const piece of pieces)
      if (!target.write(piece)) await new Promise<void>(resolve => target.once('drain', () => resolve()))
  }
  for await (const piece of createReadStream(path, { highWaterMark: 1_048_576 })) await write(await sealer.push(piece))
  const { rest, file, twinSalt } = await sealer.finish()
  await write(rest)
  await new Promise<void>((resolve, reject) => target.on('error', reject).end(resolve))
  return { file, ...about, twinSalt }
}

function statementOf({ policy: text, org, after }: SealOrder, policy: PolicyMessage, cert: string, files: SealedFile[]): string {
  const former = after === null ? null : readMessage('tbid/submit@1', after)
  const { platform, project, lot, round } = policy
  const turn = { seq: (former?.seq ?? 0) + 1, prev: after === null ? null : messageHash(after) }
  const message: SubmitMessage = {
    t: 'tbid/submit@1',
    platform,
    project,
    lot,
    round,
    policy: messageHash(text),
    org,
    cert,
    ...turn,
    files,
  }
  return messageText(message)
}

/** Seals the files into `out` and writes statement.json with its signature, and keepsake.json, which stays with the bidder. Gives the statement's text. */
export async function sealBid(order: SealOrder): Promise<{ statement: string; cms: string }> {
  const policy = readMessage('tbid/policy@1', order.policy)
  const { sign, encrypt } = keysOf(order.keys)
  if (!sign) throw new Error('keys: no signing certificate')
  mkdirSync(order.out, { recursive: true })
  const sealed = await sealFiles(order, policy, { sign, encrypt })
  const files = sealed.map(({ file }) => file)
  const statement = statementOf(order, policy, sign.certificate.fingerprint, files)
  const cms = base64(await signDetached(utf8(statement), await webSigner(sign)))
  writeFileSync(join(order.out, 'statement.json'), statement, { flag: 'wx' })
  writeFileSync(join(order.out, 'statement.cms'), cms, { flag: 'wx' })
  const about = { lot: policy.lot, suite: policy.suite, statement: messageHash(statement), price: null }
  writeFileSync(join(order.out, 'keepsake.json'), keepsakeText(about, sealed), { flag: 'wx', mode: 0o600 })
  return { statement, cms }
}

/** The policy's text, from a file that holds it bare or as GET /lots/:id/policy answers it. */
export function policyTextOf(file: string): string {
  const value: unknown = JSON.parse(file)
  const isAnswer = typeof value === 'object' && value !== null && 'payload' in value && typeof value.payload === 'string'
  return isAnswer ? String(value.payload) : file.trim()
}

function fileOf(argument: string): { role: string; path: string } {
  const at = argument.indexOf('=')
  if (at < 1) throw new Error(usage)
  return { role: argument.slice(0, at), path: argument.slice(at + 1) }
}

const names = ['policy', 'org', 'deadline', 'keys', 'password-file', 'after', 'out', 'spare']
const options = Object.fromEntries(names.map(name => [name, { type: 'string' as const, multiple: true as const }]))

async function main(args: string[]): Promise<number> {
  try {
    const { values, positionals } = readArguments(args, options, usage)
    const need = (name: string): string => {
      const [value, another] = values[name] ?? []
      if (value === undefined || another !== undefined) throw new Error(usage)
      return value
    }
    const password = readFileSync(need('password-file'), 'utf8').replace(/\r?\n$/, '')
    const { statement } = await sealBid({
      policy: policyTextOf(readFileSync(need('policy'), 'utf8')),
      org: need('org'),
      deadline: need('deadline'),
      keys: readP12(new Uint8Array(readFileSync(need('keys'))), password),
      spares: (values.spare ?? []).map(path => spareRecipient(new Uint8Array(readFileSync(path)))),
      after: values.after ? readFileSync(need('after'), 'utf8') : null,
      files: positionals.map(fileOf),
      out: need('out'),
    })
    console.log(`keepsake.json 是补录凭据：请妥善保管，开标前不要交给任何人`)
    console.log(`已密封 ${positionals.length} 个文件，声明摘要 ${messageHash(statement)}`)
    return 0
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 2
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = await main(process.argv.slice(2))
