import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import { DataTable } from '~/ui/DataTable'
import { Tag } from '~/ui/Tag'
import { Day, When } from '~/ui/When'
import { type ComplaintKind, type ComplaintState, complaintKindText, complaintStateText, complaintTone } from './complaint.text'

type Row = {
  id: string
  number: string
  kind: ComplaintKind
  state: ComplaintState
  caseNumber: string | null
  filedAt: Date
  dueOn: string
  text: string
  answer: string
}

/** Complaints and follow-ups of bad ratings; the answer stands beside the words it answers. */
export function ComplaintTable({ rows, path, empty }: { rows: Row[]; path?: (id: string) => string; empty: ReactNode }) {
  return (
    <DataTable
      caption="投诉与差评"
      rows={rows}
      rowKey={row => row.id}
      empty={empty}
      columns={[
        {
          head: '编号',
          rowHead: true,
          first: true,
          cell: row => (path ? <Link to={path(row.id)}>{row.number}</Link> : row.number),
        },
        { head: '类别', cell: row => complaintKindText[row.kind] },
        { head: '状态', cell: row => <Tag tone={complaintTone[row.state]}>{complaintStateText[row.state]}</Tag> },
        { head: '办件编号', cell: row => row.caseNumber ?? '—' },
        { head: '收到', cell: row => <When at={row.filedAt} /> },
        { head: '答复期限', cell: row => <Day on={row.dueOn} /> },
        { head: '内容与答复', cell: row => (row.answer ? `${row.text}\n答复：${row.answer}` : row.text) },
      ]}
    />
  )
}
