import { DataTable } from '~/ui/DataTable'
import { exclusionText } from '../expert/expert.text'
import type { AvoidedCounts } from './avoided.read.server'

/** How many could not be drawn, by reason; public once the result is known. */
export function AvoidedTable({ rows }: { rows: AvoidedCounts }) {
  return (
    <DataTable
      caption="符合席位条件但未能抽取的人数"
      rows={rows}
      rowKey={row => row.reason}
      columns={[
        { head: '原因', cell: row => exclusionText[row.reason], rowHead: true, first: true },
        { head: '抽取前排除', cell: row => row.before, numeric: true },
        { head: '截止后核对退出', cell: row => row.after, numeric: true },
      ]}
    />
  )
}
