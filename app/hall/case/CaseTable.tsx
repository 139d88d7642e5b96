import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import type { Day as DayText } from '~/shared/time'
import { DataTable } from '~/ui/DataTable'
import { Day, When } from '~/ui/When'
import { CaseTag, LightTag } from './CaseFacts'
import type { CaseState, Light } from './case'

type Brief = { id: string; number: string; itemName: string; state: CaseState; submittedAt: Date; dueOn?: DayText; light?: Light }

type CaseTableProps = { caption: string; rows: Brief[]; path: (caseId: string) => string; empty: ReactNode }

/** Cases, one a row; with limits and lights where the desk has given them. */
export function CaseTable({ caption, rows, path, empty }: CaseTableProps) {
  return (
    <DataTable
      caption={caption}
      rows={rows}
      rowKey={row => row.id}
      empty={empty}
      columns={[
        { head: '办件', rowHead: true, first: true, cell: row => <Link to={path(row.id)}>{row.itemName}</Link> },
        { head: '编号', cell: row => row.number },
        { head: '状态', cell: row => <CaseTag state={row.state} /> },
        { head: '提交时间', cell: row => <When at={row.submittedAt} /> },
        { head: '期限', cell: row => (row.dueOn ? <Day on={row.dueOn} /> : '—') },
        { head: '办理时效', cell: row => (row.light ? <LightTag light={row.light} /> : '—') },
      ]}
    />
  )
}
