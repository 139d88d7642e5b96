import type { ReactNode } from 'react'

/** Read out when it changes; `urgent` interrupts, for refusals and deadlines only. */
export function LiveRegion({
  children,
  urgent = false,
  hidden = false,
}: {
  children: ReactNode
  urgent?: boolean
  hidden?: boolean
}) {
  return (
    <div
      role={urgent ? 'alert' : 'status'}
      aria-live={urgent ? 'assertive' : 'polite'}
      className={hidden ? 'sr-only' : undefined}
    >
      {children}
    </div>
  )
}

/** Whether this page still hears the server. Said in words; the page itself stays usable either way. */
export function ConnectionState({ connected }: { connected: boolean | null }) {
  const text = connected === null ? '正在连接' : connected ? '已连接，自动更新' : '连接中断，正在重连；也可刷新页面'
  return (
    <LiveRegion>
      <span className={connected === false ? 'text-error' : 'text-quiet'}>{text}</span>
    </LiveRegion>
  )
}
