import { formatSpan } from '~/shared/time'
import { type Explanation, WhyThisDay } from './Disclosure'
import { useNow } from './use-now'
import { When } from './When'

type CountdownProps = {
  label: string
  until: Date
  /** What the rule counts in, where it counts days. */
  unit?: '日' | '工作日'
  passed?: string
  explain?: Explanation | null
}

/** A limit: date, time, how long still, the unit the rule counts in, and why it falls on this day. */
export function Countdown({ label, until, unit, passed = '已截止', explain }: CountdownProps) {
  const { now } = useNow()
  const left = until.getTime() - now.getTime()
  return (
    <div className="flex flex-col gap-1">
      <p className="text-quiet">{label}</p>
      <p className="text-lg font-semibold">
        <When at={until} seconds />
      </p>
      <p>
        <span
          role="timer"
          aria-label={`${label}剩余时间`}
          className={`tabular-nums ${left > 0 && left < 3_600_000 ? 'font-bold text-error' : ''}`}
        >
          {left > 0 ? `剩余 ${formatSpan(left / 1000)}` : passed}
        </span>
        {unit ? <span className="text-quiet">（按{unit}计）</span> : null}
      </p>
      {explain ? <WhyThisDay {...explain} /> : null}
    </div>
  )
}

/** How long still, beside an absolute time in a list. */
export function Remaining({ until, passed = '已截止' }: { until: Date; passed?: string }) {
  const { now } = useNow()
  const left = until.getTime() - now.getTime()
  return <span className="whitespace-nowrap tabular-nums">{left > 0 ? `剩余 ${formatSpan(left / 1000)}` : passed}</span>
}
