import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { When } from '~/ui/When'
import { groupNameOf } from './lot.text'

type Named = { idx: number; name: string; interestGroup: string; keyedAt: Date | null; cosignedAt: Date | null }

const doneAt = (at: Date | null) => (at ? <When at={at} /> : '未办理')

/** Who keeps the keys of a lot, in the order of the container's header, and what each has done. */
export function CustodianTable({ custodians }: { custodians: Named[] }) {
  return (
    <DataTable
      caption="保管人"
      rows={custodians}
      rowKey={c => String(c.idx)}
      empty={<EmptyState title="还没有指定保管人">指定后列在这里；平台不是保管人，也不持有密钥。</EmptyState>}
      columns={[
        { head: '保管人', rowHead: true, first: true, cell: c => c.name },
        { head: '利益方', cell: c => groupNameOf(c.interestGroup) },
        { head: '登记密钥', cell: c => doneAt(c.keyedAt) },
        { head: '会签策略', cell: c => doneAt(c.cosignedAt) },
      ]}
    />
  )
}
