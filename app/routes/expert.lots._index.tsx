import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { listOwnLots } from '~/trading/draw/arrival.server'
import { LotTag } from '~/trading/lot/LotTag'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Page } from '~/ui/Page'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '我的评标 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.act', ctx => listOwnLots(ctx))

export default function ExpertLots() {
  const lots = useLoaderData<typeof loader>()
  return (
    <Page title="我的评标">
      <DataTable
        caption="已接受的评标任务"
        rows={lots}
        rowKey={row => row.lotId}
        empty={<EmptyState title="没有评标任务">收到短信邀请并接受后，任务列在这里。</EmptyState>}
        columns={[
          { head: '标段', cell: row => <Link to={paths.expertArrival(row.lotId)}>{row.name}</Link>, rowHead: true },
          { head: '席位', cell: row => row.seat },
          { head: '时间', cell: row => <When at={row.evaluationAt} /> },
          { head: '地点', cell: row => `${row.city} ${row.place}` },
          { head: '本人进度', cell: row => (row.declaredAt ? '已声明' : row.arrivedAt ? '已报到' : '待报到') },
          { head: '标段状态', cell: row => <LotTag state={row.state} />, first: true },
        ]}
      />
    </Page>
  )
}
