import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { listLibrary } from '~/trading/draw/draw.read.server'
import { expertStateText } from '~/trading/expert/expert.text'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { FilterBar } from '~/ui/FilterBar'
import { Page } from '~/ui/Page'
import { Pagination } from '~/ui/Pagination'
import { TextField } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '专家库 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'expert.manage', async (ctx, _params, url) => {
    const [code = '', disc = ''] = [url.searchParams.get('code') ?? '', url.searchParams.get('disc') ?? '']
    const at = Math.max(1, Number(url.searchParams.get('page')) || 1)
    return { ...(await listLibrary(ctx, { code, disc, page: at })), code, disc, at }
  })

export default function Experts() {
  const { rows, total, pageSize, states, code, disc, at } = useLoaderData<typeof loader>()
  const summary = states.map(one => `${expertStateText[one.state]} ${one.count} 人`).join('，')
  return (
    <Page title="专家库" meta={`${summary}。身份信息加密保存，只用于通知和现场核对。`}>
      <FilterBar>
        <TextField name="code" label="专家编号" value={code} optional />
        <TextField name="disc" label="专业代码" value={disc} optional />
      </FilterBar>
      <DataTable
        caption={`共 ${total} 人`}
        rows={rows}
        rowKey={row => row.code}
        empty={<EmptyState title="没有符合条件的专家">请放宽专业代码，例如只填 A08。</EmptyState>}
        columns={[
          { head: '编号', cell: row => <Link to={paths.supervisorExpert(row.code)}>{row.code}</Link>, rowHead: true },
          { head: '专业', cell: row => row.disc.join('、') },
          { head: '地区', cell: row => row.regionCode },
          { head: '工作单位', cell: row => row.employerName },
          { head: '状态', cell: row => expertStateText[row.state], first: true },
        ]}
      />
      <Pagination page={at} pageSize={pageSize} total={total} />
    </Page>
  )
}
