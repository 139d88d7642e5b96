import { DataTable } from '~/ui/DataTable'
import { KeyValues } from '~/ui/KeyValues'
import { When } from '~/ui/When'
import type { OwnRecordView } from './ExpertRecord'

/** Who an expert is. Only on pages whose opening is logged, and on the expert's own. */
export function Identity({ person }: { person: OwnRecordView['person'] }) {
  return (
    <KeyValues
      items={[
        { label: '姓名', value: person.name },
        { label: '证件号码', value: person.idNumber },
        { label: '手机', value: person.phone },
        { label: '邮箱', value: person.email ?? '—' },
        { label: '职称', value: person.title },
        { label: '收款账户', value: person.bank ? `${person.bank.name} ${person.bank.account}` : '—' },
      ]}
    />
  )
}

const seatText: Record<string, string> = { accepted: '参加', avoid: '回避退出' }

/** How it went; where the lots ended first, why. */
const courseText = ({ drawState, endReason, arrivedAt, state }: OwnRecordView['engagements'][number]) => {
  if (drawState === 'void') return '未评标：抽取作废'
  return endReason ? `${arrivedAt ? '评标中止' : '未评标'}：${endReason}` : (seatText[state] ?? state)
}

/** Evaluations taken part in, for life. */
export function Engagements({ rows }: { rows: OwnRecordView['engagements'] }) {
  return (
    <DataTable
      caption="评标经历"
      rows={rows}
      rowKey={row => `${row.lotCode} ${row.seat} ${String(row.evaluationAt)}`}
      columns={[
        { head: '标段', cell: row => `${row.lotName}（${row.lotCode}）`, rowHead: true },
        { head: '席位', cell: row => row.seat },
        { head: '评标时间', cell: row => <When at={row.evaluationAt} /> },
        { head: '情况', cell: row => courseText(row) },
      ]}
    />
  )
}

/** Who looked at an expert's identity, when and what for: the expert's own to read. */
export function Looks({ rows }: { rows: OwnRecordView['looks'] }) {
  return (
    <DataTable
      caption="查看记录"
      rows={rows}
      rowKey={row => `${String(row.at)} ${row.byName} ${row.purpose}`}
      columns={[
        { head: '时间', cell: row => <When at={row.at} />, rowHead: true },
        { head: '单位', cell: row => row.organisationName },
        { head: '查看人', cell: row => row.byName },
        { head: '用途', cell: row => row.purpose },
      ]}
    />
  )
}
