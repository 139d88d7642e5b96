import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { NoticeTable } from '~/trading/notice/NoticeTable'
import { PortalFilters } from '~/trading/notice/PortalFilters'
import { noticeFilter } from '~/trading/notice/portal.form.server'
import { listNotices } from '~/trading/notice/portal.read.server'
import { readRegionNames } from '~/trading/notice/region-names.server'
import { Remark } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { Pagination } from '~/ui/Pagination'

export const meta: MetaFunction = () => [{ title: '公告 - 公共资源交易平台' }]

export const links: LinksFunction = () => [{ rel: 'alternate', type: 'application/atom+xml', title: '公告', href: paths.feed }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'portal.read', async (ctx, _params, url) => {
    const found = await listNotices(ctx, noticeFilter.parse(Object.fromEntries(url.searchParams)))
    return { ...found, ...readRegionNames(found.items.map(i => i.regionCode)), query: url.search }
  })

export default function Portal() {
  const { items, total, page: at, pageSize, kinds, stages, regions, names, query } = useLoaderData<typeof loader>()
  return (
    <Page title="公告" meta="工程建设和政府采购的招标公告、变更公告、开标记录、候选人公示和结果公告。招标文件无须报名即可下载。">
      <PortalFilters kinds={kinds} stages={stages} regions={regions} total={total} />
      <NoticeTable items={items} href={paths.notice} regionOf={code => names[code] ?? code} />
      <Pagination page={at} pageSize={pageSize} total={total} />
      <Remark>
        可<a href={`${paths.feed}${query}`}>订阅</a>当前筛选条件下的公告（Atom），或通过 <a href="/api/v1/openapi.json">接口</a>
        读取。
      </Remark>
    </Page>
  )
}
