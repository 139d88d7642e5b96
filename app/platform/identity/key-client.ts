// What a page asks of the key worker. The page itself holds no key and does no cryptography (architecture.md §1.3-3).

interface CertificateFile {
  /** Base64 DER. */
  certificate: string
  chain: string[]
}

export type KeyTask =
  | { task: 'sign'; file: ArrayBuffer; password: string; texts: string[] }
  /** Signs content known by its digests (hex): the one that the key's algorithm uses. */
  | { task: 'sign-digest'; file: ArrayBuffer; password: string; sha256: string; sm3: string }
  | { task: 'make'; kind: 'rsa' | 'p256' | 'sm2'; count: number }
  | { task: 'close'; certificates: CertificateFile[]; password: string }

export type KeyProblem = 'wrong-password' | 'no-signing-key' | 'insecure' | 'fault'

export type KeyAnswer =
  | { ok: true; task: 'sign'; cms: string[]; fingerprint: string; subject: string }
  | { ok: true; task: 'sign-digest'; cms: string }
  | { ok: true; task: 'make'; spki: string[] }
  | { ok: true; task: 'close'; file: ArrayBuffer }
  | { ok: false; problem: KeyProblem }

type Done<Task extends KeyTask['task']> = Extract<KeyAnswer, { ok: true; task: Task }>

export const keyProblemText: Record<KeyProblem, string> = {
  'wrong-password': '未打开证书文件：密码不正确，或文件已损坏。请核对后重试。',
  'no-signing-key': '未签名：证书文件中没有签名证书。请选择含签名证书的 .p12 文件。',
  insecure: '未签名：本页须通过 https 打开，浏览器才提供密码运算。请改用 https 地址。',
  fault: '未签名：浏览器不能使用此证书。请更换浏览器或证书后重试。',
}

/** The key worker refused; `message` is the sentence to show. */
export class KeyRefusal extends Error {
  override name = 'KeyRefusal'
  constructor(readonly problem: KeyProblem) {
    super(keyProblemText[problem])
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
        else reject(new KeyRefusal(data.problem))
      }
      worker.postMessage(task)
    })
  return { do: ask, end: () => worker.terminate() }
}

/** Detached CMS (base64), one for each text, by the signing key in a .p12. Throws KeyRefusal. */
export async function signWithKeyFile(file: File, password: string, texts: string[]) {
  const worker = startKeyWorker()
  try {
    return await worker.do({ task: 'sign', file: await file.arrayBuffer(), password, texts })
  } finally {
    worker.end()
  }
}

/** A detached CMS (base64) over content that is elsewhere, by the signing key in a .p12. Throws KeyRefusal. */
export async function signDigestWithKeyFile(file: File, password: string, digests: { sha256: string; sm3: string }) {
  const worker = startKeyWorker()
  try {
    return (await worker.do({ task: 'sign-digest', file: await file.arrayBuffer(), password, ...digests })).cms
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
