import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import { DataTable } from '~/ui/DataTable'
import { KeyValues } from '~/ui/KeyValues'
import { Tag } from '~/ui/Tag'
import { When } from '~/ui/When'
import type { readOwnClearance } from './clearance.read.server'
import { clearanceActText, clearanceStateText } from './expert.text'

export type ClearanceView = Awaited<ReturnType<typeof readOwnClearance>>

const actText = ({ act, actMonths }: ClearanceView) => `${clearanceActText[act]}${actMonths ? ` ${actMonths} 个月` : ''}`
const tone = { proposed: 'active', 'carried-out': 'warn', dropped: 'done' } as const

/** Clearances with their state; the first column leads to each. */
export function ClearanceTable({ rows, to, empty }: { rows: ClearanceView[]; to: (id: string) => string; empty?: ReactNode }) {
  return (
    <DataTable
      caption="处理（清退、暂停等）"
      rows={rows}
      rowKey={row => row.id}
      empty={empty}
      columns={[
        { head: '专家', cell: row => <Link to={to(row.id)}>{row.code}</Link>, rowHead: true },
        { head: '处理', cell: row => actText(row) },
        { head: '提出时间', cell: row => <When at={row.proposedAt} /> },
        { head: '陈述申辩', cell: row => (row.statedAt ? '已提交' : <When at={row.statementUntil} />) },
        { head: '状态', cell: row => <Tag tone={tone[row.state]}>{clearanceStateText[row.state]}</Tag>, first: true },
      ]}
    />
  )
}

/** One clearance: act, ground, the expert's word, the decision. */
export function ClearanceFacts({ clearance }: { clearance: ClearanceView }) {
  const { state, points, source, reason, proposedAt, statementUntil, statement, decision, decidedAt } = clearance
  return (
    <KeyValues
      items={[
        { label: '状态', value: clearanceStateText[state] },
        { label: '处理', value: actText(clearance) },
        ...(source ? [{ label: '依据', value: source }] : []),
        ...(points > 0 ? [{ label: '累计记分', value: `${points} 分` }] : []),
        { label: '事实和理由', value: reason },
        { label: '提出时间', value: <When at={proposedAt} /> },
        { label: '可陈述申辩至', value: <When at={statementUntil} /> },
        { label: '本人陈述申辩', value: statement ?? '未提交' },
        ...(decision ? [{ label: '决定', value: decision }] : []),
        ...(decidedAt ? [{ label: '决定时间', value: <When at={decidedAt} /> }] : []),
      ]}
    />
  )
}
