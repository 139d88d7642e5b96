import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { DrawTag } from '~/trading/draw/DrawProgress'
import { listDraws } from '~/trading/draw/draw.read.server'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Page } from '~/ui/Page'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '专家抽取 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'draw.approve', ctx => listDraws(ctx))

export default function Draws() {
  const draws = useLoaderData<typeof loader>()
  return (
    <Page title="专家抽取" meta="核准组建申请，查看每一次抽取；作废的抽取也一直列在这里。">
      <DataTable
        caption="抽取"
        rows={draws}
        rowKey={row => row.id}
        empty={<EmptyState title="还没有抽取申请">代理机构提交评标委员会组建申请后，列在这里等待核准。</EmptyState>}
        columns={[
          { head: '标段', cell: row => <Link to={paths.supervisorDraw(row.id)}>{row.lotName}</Link>, rowHead: true },
          { head: '项目', cell: row => row.projectName },
          { head: '第几次', cell: row => row.number, numeric: true },
          { head: '评标时间', cell: row => <When at={row.evaluationAt} /> },
          { head: '状态', cell: row => <DrawTag state={row.state} />, first: true },
        ]}
      />
    </Page>
  )
}
