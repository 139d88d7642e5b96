import { useEffect, useState } from 'react'
import type { LogTimeline, TimelineCheck } from '@/crypto/timeline'
import { LinkButton } from '~/ui/Button'
import { Actions, Bullets, Remark, Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { TimelineTable } from './TimelineTable'
import { isSound, linesOf } from './timeline'
import { checkHere } from './timeline-client'

type Props = { timeline: LogTimeline; names: Record<string, string>; download: string }

/** A lot's log, oldest first, each entry checked in this browser; without scripts it lists the same and offers the file. */
export function TimelineView({ timeline, names, download }: Props) {
  const [check, setCheck] = useState<TimelineCheck | null>(null)
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    let isShown = true
    checkHere(timeline)
      .then(found => isShown && setCheck(found))
      .catch((error: unknown) => isShown && setProblem(error instanceof Error ? error.message : '核验未完成。'))
    return () => {
      isShown = false
    }
  }, [timeline])
  const lines = linesOf(timeline, names)
  return (
    <Section title="日志" aside={`${lines.length} 条，先后为序`}>
      <p className="max-w-prose">
        每一步都是一条只能追加的日志记录。截标之前，投标的递交、替换和撤回不在其中，任何人不可见（《招标投标法》第二十二条）；截标后按日志序号列出。
      </p>
      <div role="status">
        <Verdict check={check} problem={problem} />
      </div>
      <TimelineTable lines={lines} check={check} />
      <Actions>
        <LinkButton to={download} download>
          下载日志与证明（JSON）
        </LinkButton>
      </Actions>
      <Remark>
        下载后可在没有本平台的计算机上核验：npm run verify -- --anchors anchors.json
        timeline.json。证明保证所列各条未被改动、先后有序；是否有遗漏，由见证方对整个日志的联署约束。
      </Remark>
    </Section>
  )
}

function sentences({ proven, waiting, broken, size, isLogSigned, witnesses }: TimelineCheck): string[] {
  return [
    `${proven} 条记录的证明成立，通向 ${size ?? 0} 条的检查点。`,
    ...(waiting > 0 ? [`${waiting} 条新记录尚待下一个联署检查点。`] : []),
    ...(broken.length > 0 ? [`第 ${broken.join('、')} 条的证明不成立。`] : []),
    isLogSigned ? '检查点由本平台的日志密钥签署。' : '检查点不是信任锚中的日志密钥签署的。',
    witnesses.length > 0 ? `见证方 ${witnesses.join('、')} 已联署。` : '检查点没有见证方的有效联署。',
  ]
}

function Verdict({ check, problem }: { check: TimelineCheck | null; problem: string | undefined }) {
  if (problem) return <Notice kind="bad">{problem}</Notice>
  if (!check) return <Notice title="正在本机核验">逐条重算叶子、核对证明和签名。未启用 JavaScript 时，请下载后离线核验。</Notice>
  if (check.size === null) return <Notice title="尚不能核验">还没有见证方联署的检查点，请稍后刷新。</Notice>
  const isGood = isSound(check)
  return (
    <Notice kind={isGood ? 'done' : 'bad'} title={isGood ? '本机核验通过' : '本机核验未通过'}>
      <Bullets items={sentences(check)} />
    </Notice>
  )
}
