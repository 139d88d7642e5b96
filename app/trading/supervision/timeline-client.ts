import type { LogTimeline, TimelineCheck } from '@/crypto/timeline'

/** What the page asks of the timeline worker: the page itself does no cryptography (architecture.md §1.3-3). */
export type TimelineTask = { timeline: unknown; anchors: unknown }
export type TimelineAnswer = { ok: true; check: TimelineCheck } | { ok: false }

async function readAnchors(): Promise<unknown> {
  const response = await fetch('/anchors.json')
  if (!response.ok) throw new Error('未能读取信任锚，请稍后重试。')
  return response.json()
}

/** Has a worker check these entries, the ones the page shows, against the anchors. Throws a sentence for people. */
export async function checkHere(timeline: LogTimeline): Promise<TimelineCheck> {
  const task: TimelineTask = { timeline, anchors: await readAnchors() }
  const worker = new Worker(new URL('./timeline.worker.ts', import.meta.url), { type: 'module' })
  try {
    return await new Promise<TimelineCheck>((resolve, reject) => {
      const fail = () => reject(new Error('核验未完成：收到的内容不是标段日志，或浏览器不支持。'))
      worker.onerror = fail
      worker.onmessage = ({ data }: MessageEvent<TimelineAnswer>) => (data.ok ? resolve(data.check) : fail())
      worker.postMessage(task)
    })
  } finally {
    worker.terminate()
  }
}
