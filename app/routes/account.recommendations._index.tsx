import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { listToRecommend } from '~/trading/expert/application.read.server'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Page } from '~/ui/Page'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '专家推荐 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'expert.recommend', async ctx => ({ applications: await listToRecommend(ctx) }))

export default function Recommendations() {
  const { applications } = useLoaderData<typeof loader>()
  return (
    <Page title="专家推荐" meta="本单位人员申请成为评标专家的，由单位出具推荐意见。">
      <DataTable
        caption="待推荐"
        rows={applications}
        rowKey={row => row.id}
        empty={<EmptyState title="没有待推荐的申请">本单位人员提交申请后列在这里。</EmptyState>}
        columns={[
          { head: '编号', cell: row => <Link to={paths.recommendation(row.id)}>{row.code}</Link>, rowHead: true },
          { head: '主评专业', cell: row => row.mainDisc },
          { head: '提交时间', cell: row => <When at={row.createdAt} /> },
        ]}
      />
    </Page>
  )
}
