/** What the page asks of the worker that checks and uploads twin files (补录): the keepsake and the files it was made of. */
export type TwinTask = {
  lotId: string
  /** The bid it must be of, and the envelope at hand (null where one act opens everything). */
  statement: string
  stage: string | null
  keepsake: File
  files: File[]
}

export const twinProblems = ['not-keepsake', 'other-bid', 'no-match', 'lost', 'fault'] as const
export type TwinProblem = (typeof twinProblems)[number]

export type TwinReply =
  | { kind: 'progress'; done: number; total: number }
  | { kind: 'done' }
  | { kind: 'failed'; problem: TwinProblem; file?: string }
  /** The platform said no: its own sentence. */
  | { kind: 'refused'; text: string }

const sentences: Record<TwinProblem, string> = {
  'not-keepsake': '未提交：选择的不是补录凭据。请选择密封时下载的补录凭据（JSON 文件）。',
  'other-bid': '未提交：补录凭据不是本次计入的投标文件的凭据。请选择最后一次递交时下载的那一份。',
  'no-match': '未提交：所选文件中没有与截标前承诺一致的这一份。请选择密封时所用的原文件，一个字节也不能改动。',
  lost: '未传完：与平台的连接中断。请检查网络后重试。',
  fault: '未提交：浏览器未能完成。请更换浏览器后重试。',
}

/** Checks the files against the keepsake in this browser, uploads them and hands them in. Throws with the sentence to show. */
export function handInFromBrowser(task: TwinTask, onProgress: (done: number, total: number) => void): Promise<void> {
  const worker = new Worker(new URL('./twin.worker.ts', import.meta.url), { type: 'module' })
  return new Promise<void>((resolve, reject) => {
    worker.onerror = () => reject(new Error(sentences.fault))
    worker.onmessage = ({ data }: MessageEvent<TwinReply>) => {
      if (data.kind === 'progress') onProgress(data.done, data.total)
      else if (data.kind === 'done') resolve()
      else if (data.kind === 'refused') reject(new Error(data.text))
      else reject(new Error(data.file ? `${data.file}：${sentences[data.problem]}` : sentences[data.problem]))
    }
    worker.postMessage(task)
  }).finally(() => worker.terminate())
}
