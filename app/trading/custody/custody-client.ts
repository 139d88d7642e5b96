// What a custodian's page asks of its worker, and the page's own calls.
import type { KeyProblem } from '~/platform/identity/key-client'
import { keyProblemText } from '~/platform/identity/key-client'

export interface LotKeyTask {
  platform: string
  project: string
  lot: string
  round: number
  org: string
  suite: 'intl' | 'gm'
  file: ArrayBuffer
  password: string
}

/** The body of PUT /lots/:id/custody-key. */
export interface LotKeyMade {
  message: string
  cms: string
  wrappedKey: string
}

export type LotKeyAnswer = { ok: true; made: LotKeyMade } | { ok: false; problem: KeyProblem | 'no-encryption-key' }

const noEncryption = '未登记：证书文件中没有加密证书，本标段密钥无法安全保存。请选择同时含签名证书和加密证书的 .p12 文件。'

/** Makes the lot key beside the page: signed with the custodian's certificate, its private half wrapped to that custodian alone. */
export async function makeLotKey(task: LotKeyTask): Promise<LotKeyMade> {
  const worker = new Worker(new URL('./custody.worker.ts', import.meta.url), { type: 'module' })
  try {
    const answer = await new Promise<LotKeyAnswer>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<LotKeyAnswer>) => resolve(data)
      worker.onerror = () => reject(new Error(keyProblemText.fault))
      worker.postMessage(task)
    })
    if (answer.ok) return answer.made
    throw new Error(answer.problem === 'no-encryption-key' ? noEncryption : keyProblemText[answer.problem])
  } finally {
    worker.terminate()
  }
}

/** PUT with the session of this browser; throws an Error whose message is the problem's sentence. */
export async function putApi(path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`/api/v1${path}`, { method: 'PUT', headers, body: JSON.stringify(body) })
  if (response.ok) return
  const problem = await response.json().catch(() => ({}))
  throw new Error(typeof problem.detail === 'string' ? problem.detail : '未登记：平台没有接受此请求。')
}
