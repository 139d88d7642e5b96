import type { ReactNode } from 'react'
import { When } from './When'

export type TimelineEntry = { key: string; at: Date; text: ReactNode; who?: string; evidence?: ReactNode }

/** What happened to a record, oldest first, each with who did it and the evidence. */
export function Timeline({ entries, label = '经过' }: { entries: TimelineEntry[]; label?: string }) {
  return (
    <ol aria-label={label} className="border-s-2 border-rule">
      {entries.map(entry => (
        <li key={entry.key} className="relative ps-6 pb-4 compact:pb-2">
          <span aria-hidden="true" className="absolute -start-[7px] top-2 size-3 border-2 border-primary bg-base-100" />
          <p className="text-quiet">
            <When at={entry.at} seconds />
            {entry.who ? ` · ${entry.who}` : ''}
          </p>
          <div>{entry.text}</div>
          {entry.evidence}
        </li>
      ))}
    </ol>
  )
}

/** What is happening in a live room, newest first; new lines are read out. */
export function EventList({ entries, label = '实时记录' }: { entries: TimelineEntry[]; label?: string }) {
  return (
    <div role="log" aria-live="polite" aria-label={label}>
      <ol className="flex flex-col border-t border-rule">
        {entries.map(entry => (
          <li key={entry.key} className="flex flex-wrap gap-x-4 border-b border-rule py-1">
            <span className="text-quiet">
              <When at={entry.at} seconds />
            </span>
            <span className="min-w-64 flex-1">
              {entry.text}
              {entry.who ? <span className="text-quiet">（{entry.who}）</span> : null}
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}
