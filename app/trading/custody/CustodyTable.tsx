import { Link } from '@remix-run/react'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Section } from '~/ui/layout'
import { LotTag } from '../lot/LotTag'
import type { Custody } from './custody.read.server'
import { dueText } from './custody.text'

/** Lots that wait for this custodian. */
export function CustodyTable({ lots, href }: { lots: Custody[]; href: (lotId: string) => string }) {
  return (
    <Section title="等待本机构办理">
      <DataTable
        caption="等待本机构办理的标段"
        rows={lots}
        rowKey={lot => lot.lotId}
        empty={<EmptyState title="目前没有待办">需要登记密钥、会签或释放密钥时列在这里。</EmptyState>}
        columns={[
          { head: '标段', rowHead: true, first: true, cell: lot => <Link to={href(lot.lotId)}>{lot.lotName}</Link> },
          { head: '编号', cell: lot => lot.lotCode },
          { head: '状态', cell: lot => <LotTag state={lot.state} /> },
          { head: '待办', cell: lot => (lot.due ? dueText[lot.due] : '') },
        ]}
      />
    </Section>
  )
}
