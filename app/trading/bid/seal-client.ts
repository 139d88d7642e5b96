// What a page asks of the sealing worker. The page itself holds no key and does no cryptography (architecture.md §1.3-3).
import type { KeyProblem } from '~/platform/identity/key-client'
import { keyProblemText } from '~/platform/identity/key-client'

/** The lot as its signed messages name it. */
export interface SealScope {
  lotId: string
  platform: string
  org: string
  /** Canonical text of the lot's policy. */
  policy: string
  /** YYYY-MM-DDTHH:MM:SSZ. */
  deadline: string
  /** The version this one follows, or null for the first. */
  former: { seq: number; statementHash: string } | null
}

export interface KeyFile {
  bytes: ArrayBuffer
  password: string
}

export interface ChosenFile {
  role: string
  file: File
}

export type SealTask =
  | { task: 'prepare'; scope: SealScope; key: KeyFile; form: Record<string, string | number>; files: ChosenFile[] }
  | { task: 'withdraw'; scope: SealScope; key: KeyFile }
  | { task: 'confirm'; scope: SealScope; key: KeyFile; statement: string; notice: string; noticeHash: string }
  | { task: 'commit' }

export interface SealedLine {
  role: string
  name: string
  size: number
  root: string
}

export type SealProblem = KeyProblem | 'no-encryption-key' | 'wrong-suite' | 'not-pdf' | 'empty' | 'changed' | 'lost'

export type SealAnswer =
  | { kind: 'progress'; what: string; done: number; total: number }
  | { kind: 'prepared'; statementHash: string; signer: string; files: SealedLine[] }
  | { kind: 'committed'; receipt: Record<string, unknown>; isProven: boolean }
  | { kind: 'failed'; problem: SealProblem; file?: string }
  /** The platform said no: its own sentence. */
  | { kind: 'refused'; code: string; text: string }

const ownText: Record<Exclude<SealProblem, KeyProblem>, string> = {
  'no-encryption-key': '未密封：证书文件中没有加密证书，开标时将无法释放密钥。请选择同时含签名证书和加密证书的 .p12 文件。',
  'wrong-suite': '未密封：本标段使用另一种密码算法，证书不适用。请换用与标段算法一致的证书。',
  'not-pdf': '未密封：文件不是 PDF。技术标和商务标须为 PDF，请转换格式后重新选择。',
  empty: '未密封：文件为 0 字节。请检查后重新选择。',
  changed: '未密封：文件在读取时被改动或移走。请重新选择文件。',
  lost: '未传完：与平台的连接中断，多次重试未成功。请检查网络后重新密封递交；已传部分不会成为投标。',
}

/** The sentence for what went wrong in the worker. */
export const sealProblemText = (problem: SealProblem, file?: string): string => {
  const text = problem in ownText ? ownText[problem as keyof typeof ownText] : keyProblemText[problem as KeyProblem]
  return file ? `${file}：${text}` : text
}

export interface SealWorker {
  post(task: SealTask): void
  end(): void
}

/** Starts the sealing worker; `onAnswer` hears everything it says. What it prepared it forgets when it ends. */
export function startSealWorker(onAnswer: (answer: SealAnswer) => void): SealWorker {
  const worker = new Worker(new URL('./seal.worker.ts', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }: MessageEvent<SealAnswer>) => onAnswer(data)
  worker.onerror = () => onAnswer({ kind: 'failed', problem: 'fault' })
  return { post: task => worker.postMessage(task), end: () => worker.terminate() }
}
