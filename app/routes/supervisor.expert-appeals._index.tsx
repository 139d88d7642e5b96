import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { listAppeals } from '~/trading/expert/appeal.server'
import { appealStateText, expertEventText } from '~/trading/expert/expert.text'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Page } from '~/ui/Page'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '专家申诉 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'expert.appeal', async ctx => ({ appeals: await listAppeals(ctx) }))

export default function Appeals() {
  const { appeals } = useLoaderData<typeof loader>()
  return (
    <Page title="专家申诉" meta="由未作出原决定的人员处理。">
      <DataTable
        caption="申诉"
        rows={appeals}
        rowKey={row => row.id}
        empty={<EmptyState title="没有申诉">专家对暂停、清退、禁止参加评标和不予入库的决定可以申诉一次。</EmptyState>}
        columns={[
          { head: '专家', cell: row => <Link to={paths.expertAppeal(row.id)}>{row.code}</Link>, rowHead: true },
          { head: '针对', cell: row => expertEventText[row.against.event] },
          { head: '提出时间', cell: row => <When at={row.filedAt} /> },
          { head: '状态', cell: row => appealStateText[row.state], first: true },
        ]}
      />
    </Page>
  )
}
