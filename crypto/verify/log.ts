// The outsider's check of log entries and checkpoints: tbid/inclusion@1, and bare checkpoint notes.
import { unhex } from '../bytes.ts'
import type { Json } from '../jcs.ts'
import { verifyInclusion } from '../merkle.ts'
import { parseNote, readCheckpoint } from '../note.ts'
import { type Check, hex64, integer, list, record, text } from '../schema.ts'
import { checkTimeline, readTimeline } from '../timeline.ts'
import { ledgerLeaf } from '../tlog.ts'
import { broken, type Finding, holds, judge, noted } from './finding.ts'
import { type Belief, checkpointFindings } from './trust.ts'

const payload: Check<Record<string, Json>> = (value): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isInclusion = record(
  { payload, salt: hex64, idx: integer(0), proof: list(hex64, 0, 64), checkpoint: text(/^[\s\S]{1,65536}$/) },
  { t: text(/^tbid\/inclusion@1$/) },
)

/** One entry with its inclusion proof. Never throws. */
export function verifyInclusionFile(value: unknown, belief: Belief): Finding[] {
  if (!isInclusion(value)) return [broken('malformed', '文件格式不符：不是日志记录证明')]
  const included = judge(
    'log-proof',
    `记录为日志第 ${value.idx} 条，证明通向检查点`,
    '日志证明不成立：记录不在检查点之下',
    () => {
      const { size, root } = readCheckpoint(value.checkpoint)
      const leaf = ledgerLeaf(unhex(value.salt), value.payload)
      return verifyInclusion({ index: value.idx, size, leaf, proof: value.proof.map(unhex), root: unhex(root) })
    },
  )
  return included.result === 'broken' ? [included] : [included, ...checkpointFindings(value.checkpoint, belief)]
}

/** A checkpoint note by itself. Never throws. */
export function verifyCheckpoint(note: string, belief: Belief): Finding[] {
  try {
    const { size, root } = readCheckpoint(note)
    const form = holds('checkpoint', `检查点格式规范：${size} 条，根 ${root}，签名 ${parseNote(note).lines.length} 行`)
    return [form, ...checkpointFindings(note, belief)]
  } catch {
    return [broken('malformed', '文件格式不符：不是日志检查点')]
  }
}

/** A lot's timeline. Never throws. */
export function verifyTimelineFile(value: unknown, belief: Belief): Finding[] {
  try {
    const { checkpoint } = readTimeline(value)
    const { proven, waiting, broken: wrong } = checkTimeline(value, belief.anchors)
    const entries =
      wrong.length > 0
        ? wrong.map(idx => broken('log-proof', `日志第 ${idx} 条的证明不成立`))
        : proven > 0
          ? [holds('log-proof', `${proven} 条记录全部通向同一个检查点`)]
          : []
    const later = waiting > 0 ? [noted('log-waiting', `${waiting} 条新记录尚待下一个联署检查点`)] : []
    const whole = noted('log-complete', '各条未被改动、先后有序；是否有遗漏，本文件不能单独证明')
    return [...entries, ...later, whole, ...(checkpoint ? checkpointFindings(checkpoint, belief, true) : [])]
  } catch {
    return [broken('malformed', '文件格式不符：不是标段日志')]
  }
}
