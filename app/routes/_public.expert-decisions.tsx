import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { expertEventText } from '~/trading/expert/expert.text'
import { listDecisions } from '~/trading/expert/library.read.server'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Page } from '~/ui/Page'
import { Pagination } from '~/ui/Pagination'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '评标专家处理决定 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'portal.read', async (ctx, _params, url) => {
    const at = Math.min(100_000, Math.max(1, Math.trunc(Number(url.searchParams.get('page'))) || 1))
    return { ...(await listDecisions(ctx, at)), at }
  })

export default function Decisions() {
  const { decisions, total, pageSize, at } = useLoaderData<typeof loader>()
  return (
    <Page title="评标专家处理决定" meta="暂停、清退和禁止参加评标的决定对外公开（发改法规规〔2022〕1117号）。">
      <DataTable
        caption={`共 ${total} 项`}
        rows={decisions}
        rowKey={row => row.id}
        empty={<EmptyState title="没有处理决定">有新的决定时在这里公开。</EmptyState>}
        columns={[
          { head: '专家', cell: row => `${row.name}（${row.code}）`, rowHead: true },
          { head: '决定', cell: row => expertEventText[row.event], first: true },
          { head: '原因', cell: row => row.reason },
          { head: '时间', cell: row => <When at={row.at} /> },
          { head: '至', cell: row => (row.until ? <When at={row.until} /> : '—') },
        ]}
      />
      <Pagination page={at} pageSize={pageSize} total={total} />
    </Page>
  )
}
