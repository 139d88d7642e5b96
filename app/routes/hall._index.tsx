import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { listItems } from '~/hall/catalogue/catalogue.read.server'
import { caseKindText, itemKindText } from '~/hall/catalogue/catalogue.text'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { FilterBar, SearchBox } from '~/ui/FilterBar'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '办事指南 - 政务大厅' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'portal.read', async (ctx, _params, url) => ({
    items: await listItems(ctx, url.searchParams.get('q')?.slice(0, 100) ?? ''),
  }))

export default function HallItems() {
  const { items } = useLoaderData<typeof loader>()
  return (
    <Page title="办事指南" meta="目录之外不办理，指南所列材料之外不索要。">
      <FilterBar count={items.length} unit="项">
        <SearchBox label="搜索事项" hint="填事项名称中的字词" />
      </FilterBar>
      <DataTable
        caption="政务服务事项"
        rows={items}
        rowKey={item => item.id}
        empty={<EmptyState title="没有符合条件的事项">事项公布后列在这里，可清除条件重查。</EmptyState>}
        columns={[
          { head: '事项', rowHead: true, first: true, cell: item => <Link to={paths.hallItem(item.id)}>{item.name}</Link> },
          { head: '实施主体', cell: item => item.organisationName },
          { head: '事项类型', cell: item => itemKindText[item.kind] },
          { head: '办件类型', cell: item => caseKindText[item.caseKind] },
          { head: '承诺办结（工作日）', numeric: true, cell: item => item.promisedDays },
        ]}
      />
    </Page>
  )
}
