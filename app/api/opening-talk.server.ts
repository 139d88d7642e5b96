import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { callBody, messageBody, muteBody } from '~/trading/opening/talk.form.server'
import { answerCall, callRoll, muteBidder, sayInHall } from '~/trading/opening/talk.server'

const id = z.object({ id: z.uuid() })
const path = (rest: string) => `/lots/:id/opening/${rest}`

/** What people say to each other in the hall; read with everything else from the hall's events. */
export const openingTalkEndpoints = [
  endpoint({
    method: 'post',
    path: path('messages'),
    tag: 'opening',
    summary: 'A message to the hall, by host, supervisor or a listed bidder, from the list of bidders to the record; 6 a minute',
    permission: 'opening.talk',
    params: id,
    body: messageBody,
    status: 201,
    answer: z.null(),
    handle: (ctx, { params, body }) => sayInHall(ctx, { lotId: params.id, text: body.text }),
  }),
  endpoint({
    method: 'post',
    path: path('mutes'),
    tag: 'opening',
    summary: "The host stops a bidder's messages or lets them be again, with a reason that everybody sees",
    permission: 'opening.host',
    params: id,
    body: muteBody,
    answer: z.null(),
    handle: (ctx, { params, body }) => muteBidder(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: path('roll-calls'),
    tag: 'opening',
    summary: 'The host calls the names of the bidders; they answer within so many seconds',
    permission: 'opening.host',
    params: id,
    body: callBody,
    status: 201,
    answer: z.object({ call: z.number(), endsAt: z.string() }),
    handle: (ctx, { params, body }) => callRoll(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: path('roll-calls/answer'),
    tag: 'opening',
    summary: 'A bidder answers the call under way',
    permission: 'opening.confirm',
    params: id,
    answer: z.null(),
    handle: (ctx, { params }) => answerCall(ctx, { lotId: params.id }),
  }),
]
