import { useId } from 'react'
import { formatSpan } from '~/shared/time'

type ProgressProps = {
  /** What is being done: 正在加密 技术标.pdf */
  what: string
  done: number
  total: number
  unit: string
  /** Units per second, once there is a measure. */
  perSecond?: number | null
  leaving?: string
}

const count = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 1 })

/** Long work: what, how much, how fast, how long still, and what happens if you leave. */
export function Progress({ what, done, total, unit, perSecond, leaving }: ProgressProps) {
  const id = useId()
  const share = total > 0 ? Math.min(1, done / total) : 0
  const secondsLeft = perSecond && perSecond > 0 ? Math.ceil((total - done) / perSecond) : null
  return (
    <div className="flex max-w-prose flex-col gap-1">
      <label htmlFor={id} className="font-semibold">
        {what}
      </label>
      <progress id={id} className="progress w-full" value={share} max={1} />
      <p>
        {count.format(done)} / {count.format(total)} {unit}（{Math.floor(share * 100)}%）
        {perSecond ? `，每秒 ${count.format(perSecond)} ${unit}` : ''}
        {secondsLeft === null ? '' : secondsLeft > 0 ? `，约剩 ${formatSpan(secondsLeft)}` : '，已完成'}
      </p>
      {leaving ? <p className="text-quiet">{leaving}</p> : null}
    </div>
  )
}
