import type { LoaderFunctionArgs } from '@remix-run/node'
import { page } from '~/http/page.server'
import { atomOf } from '~/trading/notice/feed'
import { noticeFilter } from '~/trading/notice/portal.form.server'
import { listNotices } from '~/trading/notice/portal.read.server'

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'portal.read', async (ctx, _params, url) => {
    const { items } = await listNotices(ctx, noticeFilter.parse(Object.fromEntries(url.searchParams)))
    const origin = ctx.platform.config.publicUrl ?? url.origin
    const body = atomOf(items, { origin, self: `${origin}${url.pathname}${url.search}`, now: ctx.now })
    return new Response(body, {
      headers: { 'content-type': 'application/atom+xml; charset=utf-8', 'cache-control': 'max-age=60' },
    })
  })
