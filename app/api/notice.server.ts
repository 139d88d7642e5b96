import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { correctionBody, noticeBody, terminationBody } from '~/trading/notice/notice.form.server'
import { publishCorrection, publishNotice, terminateLot } from '~/trading/notice/notice.server'

const id = z.object({ id: z.uuid() })
const published = z.object({ id: z.string(), version: z.number(), publishedAt: z.date(), warnings: z.array(z.string()) })

export const noticeEndpoints = [
  endpoint({
    method: 'post',
    path: '/lots/:id/notice',
    tag: 'notice',
    summary: "Publishes the tender notice and starts bidding; dates shorter than the law's are refused with the article",
    permission: 'notice.publish',
    params: id,
    body: noticeBody,
    status: 201,
    answer: published,
    handle: (ctx, { params, body }) => publishNotice(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/corrections',
    tag: 'notice',
    summary: 'Publishes a change notice during bidding; bids committed before it must be confirmed again or are void',
    permission: 'notice.publish',
    params: id,
    body: correctionBody,
    status: 201,
    answer: published.extend({ termsVersion: z.number() }),
    handle: (ctx, { params, body }) => publishCorrection(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/termination',
    tag: 'notice',
    summary: 'Ends a lot before its award, with a reason and, once announced, a public notice',
    permission: 'notice.publish',
    params: id,
    body: terminationBody,
    answer: z.object({ state: z.string(), noticeId: z.string().nullable() }),
    handle: (ctx, { params, body }) => terminateLot(ctx, { lotId: params.id, reason: body.reason }),
  }),
]
