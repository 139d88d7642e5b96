import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { expertStateText } from '~/trading/expert/expert.text'
import { readFilter } from '~/trading/expert/library.form.server'
import { listExperts } from '~/trading/expert/library.read.server'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { FilterBar, FilterSelect, SearchBox } from '~/ui/FilterBar'
import { Page } from '~/ui/Page'
import { Pagination } from '~/ui/Pagination'

export const meta: MetaFunction = () => [{ title: '专家库 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'expert.manage', async (ctx, _params, url) => {
    const filter = readFilter(url.searchParams)
    return { ...(await listExperts(ctx, filter)), at: filter.page }
  })

export default function Experts() {
  const { rows, total, pageSize, states, at } = useLoaderData<typeof loader>()
  const choices = states.map(({ state, count }) => ({ value: state, text: expertStateText[state], count }))
  return (
    <Page title="专家库" meta="身份信息加密保存，只用于通知和现场核对；每次查看均留痕并告知本人。">
      <FilterBar count={total} unit="人">
        <SearchBox name="employer" label="工作单位" />
        <SearchBox name="code" label="专家编号" />
        <SearchBox name="disc" label="专业代码" hint="填 A08 即包括其下各级" />
        <SearchBox name="region" label="地区代码" hint="填 3501 即包括其下各区县" />
        <FilterSelect name="state" label="状态" choices={choices} />
      </FilterBar>
      <DataTable
        caption="专家"
        rows={rows}
        rowKey={row => row.code}
        empty={<EmptyState title="没有符合条件的专家">请放宽条件，例如专业代码只填 A08。</EmptyState>}
        columns={[
          { head: '编号', cell: row => <Link to={paths.supervisorExpert(row.code)}>{row.code}</Link>, rowHead: true },
          { head: '主评专业', cell: row => row.mainDisc },
          { head: '其他专业', cell: row => row.disc.filter(code => code !== row.mainDisc).join('、') || '—' },
          { head: '地区', cell: row => row.region },
          { head: '工作单位', cell: row => row.employerName },
          { head: '状态', cell: row => expertStateText[row.state], first: true },
        ]}
      />
      <Pagination page={at} pageSize={pageSize} total={total} />
    </Page>
  )
}
