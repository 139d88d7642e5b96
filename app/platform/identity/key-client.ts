// What a page asks of the key worker. The page itself holds no key and does no cryptography (architecture.md §1.3-3).

import type { KeyProblem } from '@/crypto/keyprovider'
import { type ChosenKey, handedOver } from './chosen-key'
import { keyProblemSentence } from './key.text'

interface CertificateFile {
  /** Base64 DER. */
  certificate: string
  chain: string[]
}

export type KeyTask =
  | { task: 'sign'; key: ChosenKey; texts: string[] }
  /** Signs content known by its digests (hex): the one that the key's algorithm uses. */
  | { task: 'sign-digest'; key: ChosenKey; sha256: string; sm3: string }
  | { task: 'make'; kind: 'rsa' | 'p256' | 'sm2'; count: number }
  | { task: 'close'; certificates: CertificateFile[]; password: string }
  /** Makes keys that never leave this browser, one for each use; `shelve` keeps them with their certificates as one set. */
  | { task: 'make-held'; kind: 'rsa' | 'p256'; uses: ('sign' | 'encrypt')[] }
  | { task: 'shelve'; certificates: CertificateFile[] }

export type { KeyProblem }

export type KeyAnswer =
  | { ok: true; task: 'sign'; cms: string[]; fingerprint: string; subject: string }
  | { ok: true; task: 'sign-digest'; cms: string }
  | { ok: true; task: 'make' | 'make-held'; spki: string[] }
  | { ok: true; task: 'close'; file: ArrayBuffer }
  | { ok: true; task: 'shelve'; setId: string }
  | { ok: false; problem: KeyProblem; left: number | null }

type Done<Task extends KeyTask['task']> = Extract<KeyAnswer, { ok: true; task: Task }>

/** The key worker refused; `message` is the sentence to show. */
export class KeyRefusal extends Error {
  override name = 'KeyRefusal'
  constructor(
    readonly problem: KeyProblem,
    left?: number | null,
  ) {
    super(keyProblemSentence(problem, left))
  }
}

export interface KeyWorker {
  do<Task extends KeyTask['task']>(task: Extract<KeyTask, { task: Task }>): Promise<Done<Task>>
  end(): void
}

/** Starts the key worker; one task at a time. `do` throws KeyRefusal. */
export function startKeyWorker(): KeyWorker {
  const worker = new Worker(new URL('./key.worker.ts', import.meta.url), { type: 'module' })
  const ask = <Task extends KeyTask['task']>(task: Extract<KeyTask, { task: Task }>) =>
    new Promise<Done<Task>>((resolve, reject) => {
      worker.onerror = () => reject(new KeyRefusal('fault'))
      worker.onmessage = ({ data }: MessageEvent<KeyAnswer>) => {
        if (data.ok) resolve(data as Done<Task>)
        else reject(new KeyRefusal(data.problem, data.left))
      }
      worker.postMessage(task, 'key' in task ? handedOver(task.key) : [])
    })
  return { do: ask, end: () => worker.terminate() }
}

/** Detached CMS (base64), one for each text, by the chosen key. Throws KeyRefusal. */
export async function signWithKey(key: ChosenKey, texts: string[]) {
  const worker = startKeyWorker()
  try {
    return await worker.do({ task: 'sign', key, texts })
  } finally {
    worker.end()
  }
}

/** A detached CMS (base64) over content that is elsewhere, by the chosen key. Throws KeyRefusal. */
export async function signDigestWithKey(key: ChosenKey, digests: { sha256: string; sm3: string }) {
  const worker = startKeyWorker()
  try {
    return (await worker.do({ task: 'sign-digest', key, ...digests })).cms
  } finally {
    worker.end()
  }
}

/** The API said no; `code` is stable, `message` the sentence to show. */
export class ApiRefusal extends Error {
  override name = 'ApiRefusal'
  constructor(
    readonly code: string,
    text: string,
  ) {
    super(text)
  }
}

/** Calls /api/v1 with the session of this browser; throws ApiRefusal, whose message is the problem's sentence. */
export async function callApi<Answer>(path: string, body?: unknown): Promise<Answer> {
  const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  const response = await fetch(`/api/v1${path}`, { method: 'POST', ...init })
  const answer = await response.json()
  if (!response.ok) throw new ApiRefusal(String(answer.code ?? ''), answer.detail ?? '未办理：平台没有接受此请求。')
  return answer as Answer
}
