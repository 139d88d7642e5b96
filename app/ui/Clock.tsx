import { formatInstant } from '~/shared/time'
import { useNow } from './use-now'

/** The server's clock, its difference to this machine, and the time zone: the only clock that decides. */
export function Clock() {
  const { now, offsetMs } = useNow()
  return (
    <p className="text-[0.9375rem]">
      <span className="text-quiet">服务器时间 </span>
      <time dateTime={now.toISOString()} className="whitespace-nowrap font-semibold tabular-nums">
        {formatInstant(now)}
      </time>
      <span className="whitespace-nowrap text-quiet">
        {' '}
        北京时间（UTC+8）{offsetMs === null ? '' : `，${difference(offsetMs)}`}
      </span>
    </p>
  )
}

function difference(offsetMs: number): string {
  const seconds = Math.abs(offsetMs) / 1000
  if (seconds < 0.05) return '与本机一致'
  return `本机${offsetMs > 0 ? '慢' : '快'} ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} 秒`
}
