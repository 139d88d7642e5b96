import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { endDebarment, enterDebarment, listDebarments } from '~/trading/eligibility/debarment.server'
import { debarmentBody, debarmentEndBody, prequalificationBody } from '~/trading/eligibility/eligibility.form.server'
import { publishPrequalified } from '~/trading/eligibility/prequalification.server'

const id = z.object({ id: z.uuid() })
const made = z.object({ id: z.string() })

const line = z.object({
  id: z.string(),
  creditCode: z.string(),
  name: z.string(),
  reason: z.string(),
  source: z.string(),
  startsOn: z.string(),
  endsOn: z.string(),
  endedAt: z.date().nullable(),
  endReason: z.string().nullable(),
})

export const eligibilityEndpoints = [
  endpoint({
    method: 'put',
    path: '/lots/:id/prequalification',
    tag: 'lot',
    summary: 'Who passed prequalification, by credit code: from now on the lot takes bids from them alone',
    permission: 'lot.write',
    params: id,
    body: prequalificationBody,
    answer: z.object({ count: z.number() }),
    handle: (ctx, { params, body }) => publishPrequalified(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'get',
    path: '/debarments',
    tag: 'organisation',
    summary: 'Organisations that may not bid for a time',
    permission: 'portal.read',
    answer: z.object({ debarments: z.array(line) }),
    handle: async ctx => ({ debarments: await listDebarments(ctx) }),
  }),
  endpoint({
    method: 'post',
    path: '/debarments',
    tag: 'organisation',
    summary: 'Enters an organisation that may not bid for a time',
    permission: 'organisation.debar',
    body: debarmentBody,
    status: 201,
    answer: made,
    handle: (ctx, { body }) => enterDebarment(ctx, body),
  }),
  endpoint({
    method: 'post',
    path: '/debarments/:id/end',
    tag: 'organisation',
    summary: 'Ends a debarment before its time',
    permission: 'organisation.debar',
    params: id,
    body: debarmentEndBody,
    answer: made,
    handle: (ctx, { params, body }) => endDebarment(ctx, { id: params.id, ...body }),
  }),
]
