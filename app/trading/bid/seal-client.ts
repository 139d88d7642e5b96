// What a page asks of the sealing worker, which seals, signs and never speaks to the network. The page itself holds no key and does no cryptography (architecture.md §1.3-3).
import { type ChosenKey, handedOver } from '~/platform/identity/chosen-key'
import { keyProblemSentence } from '~/platform/identity/key.text'
import type { KeyProblem } from '~/platform/identity/key-client'

/** The lot as its signed messages name it. */
export interface SealScope {
  lotId: string
  platform: string
  org: string
  /** Canonical text of the lot's policy. */
  policy: string
  /** YYYY-MM-DDTHH:MM:SSZ. */
  deadline: string
  /** Grows with every change of the tender document or its dates. */
  termsVersion: number
  /** The version this one follows, or null for the first. */
  former: { seq: number; statementHash: string } | null
}

export interface ChosenFile {
  role: string
  file: File
}

export type SealTask =
  | { task: 'check' }
  | {
      task: 'prepare'
      scope: SealScope
      key: ChosenKey
      form: Record<string, string | number>
      files: ChosenFile[]
      /** A spare encryption certificate (备用证书) of the bidder, PEM or DER. */
      spare: ArrayBuffer | null
    }
  | { task: 'withdraw'; scope: SealScope; key: ChosenKey }
  | { task: 'confirm'; scope: SealScope; key: ChosenKey; statement: string; notice: string; noticeHash: string }

export interface SealedLine {
  role: string
  name: string
  size: number
  root: string
}

/** A statement and its signature, ready for the platform. */
export interface Signed {
  lotId: string
  path: 'bids' | 'bids/confirmation'
  statement: string
  cms: string
  /** Where its sealed files are kept until the platform has them; null when it names none. */
  keptId: string | null
}

export type SealProblem =
  | KeyProblem
  | 'wrong-suite'
  | 'spare-unfit'
  | 'not-pdf'
  | 'empty'
  | 'changed'
  | 'lost'
  | 'insecure-page'
  | 'no-store'
  | 'no-room'
  | 'busy'
  | 'kept-already'
  | 'kept-missing'
  | 'kept-damaged'
  | 'not-intact'

export interface SealFailure {
  kind: 'failed'
  problem: SealProblem
  file?: string
  /** Tries left before a PIN locks. */
  left?: number | null
  /** Bytes, where room in this browser is what is missing. */
  room?: { needed: number; free: number }
}

export type SealAnswer =
  | { kind: 'able' }
  | { kind: 'progress'; what: string; done: number; total: number }
  | { kind: 'prepared'; signed: Signed; statementHash: string; signer: string; files: SealedLine[]; keepsake: string | null }
  | SealFailure

const ownText: Record<Exclude<SealProblem, KeyProblem>, string> = {
  'wrong-suite': '未密封：本标段使用另一种密码算法，证书不适用。请换用与标段算法一致的证书。',
  'spare-unfit': '未密封：备用证书不能用：须是另一份加密证书（.cer 或 .pem），算法与标段一致。请换一份，或不选备用证书。',
  'not-pdf': '未密封：文件不是 PDF。技术标和商务标须为 PDF，请转换格式后重新选择。',
  empty: '未密封：文件为 0 字节。请检查后重新选择。',
  changed: '未密封：文件在读取时被改动或移走。请重新选择文件。',
  lost: '未传完：与平台的连接中断，多次重试未成功。请检查网络后再试；密文仍保存在本浏览器，已传部分不会成为投标。',
  'insecure-page':
    '本页不是经 https 打开的，浏览器因此不提供密封所需的运算和存储。请改用 https 地址，或用离线密封工具（/offline/）在本机密封。',
  'no-store':
    '本浏览器不能密封：它没有网页私有文件存储，或处于无痕模式。请改用 Chrome、Edge 等浏览器的普通窗口，或用离线密封工具（/offline/）在本机密封。',
  'no-room': '未密封：本浏览器的存储空间不足。请清理磁盘后重试，或用离线密封工具（/offline/）在本机密封。',
  busy: '未办理：另一个页面正在处理本次投标。请回到那个页面，或关闭它后再试。',
  'kept-already': '未密封：本浏览器中已有本标段未完成的上传。请先继续上传并递交，或放弃它之后再密封。',
  'kept-missing': '不能继续：保存的密文已被浏览器清除。请放弃本次上传，重新密封。',
  'kept-damaged': '不能继续：保存的密文已损坏，与签名的摘要不符。请放弃本次上传，重新密封。',
  'not-intact': '未递交：平台两次收到的文件都与签名的摘要不符。请稍后再试；仍不行的，联系平台运行单位。',
}

const mib = (bytes: number) => `${Math.ceil(bytes / 1_048_576).toLocaleString('zh-CN')} MiB`

/** The sentence for what went wrong in a worker. */
export const sealProblemText = ({ problem, file, room, left }: Omit<SealFailure, 'kind'>): string => {
  const text = problem in ownText ? ownText[problem as keyof typeof ownText] : keyProblemSentence(problem as KeyProblem, left)
  const measured = room ? `${text}需要 ${mib(room.needed)}，可用 ${mib(room.free)}。` : text
  return file ? `${file}：${measured}` : measured
}

export interface SealWorker {
  post(task: SealTask): void
  end(): void
}

/** Starts the sealing worker; `onAnswer` hears everything it says. What it knew is forgotten when it ends. */
export function startSealWorker(onAnswer: (answer: SealAnswer) => void): SealWorker {
  const worker = new Worker(new URL('./seal.worker.ts', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }: MessageEvent<SealAnswer>) => onAnswer(data)
  worker.onerror = () => onAnswer({ kind: 'failed', problem: 'fault' })
  return { post: task => worker.postMessage(task, 'key' in task ? handedOver(task.key) : []), end: () => worker.terminate() }
}
