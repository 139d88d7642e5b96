import type { Bundle, TrustedKeys } from '@/crypto/give-out'

/** What the page asks of the release worker; the page itself holds no key. */
export type ReleaseTask = {
  file: ArrayBuffer
  password: string
  bundle: Bundle
  trusted: TrustedKeys
  org: string
  /** A custodian's key of this lot, wrapped to its certificate; null for a bidder. */
  lotKey: { wrapped: string; spki: string } | null
  /** The supervisor allowed release on the time-stamp alone. */
  allowUncosigned: boolean
}

export const releaseProblems = [
  'wrong-password',
  'no-signing-key',
  'not-this-key',
  'nothing-to-give',
  'close-unproven',
  'insecure',
  'fault',
] as const
export type ReleaseProblem = (typeof releaseProblems)[number]

export type ReleaseReply =
  | { kind: 'progress'; done: number; total: number }
  | { kind: 'done'; message: string; cms: string; given: number; bySpare: number; unusable: number }
  | { kind: 'refused'; problem: ReleaseProblem }

export const releaseProblemSentence: Record<ReleaseProblem, string> = {
  'wrong-password': '未打开证书文件：密码不正确，或文件已损坏。请核对后重试。',
  'no-signing-key': '未释放：证书文件中没有签名证书。请选择含签名证书的 .p12 文件。',
  'not-this-key': '未释放：证书文件中没有登记本标段密钥时所用的加密证书。请换用当时的证书文件。',
  'nothing-to-give': '没有可释放的密钥：投标文件不是用这份证书加锁的。请换用密封时的证书文件。',
  'close-unproven': '未释放：截标登记没有通过核验，浏览器没有打开任何密钥。请联系监督部门。',
  insecure: '未释放：本页须通过 https 打开，浏览器才提供密码运算。请改用 https 地址。',
  fault: '未释放：浏览器未能完成运算。请更换浏览器后重试。',
}

/** `bySpare`: of the accepted parts, how many the spare certificate (备用证书) opened. */
export type Released = { accepted: number; bySpare: number; refused: { part: string; code: string }[]; unusable: number }

async function get<Answer>(path: string): Promise<Answer> {
  const response = await fetch(`/api/v1${path}`)
  const answer = await response.json()
  if (!response.ok) throw new Error(typeof answer.detail === 'string' ? answer.detail : '未能读取。')
  return answer as Answer
}

function work(task: ReleaseTask, onProgress: (done: number, total: number) => void) {
  const worker = new Worker(new URL('./release.worker.ts', import.meta.url), { type: 'module' })
  return new Promise<Extract<ReleaseReply, { kind: 'done' }>>((resolve, reject) => {
    worker.onerror = () => reject(new Error(releaseProblemSentence.fault))
    worker.onmessage = ({ data }: MessageEvent<ReleaseReply>) => {
      if (data.kind === 'progress') onProgress(data.done, data.total)
      else if (data.kind === 'done') resolve(data)
      else reject(new Error(releaseProblemSentence[data.problem]))
    }
    worker.postMessage(task)
  }).finally(() => worker.terminate())
}

type Custody = { lots: { lotId: string; lotKey: string | null; wrappedKey: string | null }[] }

async function ownLotKey(lotId: string) {
  const own = (await get<Custody>('/custody')).lots.find(row => row.lotId === lotId)
  return own?.lotKey && own.wrappedKey ? { wrapped: own.wrappedKey, spki: own.lotKey } : null
}

export type ReleaseAsk = {
  lotId: string
  org: string
  role: 'custodian' | 'bidder'
  allowUncosigned: boolean
  file: File
  password: string
}

/** Releases this organisation's keys of a lot from this browser: bundle, proof of the close, unwrapping, signature, one message. Throws with the sentence to show. */
export async function releaseFromBrowser(ask: ReleaseAsk, onProgress: (done: number, total: number) => void): Promise<Released> {
  const { lotId, org, role, allowUncosigned, password } = ask
  const bundle = await get<Bundle>(`/lots/${lotId}/release-bundle`)
  const trusted = await get<TrustedKeys>('/anchors')
  const lotKey = role === 'custodian' ? await ownLotKey(lotId) : null
  const file = await ask.file.arrayBuffer()
  const { message, cms, bySpare, unusable } = await work(
    { file, password, bundle, trusted, org, lotKey, allowUncosigned },
    onProgress,
  )
  const response = await fetch(`/api/v1/lots/${lotId}/releases`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message, cms }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(typeof answer.detail === 'string' ? answer.detail : '未释放：平台没有接受此消息。')
  return { accepted: answer.accepted.length, bySpare, refused: answer.refused, unusable }
}
