import { Link } from '@remix-run/react'
import { DataTable } from '~/ui/DataTable'
import { Tag } from '~/ui/Tag'
import { When } from '~/ui/When'
import { representativeStateText } from './draw.text'
import type { readDrawPage } from './draw-page.read.server'

export type RepresentativeView = Awaited<ReturnType<typeof readDrawPage>>['representatives'][number]

/** The tenderer's representatives, how far each is, and who must be replaced. */
export function RepresentativeTable({ rows, to }: { rows: RepresentativeView[]; to: (id: string) => string }) {
  return (
    <DataTable
      caption="招标人代表"
      rows={rows}
      rowKey={row => row.id}
      columns={[
        { head: '姓名', cell: row => row.name, rowHead: true },
        { head: '职务、职称', cell: row => row.title || '—' },
        { head: '报到', cell: row => (row.arrivedAt ? <When at={row.arrivedAt} /> : '—') },
        { head: '回避声明', cell: row => (row.declaredAt ? <When at={row.declaredAt} /> : '—') },
        {
          head: '状态',
          cell: row => (
            <Tag tone={row.isReplaceable ? 'warn' : row.state === 'accepted' ? 'done' : 'active'}>
              {representativeStateText[row.state]}
            </Tag>
          ),
          first: true,
        },
        { head: '办理', cell: row => (row.isReplaceable ? <Link to={to(row.id)}>另行指定</Link> : '—') },
      ]}
    />
  )
}
