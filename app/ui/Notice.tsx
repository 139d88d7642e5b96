import type { ReactNode } from 'react'

type Kind = 'info' | 'done' | 'warn' | 'bad'

const kinds: Record<Kind, { edge: string; word: string }> = {
  info: { edge: 'border-primary', word: '说明' },
  done: { edge: 'border-success', word: '已完成' },
  warn: { edge: 'border-warning', word: '注意' },
  bad: { edge: 'border-error', word: '警告' },
}

const ink: Record<Kind, string> = { info: 'text-primary', done: 'text-success', warn: 'text-warning', bad: 'text-error' }

type NoticeProps = { kind?: Kind; title?: string; children: ReactNode }

/** Something to know before going on. */
export function Notice({ kind = 'info', title, children }: NoticeProps) {
  return (
    <div className={`max-w-prose border border-s-4 px-4 py-2 ${kinds[kind].edge}`}>
      <p className={`font-semibold ${ink[kind]}`}>{title ?? kinds[kind].word}</p>
      <div>{children}</div>
    </div>
  )
}

/** The same, when it just happened: it is read out at once. */
export function Alert(props: NoticeProps) {
  return (
    <div role={props.kind === 'bad' || props.kind === 'warn' ? 'alert' : 'status'}>
      <Notice {...props} />
    </div>
  )
}

/** Stands where content would be that nobody may see yet: it exists, and it is closed to everyone. */
export function SealedNotice({ children = '开标前任何人（包括平台）不可见。' }: { children?: ReactNode }) {
  return <p className="max-w-prose border border-dashed border-[#6b747d] bg-base-200 px-4 py-4">{children}</p>
}
