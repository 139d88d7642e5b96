// Seals, uploads, signs and commits a bid beside the page: keys, passwords and plaintext never stand in it, and nothing blocks it.
import { readAnchors } from '@/crypto/anchors'
import { base64, hex, unbase64, utf8 } from '@/crypto/bytes'
import { signDetached } from '@/crypto/cms'
import { canonicalBytes } from '@/crypto/jcs'
import {
  type ConfirmMessage,
  messageHash,
  messageText,
  type PolicyMessage,
  type PolicyStage,
  readMessage,
  type SubmitMessage,
} from '@/crypto/messages'
import { type KeyEntry, P12Error, readP12 } from '@/crypto/p12'
import { verifyReceipt } from '@/crypto/receipt'
import { type SealedFile, type StageSealer, sealStage } from '@/crypto/seal'
import { keysOf, recipientOf, webSigner } from '@/crypto/signature-web'
import { webRandom, webSuites } from '@/crypto/suite-web'
import type { ChosenFile, KeyFile, SealAnswer, SealedLine, SealProblem, SealScope, SealTask } from './seal-client'
import { ask, Refused, startUpload } from './upload.worker'

class Failed extends Error {
  override name = 'Failed'
  constructor(
    readonly problem: SealProblem,
    readonly file?: string,
  ) {
    super(problem)
  }
}

const say = (answer: SealAnswer) => self.postMessage(answer)
const readBytes = 4_194_304

interface Prepared {
  lotId: string
  path: 'bids' | 'bids/confirmation'
  statement: string
  cms: string
  uploads: Record<string, string>
}
let prepared: Prepared | null = null

function openKeys({ bytes, password }: KeyFile): { sign: KeyEntry; encrypt: KeyEntry | null } {
  if (!globalThis.crypto.subtle) throw new Failed('insecure')
  const { sign, encrypt } = keysOf(readP12(new Uint8Array(bytes), password))
  if (!sign) throw new Failed('no-signing-key')
  return { sign, encrypt }
}

const kidOf = (spki: Uint8Array) => hex(webSuites.intl.hash(spki))

async function startStage(
  scope: SealScope,
  policy: PolicyMessage,
  stage: PolicyStage,
  sign: KeyEntry,
  encrypt: KeyEntry | null,
): Promise<StageSealer> {
  const isGm = policy.suite === 'gm'
  const usesB = stage.mode !== 'custody'
  if (usesB && !encrypt) throw new Failed('no-encryption-key')
  if (usesB && encrypt && (encrypt.kind === 'sm2') !== isGm) throw new Failed('wrong-suite')
  const { project, lot, round } = policy
  const bidderCert = sign.certificate.fingerprint
  return sealStage({
    suite: webSuites[policy.suite],
    random: webRandom,
    bind: { project, lot, round, stage: stage.stage, deadline: scope.deadline, bidderCert, policy: messageHash(scope.policy) },
    mode: stage.mode,
    bidderKeys: usesB && encrypt ? [recipientOf(encrypt)] : [],
    lotKeys: stage.custodians.map(({ lotKey }) => {
      const spki = unbase64(lotKey)
      return { alg: isGm ? ('SM2' as const) : ('HPKE-P256' as const), kid: kidOf(spki), spki }
    }),
    k: stage.k,
  })
}

async function* piecesOf(blob: Blob, name: string): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < blob.size; at += readBytes) {
    const piece = await blob
      .slice(at, at + readBytes)
      .arrayBuffer()
      .catch(() => null)
    if (!piece) throw new Failed('changed', name)
    yield new Uint8Array(piece)
  }
}

async function checkFile({ role, file }: ChosenFile): Promise<void> {
  if (file.size === 0) throw new Failed('empty', file.name)
  if (role !== 'technical' && role !== 'business') return
  const start = new Uint8Array(await file.slice(0, 5).arrayBuffer())
  if (String.fromCharCode(...start) !== '%PDF-') throw new Failed('not-pdf', file.name)
}

interface Content {
  role: string
  name: string
  type: string
  blob: Blob
}

/** One file: sealed and uploaded in one pass, piece by piece. */
async function sealAndUpload(
  stage: StageSealer,
  { role, name, type, blob }: Content,
): Promise<{ file: SealedFile; uploadId: string }> {
  const sealer = await stage.file({ role, name, type: type || 'application/octet-stream', size: blob.size })
  const progress = (done: number) => say({ kind: 'progress', what: name, done, total: sealer.size })
  progress(0)
  const upload = await startUpload(sealer.size, progress)
  for await (const piece of piecesOf(blob, name)) await upload.push(await sealer.push(piece))
  const { rest, file } = await sealer.finish()
  await upload.push(rest)
  await upload.finish()
  return { file, uploadId: upload.id }
}

function statementOf(scope: SealScope, policy: PolicyMessage, cert: string, files: SealedFile[]): string {
  const { platform, org, former } = scope
  const { project, lot, round } = policy
  const common = { platform, project, lot, round, policy: messageHash(scope.policy), org, cert }
  const message: SubmitMessage = {
    t: 'tbid/submit@1',
    ...common,
    seq: (former?.seq ?? 0) + 1,
    prev: former?.statementHash ?? null,
    files,
  }
  return messageText(message)
}

async function keep(
  scope: SealScope,
  sign: KeyEntry,
  statement: string,
  rest: Pick<Prepared, 'path' | 'uploads'>,
  files: SealedLine[],
): Promise<void> {
  const cms = base64(await signDetached(utf8(statement), await webSigner(sign)))
  prepared = { lotId: scope.lotId, statement, cms, ...rest }
  say({ kind: 'prepared', statementHash: messageHash(statement), signer: sign.certificate.subject.commonName, files })
}

async function prepare({ scope, key, form, files }: Extract<SealTask, { task: 'prepare' }>): Promise<void> {
  const { sign, encrypt } = openKeys(key)
  for (const file of files) await checkFile(file)
  const policy = readMessage('tbid/policy@1', scope.policy)
  const stages = new Map<PolicyStage, StageSealer>()
  for (const stage of policy.stages) stages.set(stage, await startStage(scope, policy, stage, sign, encrypt))
  const price = new Blob([canonicalBytes({ t: 'tbid/price@1', lot: scope.lotId, ...form })])
  const contents: Content[] = [
    { role: 'price', name: '开标一览表.json', type: 'application/json', blob: price },
    ...files.map(({ role, file }) => ({ role, name: file.name, type: file.type, blob: file })),
  ]
  const uploads: Record<string, string> = {}
  const stated: SealedFile[] = []
  for (const content of contents) {
    const stage = policy.stages.find(({ roles }) => roles.includes(content.role))
    const sealer = stage && stages.get(stage)
    if (!sealer) throw new Failed('fault')
    const { file, uploadId } = await sealAndUpload(sealer, content)
    uploads[file.fileId] = uploadId
    stated.push(file)
  }
  const lines = stated.map(({ role, size, root }, i) => ({ role, size, root, name: contents[i]?.name ?? '' }))
  await keep(scope, sign, statementOf(scope, policy, sign.certificate.fingerprint, stated), { path: 'bids', uploads }, lines)
}

async function withdraw({ scope, key }: Extract<SealTask, { task: 'withdraw' }>): Promise<void> {
  const { sign } = openKeys(key)
  const policy = readMessage('tbid/policy@1', scope.policy)
  await keep(scope, sign, statementOf(scope, policy, sign.certificate.fingerprint, []), { path: 'bids', uploads: {} }, [])
}

async function confirm({ scope, key, statement, notice, noticeHash }: Extract<SealTask, { task: 'confirm' }>): Promise<void> {
  const { sign } = openKeys(key)
  const { project, lot, round } = readMessage('tbid/policy@1', scope.policy)
  const { platform, org } = scope
  const common = { platform, project, lot, round, policy: messageHash(scope.policy), org, cert: sign.certificate.fingerprint }
  const message: ConfirmMessage = { t: 'tbid/confirm@1', ...common, statement, notice, noticeHash }
  await keep(scope, sign, messageText(message), { path: 'bids/confirmation', uploads: {} }, [])
}

/** The same statement may be sent again: it gets the same receipt, so a lost answer is simply asked for anew. */
async function commit(): Promise<void> {
  if (!prepared) throw new Failed('fault')
  const { lotId, path, statement, cms, uploads } = prepared
  const body = path === 'bids' ? { statement, cms, uploads } : { statement, cms }
  const post = () => ask<Record<string, unknown>>('POST', `/lots/${lotId}/${path}`, body)
  const receipt = await post().catch(error => (error instanceof Refused ? Promise.reject(error) : post()))
  const anchors = readAnchors(await ask('GET', '/anchors'))
  const checks = verifyReceipt(receipt, anchors)
  const isProven = receipt.statement === messageHash(statement) && checks.every(check => check.result !== 'broken')
  prepared = null
  say({ kind: 'committed', receipt, isProven })
}

async function run(task: SealTask): Promise<void> {
  try {
    if (task.task === 'commit') await commit()
    else if (task.task === 'prepare') await prepare(task)
    else if (task.task === 'withdraw') await withdraw(task)
    else await confirm(task)
  } catch (error) {
    if (error instanceof Refused) say({ kind: 'refused', code: error.code, text: error.text })
    else if (error instanceof Failed) say({ kind: 'failed', problem: error.problem, file: error.file })
    else if (error instanceof P12Error) say({ kind: 'failed', problem: 'wrong-password' })
    else say({ kind: 'failed', problem: error instanceof Error && error.message === 'lost' ? 'lost' : 'fault' })
  }
}

self.addEventListener('message', event => void run(event.data as SealTask))
