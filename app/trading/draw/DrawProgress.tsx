import { DataTable } from '~/ui/DataTable'
import { Hash } from '~/ui/Hash'
import { KeyValues } from '~/ui/KeyValues'
import { Notice } from '~/ui/Notice'
import { Proof } from '~/ui/Proof'
import { Steps } from '~/ui/Steps'
import { Tag, type Tone } from '~/ui/Tag'
import { When } from '~/ui/When'
import { drawSteps, stepOf, stoppedStates } from './draw'
import type { readDraw } from './draw.read.server'
import { drawPartyText, drawStateText, drawStepText } from './draw.text'
import { obstacleLines } from './obstacle.text'

export type DrawView = Awaited<ReturnType<typeof readDraw>>

const tones: Partial<Record<DrawView['state'], Tone>> = {
  complete: 'done',
  void: 'bad',
  infeasible: 'bad',
  ended: 'bad',
  requested: 'warn',
}

export const DrawTag = ({ state }: { state: DrawView['state'] }) => (
  <Tag tone={tones[state] ?? 'active'}>{drawStateText[state]}</Tag>
)

const notes = (draw: DrawView): Partial<Record<(typeof drawSteps)[number], string>> => ({
  commit: draw.missing.length > 0 ? `等待代理程序登记：${draw.missing.map(partyName).join('、')}` : undefined,
  fix: draw.checkpointSize === null ? undefined : `第 ${draw.checkpointSize} 条检查点，见证方已联署`,
  contact: draw.state === 'contacting' ? '谢绝、未答复或回避的，按同一排序由下一名递补，不再重新抽取。' : undefined,
})

const partyName = (party: string) => (party === 'witness' ? '见证方' : drawPartyText[party as keyof typeof drawPartyText])

/** Why a draw stopped, or is about to. */
function Stops({ draw }: { draw: DrawView }) {
  return (
    <>
      {draw.state === 'infeasible' ? (
        <Notice kind="bad" title="按现有条件无法组成评标委员会，未进行抽取">
          {obstacleLines(draw.obstacle).map(line => (
            <p key={line}>{line}</p>
          ))}
        </Notice>
      ) : null}
      {draw.state === 'ended' ? (
        <Notice kind="warn" title="所评标段均已终止或流标，不再评标；已通知的专家不再占用">
          {(draw.endReason ?? '').split('\n').map(line => (
            <p key={line}>{line}</p>
          ))}
        </Notice>
      ) : null}
      {draw.voidReason ? (
        <Notice kind="warn" title={draw.state === 'void' ? '本次抽取已作废' : '已有一人申请作废，待另一人确认'}>
          {draw.voidReason}
        </Notice>
      ) : null}
    </>
  )
}

/** The six steps of a draw, ticked as they are done. */
export function DrawSteps({ draw }: { draw: DrawView }) {
  const current = stepOf(draw.state, draw.isCommitted)
  const at = current === null ? drawSteps.length : drawSteps.indexOf(current)
  const isStopped = stoppedStates.includes(draw.state)
  const stateAt = (index: number) => (index < at ? 'done' : index === at ? 'current' : 'waiting')
  const steps = drawSteps.map((step, index) => {
    const note = notes(draw)[step]
    return {
      text: drawStepText[step],
      state: isStopped ? ('failed' as const) : stateAt(index),
      ...(note ? { note } : {}),
    } as const
  })
  return (
    <>
      <Stops draw={draw} />
      <Steps steps={steps} label="抽取进程" />
    </>
  )
}

/** What each of the four parties has done; nobody's secret, and nobody's name. */
export function PartyTable({ draw }: { draw: DrawView }) {
  return (
    <DataTable
      caption="四方进度"
      rows={draw.progress}
      rowKey={row => row.party}
      columns={[
        { head: '参与方', cell: row => drawPartyText[row.party], rowHead: true },
        { head: '承诺', cell: row => (row.committed ? '已承诺' : '待承诺') },
        { head: '确认他方份额', cell: row => `${row.acknowledged} / ${row.of}`, numeric: true },
        { head: '公开份额', cell: row => `${row.revealed} / ${row.of}`, numeric: true },
      ]}
    />
  )
}

/** Seats of the panel by commitment: names stay closed until the law opens them (招标投标法 37). */
export function SeatTable({ draw }: { draw: DrawView }) {
  if (draw.seats.length === 0) return null
  return (
    <DataTable
      caption="评标委员会席位（评标结果确定前姓名保密）"
      rows={draw.seats.map((seat, at) => ({ ...seat, key: `${seat.seat} ${at}` }))}
      rowKey={row => row.key}
      columns={[
        { head: '席位', cell: row => row.seat, rowHead: true },
        { head: '专家承诺值', cell: row => (row.c ? <Hash value={row.c} label="专家承诺值" /> : '空缺，无人可递补') },
        { head: '答复', cell: row => (row.accepted ? '已接受' : row.c ? '待答复' : '—') },
      ]}
    />
  )
}

/** The transcript, once there is one to hand over. */
function DrawProof({ draw }: { draw: DrawView }) {
  if (draw.attempt === null) return null
  return (
    <Proof
      proves="名单由事先承诺的专家库快照、规则和四方随机数唯一确定，任何一方不能单独左右结果。"
      by="四方代理程序的签名与见证方联署的日志检查点"
      check={
        <>
          下载抽取记录后，在另一台电脑上运行 <code>npm run verify -- --anchors anchors.json transcript.json</code>
        </>
      }
      download={{ href: `/api/v1/draws/${draw.id}/transcript`, name: `${draw.drawId}.transcript.json` }}
    />
  )
}

const seatLine = ({ seat, n, disc, region }: DrawView['rules']['seats'][number]) =>
  `${seat} ${n} 人（专业 ${disc.join('、')}${region ? `；地区 ${region.join('、')}` : ''}）`

const countLine = (digest: { size: number } | null) => (digest ? `${digest.size} 人` : '抽取开始时确定')

/** The draw's facts, with the proof once there is one to hand over. */
export function DrawFacts({ draw }: { draw: DrawView }) {
  return (
    <>
      <KeyValues
        items={[
          { label: '抽取编号', value: draw.drawId },
          { label: '席位', value: draw.rules.seats.map(seatLine).join('\n') },
          { label: '评标时间', value: <When at={draw.evaluationAt} /> },
          { label: '评标地点', value: `${draw.city}，预计 ${draw.hours} 小时` },
          { label: '专家库快照', value: countLine(draw.pool) },
          { label: '合格人数', value: countLine(draw.eligible) },
          { label: '回避与不合格', value: countLine(draw.excluded) },
          ...(draw.drawnAt ? [{ label: '抽取时间', value: <When at={draw.drawnAt} seconds /> }] : []),
        ]}
      />
      <DrawProof draw={draw} />
    </>
  )
}
