// Checks a lot's log beside the page: hashing hundreds of entries must not block it.
import { readAnchors } from '@/crypto/anchors'
import { checkTimeline } from '@/crypto/timeline'
import type { TimelineAnswer, TimelineTask } from './timeline-client'

const answerTo = ({ timeline, anchors }: TimelineTask): TimelineAnswer => {
  try {
    return { ok: true, check: checkTimeline(timeline, readAnchors(anchors)) }
  } catch {
    return { ok: false }
  }
}

self.onmessage = ({ data }: MessageEvent<TimelineTask>) => self.postMessage(answerTo(data))
