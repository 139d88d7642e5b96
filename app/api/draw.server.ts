import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { readAvoided } from '~/trading/draw/avoided.read.server'
import { agentInput, drawInput, messageInput, replacementInput, voidInput } from '~/trading/draw/draw.form.server'
import {
  listAwaiting,
  listLotDraws,
  readDraw,
  readFixedPart,
  readPool,
  readPoolLists,
  readTranscript,
} from '~/trading/draw/draw.read.server'
import { approveDraw, requestDraw } from '~/trading/draw/draw-request.server'
import { voidDraw } from '~/trading/draw/draw-void.server'
import { registerAgent } from '~/trading/draw/party-agent.server'
import { postAndSeat } from '~/trading/draw/post-message.server'
import { readRecords } from '~/trading/draw/record.server'
import { replaceRepresentative } from '~/trading/draw/representative-acts.server'
import { readNames, unlockNames } from '~/trading/draw/unlock.server'

const tag = 'draw'
const id = z.object({ id: z.uuid() })
const drawKey = z.object({ id: z.string().regex(/^[A-Za-z0-9._-]{1,200}$/) })
const state = z.object({ state: z.string() })
const document = z.looseObject({})

export const drawEndpoints = [
  endpoint({
    method: 'post',
    path: '/lots/:id/draws',
    tag,
    summary: 'Ask for the draw of an evaluation committee',
    permission: 'draw.request',
    params: id,
    body: drawInput,
    answer: z.object({ id: z.string(), drawId: z.string() }),
    status: 201,
    handle: (ctx, { params, body }) => requestDraw(ctx, { lotId: params.id, input: body }),
  }),
  endpoint({
    method: 'get',
    path: '/lots/:id/draws',
    tag,
    summary: 'Draws of a lot, newest first, voided ones included',
    permission: 'draw.read',
    params: id,
    answer: z.object({ draws: z.array(z.object({ id: z.string(), drawId: z.string(), state: z.string(), number: z.number() })) }),
    handle: async (ctx, { params }) => ({ draws: await listLotDraws(ctx, params.id) }),
  }),
  endpoint({
    method: 'post',
    path: '/draws/representatives/:representativeId/replacement',
    tag,
    summary: 'Name another representative of the tenderer for one who refused, left for a conflict or did not come',
    permission: 'draw.request',
    params: z.object({ representativeId: z.uuid() }),
    body: replacementInput,
    answer: state,
    handle: (ctx, { params, body }) => replaceRepresentative(ctx, { ...body, id: params.representativeId }),
  }),
  endpoint({
    method: 'post',
    path: '/draws/:id/approval',
    tag,
    summary: 'The supervising body lets a draw happen: one person reviews, another approves',
    permission: 'draw.approve',
    params: id,
    answer: state,
    handle: (ctx, { params }) => approveDraw(ctx, { id: params.id }),
  }),
  endpoint({
    method: 'post',
    path: '/draws/:id/void',
    tag,
    summary: 'Ask for, or as a second person confirm, the voiding of a draw',
    permission: 'draw.void',
    params: id,
    body: voidInput,
    answer: state,
    handle: (ctx, { params, body }) => voidDraw(ctx, { id: params.id, reason: body.reason }),
  }),
  endpoint({
    method: 'put',
    path: '/party-agents',
    tag,
    summary: 'Register the public keys of the organisation’s draw agent',
    permission: 'draw.act',
    body: agentInput,
    answer: z.object({ party: z.string() }),
    handle: (ctx, { body }) => registerAgent(ctx, body),
  }),
  endpoint({
    method: 'get',
    path: '/draws',
    tag,
    summary: 'Draws under way in which the caller’s agent has a part (?awaiting=me)',
    permission: 'draw.act',
    query: z.object({ awaiting: z.literal('me') }),
    answer: z.object({ draws: z.array(document) }),
    handle: async ctx => ({ draws: await listAwaiting(ctx) }),
  }),
  endpoint({
    method: 'get',
    path: '/draws/:id',
    tag,
    summary: 'State of a draw: commitments and counts, no name',
    permission: 'draw.read',
    params: drawKey,
    answer: document,
    handle: (ctx, { params }) => readDraw(ctx, params.id),
  }),
  endpoint({
    method: 'get',
    path: '/draws/:id/fixed',
    tag,
    summary: 'Prelude, commits, acknowledgements and checkpoints with proofs, once a cosigned checkpoint covers them',
    permission: 'draw.read',
    params: drawKey,
    answer: document,
    handle: (ctx, { params }) => readFixedPart(ctx, params.id),
  }),
  endpoint({
    method: 'get',
    path: '/draws/:id/pool',
    tag,
    summary:
      'Eligible list and barred commitments of a draw, for the supervisor’s check that with the rest of the pool they are the pool',
    permission: 'draw.approve',
    params: drawKey,
    answer: document,
    handle: (ctx, { params }) => readPoolLists(ctx, params.id),
  }),
  endpoint({
    method: 'get',
    path: '/expert-pools/:root',
    tag,
    summary: 'All commitments of a pool, ascending, 32 bytes each (application/octet-stream)',
    permission: 'draw.approve',
    params: z.object({ root: z.string().regex(/^[0-9a-f]{64}$/) }),
    answer: 'file',
    handle: async (ctx, { params }) => {
      const bytes = await readPool(ctx, params.root)
      return { raw: (_request, response) => void response.type('application/octet-stream').end(bytes) }
    },
  }),
  endpoint({
    method: 'post',
    path: '/draws/:id/messages',
    tag,
    summary: 'A party’s signed message: commit, acknowledgement, V or share',
    permission: 'draw.act',
    params: id,
    body: messageInput,
    limit: 65_536,
    answer: z.object({ accepted: z.boolean() }),
    status: 201,
    handle: (ctx, { params, body }) => postAndSeat(ctx, { id: params.id, value: body }),
  }),
  endpoint({
    method: 'get',
    path: '/draws/:id/records',
    tag,
    summary:
      'Records and salts behind the commitments: to the supervisor after the result, to an expert the own one (tbid/draw.records@1)',
    permission: 'draw.records',
    params: drawKey,
    answer: document,
    handle: (ctx, { params }) => readRecords(ctx, { id: params.id }),
  }),
  endpoint({
    method: 'post',
    path: '/draws/:id/unlock',
    tag,
    summary: 'Ask for, or as a second person confirm, opening the names of a committee once its evaluation is due',
    permission: 'draw.unlock',
    params: id,
    answer: z.object({ unlocked: z.boolean() }),
    handle: (ctx, { params }) => unlockNames(ctx, { id: params.id }),
  }),
  endpoint({
    method: 'get',
    path: '/draws/:id/names',
    tag,
    summary: 'Names of a committee once two persons have unlocked them; each look is logged',
    permission: 'draw.unlock',
    params: id,
    answer: document,
    handle: (ctx, { params }) => readNames(ctx, { id: params.id }),
  }),
  endpoint({
    method: 'get',
    path: '/draws/:id/avoidance',
    tag,
    summary: 'How many were kept away from a draw, per reason; refused to everybody until the result is known',
    permission: 'draw.read',
    params: drawKey,
    answer: z.object({ counts: z.array(z.object({ reason: z.string(), before: z.number(), after: z.number() })) }),
    handle: async (ctx, { params }) => ({ counts: await readAvoided(ctx, params.id) }),
  }),
  endpoint({
    method: 'get',
    path: '/draws/:id/transcript',
    tag,
    summary: 'The public transcript (tbid/draw.transcript@1); replay it with npm run verify',
    permission: 'draw.read',
    params: drawKey,
    answer: document,
    handle: (ctx, { params }) => readTranscript(ctx, params.id),
  }),
]
