import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { LotTag } from '~/trading/lot/LotTag'
import { listSupervisedLots } from '~/trading/supervision/lots.read.server'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { SubLine } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '标段与日志 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'desk.supervisor', async ctx => ({ lots: await listSupervisedLots(ctx) }))

export default function SupervisedLots() {
  const { lots } = useLoaderData<typeof loader>()
  return (
    <Page title="标段与日志" back="/supervisor" backText="待办">
      <DataTable
        caption="监督范围内的标段，新的在前"
        rows={lots}
        rowKey={lot => lot.id}
        empty={<EmptyState title="还没有标段">监督范围内的标段建立后列在这里，归档后仍可查阅。</EmptyState>}
        columns={[
          {
            head: '标段',
            rowHead: true,
            first: true,
            cell: lot => (
              <>
                <Link to={paths.supervisorLot(lot.id)}>{lot.name}</Link>
                <SubLine>{lot.code}</SubLine>
              </>
            ),
          },
          { head: '项目', cell: lot => lot.projectName },
          { head: '状态', cell: lot => <LotTag state={lot.state} /> },
          { head: '建立时间', cell: lot => <When at={lot.createdAt} /> },
        ]}
      />
    </Page>
  )
}
