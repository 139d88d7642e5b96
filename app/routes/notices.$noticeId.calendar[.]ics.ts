import type { LoaderFunctionArgs } from '@remix-run/node'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { Refusal } from '~/shared/refusal'
import { icsOf } from '~/trading/notice/feed'
import { readNotice } from '~/trading/notice/portal.read.server'

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'portal.read', async (ctx, { noticeId = '' }, url) => {
    const { id, title, lotCode, biddingEndsAt } = await readNotice(ctx, noticeId)
    if (!biddingEndsAt) throw new Refusal('not-found')
    const address = `${ctx.platform.config.publicUrl ?? url.origin}${paths.notice(id)}`
    const body = icsOf({ id, title: `投标截止和开标：${title}（${lotCode}）`, at: biddingEndsAt, address, now: ctx.now })
    return new Response(body, { headers: { 'content-type': 'text/calendar; charset=utf-8' } })
  })
