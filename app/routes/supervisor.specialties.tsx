import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { readSpecialtyPage } from '~/trading/expert/specialty.read.server'
import { LinkButton } from '~/ui/Button'
import { DataTable } from '~/ui/DataTable'
import { FilterBar, FilterSelect, SearchBox } from '~/ui/FilterBar'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { Pagination } from '~/ui/Pagination'

export const meta: MetaFunction = () => [{ title: '专业分类 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'expert.manage', (ctx, _params, url) => {
    const given = (name: string) => url.searchParams.get(name)?.trim() ?? ''
    return readSpecialtyPage(ctx, {
      edition: given('edition'),
      text: given('q'),
      page: Math.max(1, Math.trunc(Number(given('page'))) || 1),
    })
  })

export default function Specialties() {
  const { edition, editions, rows, total, pageSize, at } = useLoaderData<typeof loader>()
  return (
    <Page title="专业分类" meta={`${edition.name} · ${edition.source}${edition.isInForce ? ' · 现行' : ' · 非现行，仅供对照'}`}>
      <FilterBar count={total}>
        <SearchBox label="代码或名称" />
        <FilterSelect
          name="edition"
          label="版本"
          choices={editions.map(({ id, name }) => ({ value: id, text: `${name}（${id}）` }))}
        />
      </FilterBar>
      <DataTable
        caption="专业"
        rows={rows}
        rowKey={row => row.code}
        columns={[
          {
            head: '代码',
            cell: row => <Link to={`${paths.supervisorExperts}?disc=${row.code}`}>{row.code}</Link>,
            rowHead: true,
          },
          { head: '名称', cell: row => row.name },
          { head: '级别', cell: row => row.level, numeric: true },
        ]}
      />
      <Pagination page={at} pageSize={pageSize} total={total} />
      <Actions>
        <LinkButton to={paths.expertImports}>导入另一版本</LinkButton>
      </Actions>
    </Page>
  )
}
