import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { awardBody, candidatesBody } from '~/trading/award/award.form.server'
import { decideAward } from '~/trading/award/award.server'
import { publishCandidates } from '~/trading/award/candidates.server'

const id = z.object({ id: z.uuid() })

export const awardEndpoints = [
  endpoint({
    method: 'post',
    path: '/lots/:id/candidates-notice',
    tag: 'award',
    summary: 'Publishes the candidates (中标候选人公示); the period ends at the earliest the rules allow unless told',
    permission: 'award.write',
    params: id,
    body: candidatesBody,
    status: 201,
    answer: z.object({ noticeId: z.string(), periodEndsAt: z.date() }),
    handle: (ctx, { params, body }) => publishCandidates(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/award',
    tag: 'award',
    summary: 'Determines the winner after the publicity: award notice and result notice (定标)',
    permission: 'award.write',
    params: id,
    body: awardBody,
    status: 201,
    answer: z.object({ paperId: z.string(), noticeId: z.string(), winner: z.string() }),
    handle: (ctx, { params, body }) => decideAward(ctx, { lotId: params.id, ...body }),
  }),
]
