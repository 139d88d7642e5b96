// The outsider's check of a draw: replays tbid/draw.transcript@1 and says in Chinese what holds, what is unproven and what is broken.
import type { Anchors } from '../anchors.ts'
import type { Finding } from '../draw-fixed.ts'
import { verifyRecords } from '../draw-record.ts'
import { verifyTranscript } from '../draw-transcript.ts'

export type DrawReport = { proven: string[]; unproven: string[]; broken: string[] }

const sentences: Record<string, (about: string) => string> = {
  committed: about => `抽取前奏、各方承诺和相互确认都已先行写入日志，最后一条的序号为 ${about}`,
  witnessed: about => `见证方联署了其后首个检查点（${about} 条），公开值 V 由此唯一确定`,
  replayed: about => `按各方公开的随机数重算种子、排序、席位和递补，结果与公布的一致（${about}）`,
  'commitment-misfit': about => `${about} 公开的份额与其承诺不符：属该方违规，已记录，按份额计算，结果不受其影响`,
  issuer: about => `未核验密钥归属：${about}（未提供信任锚）`,
  malformed: about => `文件格式不符：${about}`,
  'draw-id': () => '抽取编号与日志中的前奏不一致',
  'rules-hash': () => '规则与事先承诺的不一致',
  'eligible-hash': () => '合格名单与事先承诺的不一致',
  'eligible-size': () => '合格名单人数与事先承诺的不一致',
  'share-signature': about => `公开的份额签名不符：${about}`,
  'share-hash': about => `公开的份额不是事先承诺的那一份：${about}`,
  'other-draw': about => `混入了另一次抽取的消息：${about}`,
  signature: about => `消息签名不符：${about}`,
  salt: about => `日志盐值格式不符：${about}`,
  'log-proof': about => `消息不在日志中：${about}`,
  incomplete: () => '承诺或确认不齐',
  'commit-shares': about => `承诺没有为每一个其他方各留一份：${about}`,
  ack: about => `份额确认不符：${about}`,
  'checkpoint-signature': () => '检查点不是该日志签署的',
  'checkpoint-early': () => '检查点早于最后一条承诺',
  'previous-signature': () => '前一检查点的签名或联署不符',
  'previous-late': () => '前一检查点晚于最后一条承诺：公开值不是取自其后的首个检查点',
  consistency: () => '前后两个检查点不相容：日志曾被改写',
  cosignature: () => '检查点没有见证方的唯一有效联署',
  'v-checkpoint': () => '监督方指定的检查点与所附的不是同一个',
  'v-previous': () => '监督方指定的前一检查点大小不符',
  'log-key': about => `日志密钥不在信任锚中：${about}`,
  'witness-key': about => `见证密钥不在信任锚中：${about}`,
  infeasible: () => '按规则无法组成评标委员会，却公布了结果',
  attempt: about => `轮次不符，应为 ${about}`,
  selected: () => '中选名单与重算结果不一致',
  alternates: () => '候补名单与重算结果不一致',
  panel: () => '最终组成与按答复递补的重算结果不一致',
  contacted: () => '被通知人员与重算结果不一致',
  records: about => `已公开的 ${about} 份专家记录与各自的承诺值和合格名单一致`,
  record: about => `公开的专家记录不是承诺值所对应的那一份：${about}`,
  'record-stranger': about => `公开的记录不属于本次抽取中被通知的人：${about}`,
  'record-row': about => `记录中的专业或地区与合格名单不一致：${about}`,
  'pool-proof': about => `被通知的专家不在专家库快照中：${about}`,
}

const say = ({ code, about }: Finding): string => sentences[code]?.(about) ?? `${code} ${about}`

/** Judges a transcript, or one with its opened records. With anchors, keys that are not among them break it; without, it can at best be consistent. Never throws. */
export function verifyDraw(transcript: unknown, anchors: Anchors | null): DrawReport {
  const trusted = anchors && { logs: [anchors.log.vkey], witnesses: anchors.witnesses.map(({ vkey }) => vkey) }
  const isRecords =
    typeof transcript === 'object' && transcript !== null && 't' in transcript && transcript.t === 'tbid/draw.records@1'
  const { proven, unproven, broken } = isRecords ? verifyRecords(transcript, trusted) : verifyTranscript(transcript, trusted)
  return { proven: proven.map(say), unproven: unproven.map(say), broken: broken.map(say) }
}
