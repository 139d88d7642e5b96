// What a custodian's page asks of its worker, and the page's own calls.
import { type ChosenKey, handedOver } from '~/platform/identity/chosen-key'
import { keyProblemSentence } from '~/platform/identity/key.text'
import type { KeyProblem } from '~/platform/identity/key-client'

export interface LotKeyTask {
  platform: string
  project: string
  lot: string
  round: number
  org: string
  suite: 'intl' | 'gm'
  key: ChosenKey
}

/** The body of PUT /lots/:id/custody-key. */
export interface LotKeyMade {
  message: string
  cms: string
  wrappedKey: string
}

export type LotKeyAnswer = { ok: true; made: LotKeyMade } | { ok: false; problem: KeyProblem; left: number | null }

/** Makes the lot key beside the page: signed with the custodian's certificate, its private half wrapped to that custodian alone. */
export async function makeLotKey(task: LotKeyTask): Promise<LotKeyMade> {
  const worker = new Worker(new URL('./custody.worker.ts', import.meta.url), { type: 'module' })
  try {
    const answer = await new Promise<LotKeyAnswer>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<LotKeyAnswer>) => resolve(data)
      worker.onerror = () => reject(new Error(keyProblemSentence('fault')))
      worker.postMessage(task, handedOver(task.key))
    })
    if (answer.ok) return answer.made
    throw new Error(keyProblemSentence(answer.problem, answer.left))
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
