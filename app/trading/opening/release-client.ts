import type { Bundle, TrustedKeys } from '@/crypto/give-out'
import { type ChosenKey, handedOver } from '~/platform/identity/chosen-key'
import { keyProblemSentence } from '~/platform/identity/key.text'
import type { KeyProblem } from '~/platform/identity/key-client'

/** What the page asks of the release worker; the page itself holds no key. */
export type ReleaseTask = {
  key: ChosenKey
  bundle: Bundle
  trusted: TrustedKeys
  org: string
  /** A custodian's key of this lot, wrapped to its certificate; null for a bidder. */
  lotKey: { wrapped: string; spki: string } | null
  /** The supervisor allowed release on the time-stamp alone. */
  allowUncosigned: boolean
}

type OwnProblem = 'not-this-key' | 'nothing-to-give' | 'close-unproven'
export type ReleaseProblem = KeyProblem | OwnProblem

type SignedText = { message: string; cms: string }

export type ReleaseReply =
  | { kind: 'progress'; done: number; total: number }
  | { kind: 'done'; release: SignedText | null; report: SignedText | null; given: number; bySpare: number; unusable: number }
  | { kind: 'refused'; problem: ReleaseProblem; left?: number | null }

const ownSentence: Record<OwnProblem, string> = {
  'not-this-key': '未释放：所选密钥中没有登记本标段密钥时所用的加密证书。请换用当时的密钥。',
  'nothing-to-give': '没有可释放的密钥：投标文件不是用这份证书加锁的。请换用密封时的密钥。',
  'close-unproven': '未释放：截标登记没有通过核验，浏览器没有打开任何密钥。请联系监督部门。',
}

const sentenceOf = (problem: ReleaseProblem, left?: number | null): string =>
  problem in ownSentence ? ownSentence[problem as OwnProblem] : keyProblemSentence(problem as KeyProblem, left)

/** `bySpare`: of the accepted parts, how many the spare certificate (备用证书) opened. */
export type Released = {
  accepted: number
  bySpare: number
  refused: { part: string; code: string }[]
  unusable: number
  /** Of the unusable, shares dealt to this key that were reported under its signature (crypto.md §10.7). */
  reported: number
}

async function get<Answer>(path: string): Promise<Answer> {
  const response = await fetch(`/api/v1${path}`)
  const answer = await response.json()
  if (!response.ok) throw new Error(typeof answer.detail === 'string' ? answer.detail : '未能读取。')
  return answer as Answer
}

function work(task: ReleaseTask, onProgress: (done: number, total: number) => void) {
  const worker = new Worker(new URL('./release.worker.ts', import.meta.url), { type: 'module' })
  return new Promise<Extract<ReleaseReply, { kind: 'done' }>>((resolve, reject) => {
    worker.onerror = () => reject(new Error(sentenceOf('fault')))
    worker.onmessage = ({ data }: MessageEvent<ReleaseReply>) => {
      if (data.kind === 'progress') onProgress(data.done, data.total)
      else if (data.kind === 'done') resolve(data)
      else reject(new Error(sentenceOf(data.problem, data.left)))
    }
    worker.postMessage(task, handedOver(task.key))
  }).finally(() => worker.terminate())
}

type Custody = { lots: { lotId: string; lotKey: string | null; wrappedKey: string | null }[] }

async function ownLotKey(lotId: string) {
  const own = (await get<Custody>('/custody')).lots.find(row => row.lotId === lotId)
  return own?.lotKey && own.wrappedKey ? { wrapped: own.wrappedKey, spki: own.lotKey } : null
}

type Taken = { accepted: unknown[]; refused: { part: string; code: string }[] }
type Recorded = { recorded: unknown[] }

async function post<Answer>(path: string, signed: SignedText): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(signed) })
  const answer = await response.json()
  if (!response.ok) throw new Error(typeof answer.detail === 'string' ? answer.detail : '未释放：平台没有接受此消息。')
  return answer as Answer
}

export type ReleaseAsk = {
  lotId: string
  org: string
  role: 'custodian' | 'bidder'
  allowUncosigned: boolean
  key: ChosenKey
}

/** Releases this organisation's keys of a lot from this browser: bundle, proof of the close, unwrapping, signature, one message. Throws with the sentence to show. */
export async function releaseFromBrowser(ask: ReleaseAsk, onProgress: (done: number, total: number) => void): Promise<Released> {
  const { lotId, org, role, allowUncosigned, key } = ask
  const bundle = await get<Bundle>(`/lots/${lotId}/release-bundle`)
  const trusted = await get<TrustedKeys>('/anchors')
  const lotKey = role === 'custodian' ? await ownLotKey(lotId) : null
  const done = await work({ key, bundle, trusted, org, lotKey, allowUncosigned }, onProgress)
  const answer = done.release ? await post<Taken>(`/lots/${lotId}/releases`, done.release) : { accepted: [], refused: [] }
  const reported = done.report ? (await post<Recorded>(`/lots/${lotId}/releases/reports`, done.report)).recorded.length : 0
  const { bySpare, unusable } = done
  return { accepted: answer.accepted.length, bySpare, refused: answer.refused, unusable, reported }
}
