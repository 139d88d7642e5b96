import { formatInstant } from '~/shared/time'
import { ScreenHeader } from '~/ui/ScreenHeader'
import { PhaseStrip } from '~/ui/Steps'
import type { DrawView } from './DrawProgress'
import { drawSteps, stepOf, stoppedStates } from './draw'
import { drawPartyText, drawStateText, drawStepText } from './draw.text'
import type { DrawLine } from './draw-line.read.server'

const latest = 8
/** Nothing on the screen can be pressed: the whole commitment stands on the public page. */
const shortOf = (c: string) => `${c.slice(0, 8)}…${c.slice(-8)}`

function Phases({ draw }: { draw: DrawView }) {
  const current = stepOf(draw.state, draw.isCommitted)
  const at = current === null ? drawSteps.length : drawSteps.indexOf(current)
  const isStopped = stoppedStates.includes(draw.state)
  const phases = drawSteps.map((step, index) => ({
    text: drawStepText[step],
    state: isStopped
      ? ('failed' as const)
      : index < at
        ? ('done' as const)
        : index === at
          ? ('current' as const)
          : ('waiting' as const),
  }))
  return <PhaseStrip phases={phases} label="抽取进程" />
}

/** What was fixed before anybody's secret came out. */
function Numbers({ draw }: { draw: DrawView }) {
  const numbers = [
    { label: '专家库', size: draw.pool?.size },
    { label: '合格', size: draw.eligible?.size },
    { label: '不合格或回避', size: draw.excluded?.size },
  ]
  return (
    <dl className="flex flex-wrap gap-12">
      {numbers.map(({ label, size }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="text-4xl font-bold tabular-nums">{size === undefined ? '—' : `${size} 人`}</dd>
        </div>
      ))}
    </dl>
  )
}

function Parties({ draw }: { draw: DrawView }) {
  return (
    <ul aria-label="四方进度" className="grid grid-cols-2 gap-4 lg:grid-cols-4">
      {draw.progress.map(({ party, committed, acknowledged, of, revealed }) => (
        <li key={party} className="border border-rule p-4">
          <p className="font-bold">{drawPartyText[party]}</p>
          <p>{committed ? '已承诺' : '待承诺'}</p>
          <p className="tabular-nums">
            确认 {acknowledged}/{of} · 公开 {revealed}/{of}
          </p>
        </li>
      ))}
    </ul>
  )
}

function Seats({ draw }: { draw: DrawView }) {
  if (draw.seats.length === 0) return null
  return (
    <ol aria-label="席位" className="grid grid-cols-1 gap-x-12 gap-y-2 text-2xl lg:grid-cols-2">
      {draw.seats.map(({ seat, c, accepted }, at) => (
        <li key={`${seat} ${at}`} className="flex items-baseline justify-between gap-4 border-b border-rule py-2">
          <span className="font-semibold">{seat}</span>
          {c ? <code className="tabular-nums">{shortOf(c)}</code> : <span>空缺</span>}
          <span>{accepted ? '已接受' : c ? '待答复' : '—'}</span>
        </li>
      ))}
    </ol>
  )
}

type DrawScreenProps = { draw: DrawView; lines: DrawLine[]; connected: boolean | null }

/** A draw on the room's big screen: the steps as they happen, large, dark, nothing to press, nobody's name. */
export function DrawScreen({ draw, lines, connected }: DrawScreenProps) {
  return (
    <main id="main" data-theme="screen" className="flex min-h-dvh flex-col gap-6 bg-base-100 p-8 text-xl text-base-content">
      <ScreenHeader title={`专家抽取 · ${draw.lotName}`} connected={connected} />
      <Phases draw={draw} />
      <p className="text-2xl" role="status">
        {drawStateText[draw.state]}
      </p>
      <Numbers draw={draw} />
      <Parties draw={draw} />
      <Seats draw={draw} />
      <ol aria-label="抽取过程" className="mt-auto">
        {lines.slice(-latest).map(({ at, text }) => (
          <li key={`${at.toISOString()} ${text}`} className="tabular-nums">
            {formatInstant(at)} {text}
          </li>
        ))}
      </ol>
    </main>
  )
}
