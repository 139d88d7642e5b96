import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { arrive, declare, readArrival } from '~/trading/draw/arrival.server'
import { answerInput, arrivalInput, declarationInput } from '~/trading/draw/draw.form.server'
import { answerInvitation } from '~/trading/draw/draw-answer.server'
import { readInvitation } from '~/trading/draw/invitation.read.server'

const tag = 'expert'
const lotId = z.object({ id: z.uuid() })
const code = z.object({ code: z.string().regex(/^[0-9A-Z]{12}$/) })
const login = z.object({
  token: z.string(),
  expiresAt: z.date(),
  membershipId: z.string(),
  organisationId: z.string(),
  role: z.string(),
  name: z.string(),
})

export const expertEndpoints = [
  endpoint({
    method: 'get',
    path: '/invitations/:code',
    tag,
    summary: 'What an invited expert is told: city, time and length, nothing of the project',
    permission: 'invitation.answer',
    params: code,
    answer: z.object({ city: z.string(), at: z.date(), hours: z.number(), answerBy: z.date(), state: z.string() }),
    handle: async (ctx, { params }) => {
      const { city, at, hours, answerBy, state } = await readInvitation(ctx, params.code)
      return { city, at, hours, answerBy, state }
    },
  }),
  endpoint({
    method: 'post',
    path: '/invitations/:code',
    tag,
    summary: 'Accept (answers with a token of the expert) or decline',
    permission: 'invitation.answer',
    params: code,
    body: answerInput,
    answer: z.object({ answer: z.string(), login: login.nullable(), lotId: z.string().nullable() }),
    handle: (ctx, { params, body }) => answerInvitation(ctx, { ...body, code: params.code }),
  }),
  endpoint({
    method: 'get',
    path: '/lots/:id/arrival',
    tag,
    summary: 'The committee member’s own steps, and who bids once that is public',
    permission: 'expert.act',
    params: lotId,
    answer: z.looseObject({}),
    handle: (ctx, { params }) => readArrival(ctx, params.id),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/arrival',
    tag,
    summary: 'Arrival with identity check',
    permission: 'expert.act',
    params: lotId,
    body: arrivalInput,
    answer: z.object({ arrivedAt: z.date() }),
    handle: (ctx, { params, body }) => arrive(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/declaration',
    tag,
    summary: 'Self-declaration of conflicts after seeing the bidders',
    permission: 'expert.act',
    params: lotId,
    body: declarationInput,
    answer: z.object({ conflict: z.boolean() }),
    handle: (ctx, { params, body }) => declare(ctx, { lotId: params.id, ...body }),
  }),
]
