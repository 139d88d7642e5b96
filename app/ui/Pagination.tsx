import { Link, useLocation, useSearchParams } from '@remix-run/react'

/** Pages by links in the URL; says how many entries there are in all. */
export function Pagination({ page, pageSize, total }: { page: number; pageSize: number; total: number }) {
  if (total === 0) return null
  const last = Math.ceil(total / pageSize)
  return (
    <nav aria-label="分页" className="flex flex-wrap items-center gap-4">
      <span>
        共 {total} 条，第 {page} / {last} 页
      </span>
      {page > 1 ? <PageLink page={page - 1}>上一页</PageLink> : null}
      {page < last ? <PageLink page={page + 1}>下一页</PageLink> : null}
    </nav>
  )
}

function PageLink({ page, children }: { page: number; children: string }) {
  const { pathname } = useLocation()
  const [params] = useSearchParams()
  const next = new URLSearchParams(params)
  next.set('page', String(page))
  return (
    <Link to={`${pathname}?${next}`} className="inline-flex min-h-11 items-center">
      {children}
    </Link>
  )
}
