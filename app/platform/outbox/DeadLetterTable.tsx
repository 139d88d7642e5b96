import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { PostButton } from '~/ui/PostForm'
import { When } from '~/ui/When'
import type { DeadLetter } from './dead-letter.server'
import { jobText } from './job.text'

const columns = [
  { head: '编号', cell: (d: DeadLetter) => d.id, numeric: true, rowHead: true },
  { head: '任务', cell: (d: DeadLetter) => jobText[d.job] ?? d.job, first: true },
  { head: '放弃时间', cell: (d: DeadLetter) => <When at={d.failedAt} seconds /> },
  { head: '尝试次数', cell: (d: DeadLetter) => d.attempts, numeric: true },
  { head: '故障类别', cell: (d: DeadLetter) => d.problem ?? '—' },
  { head: '处理', cell: (d: DeadLetter) => <PostButton values={{ id: String(d.id) }}>重新执行 {d.id}</PostButton> },
]

/** Promises that were given up; doing one again is an act in the log. */
export function DeadLetterTable({ letters }: { letters: DeadLetter[] }) {
  return (
    <DataTable
      caption="已放弃的任务"
      rows={letters}
      columns={columns}
      rowKey={d => String(d.id)}
      empty={<EmptyState title="没有已放弃的任务">多次失败后停止重试的任务列在这里，由运维查明原因后重新执行。</EmptyState>}
    />
  )
}
