import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import {
  clearanceDecisionInput,
  clearanceInput,
  penaltyInput,
  revocationInput,
  statementInput,
} from '~/trading/expert/clearance.form.server'
import { readClearances } from '~/trading/expert/clearance.read.server'
import { decideClearance, proposeClearance, stateCase } from '~/trading/expert/clearance.server'
import { listDue } from '~/trading/expert/due.server'
import { revokeMark } from '~/trading/expert/mark.server'
import { notePenalty, revokePenalty } from '~/trading/expert/penalty.server'

const tag = 'expert library'
const document = z.looseObject({})
const id = z.object({ id: z.uuid() })
const made = z.object({ id: z.string() })

export const expertClearanceEndpoints = [
  endpoint({
    method: 'get',
    path: '/experts-due',
    tag,
    summary: 'Experts whose points have reached a rule of clearance',
    permission: 'expert.manage',
    answer: z.object({ due: z.array(document) }),
    handle: async ctx => ({ due: await listDue(ctx) }),
  }),
  endpoint({
    method: 'get',
    path: '/expert-clearances',
    tag,
    summary: 'Clearances: who has reached a rule or was punished, and what was proposed and decided',
    permission: 'expert.manage',
    answer: document,
    handle: ctx => readClearances(ctx),
  }),
  endpoint({
    method: 'post',
    path: '/experts/:code/clearances',
    tag,
    summary: 'Propose a clearance: the expert is told and may state the own case; nothing changes yet',
    permission: 'expert.manage',
    params: z.object({ code: z.string().regex(/^[A-Z0-9-]{2,40}$/) }),
    body: clearanceInput,
    answer: made.extend({ statementUntil: z.date() }),
    status: 201,
    handle: (ctx, { params, body }) => proposeClearance(ctx, { ...body, code: params.code }),
  }),
  endpoint({
    method: 'post',
    path: '/expert-clearances/:id/statement',
    tag,
    summary: 'The expert’s own word on a proposed clearance',
    permission: 'expert.act',
    params: id,
    body: statementInput,
    answer: made,
    status: 201,
    handle: (ctx, { params, body }) => stateCase(ctx, { ...body, id: params.id }),
  }),
  endpoint({
    method: 'post',
    path: '/expert-clearances/:id/decision',
    tag,
    summary: 'Carry a clearance out or drop it, by a person who did not propose it',
    permission: 'expert.manage',
    params: id,
    body: clearanceDecisionInput,
    answer: z.object({ state: z.string() }),
    handle: (ctx, { params, body }) => decideClearance(ctx, { ...body, id: params.id }),
  }),
  endpoint({
    method: 'post',
    path: '/expert-penalties',
    tag,
    summary: 'Note a punishment in tendering, of an expert or of anybody by identity number: not drawn, not admitted',
    permission: 'expert.manage',
    body: penaltyInput,
    answer: made,
    status: 201,
    handle: (ctx, { body }) => notePenalty(ctx, body),
  }),
  endpoint({
    method: 'post',
    path: '/expert-penalties/:id/revocation',
    tag,
    summary: 'A punishment undone, noted by a person who did not note it',
    permission: 'expert.manage',
    params: id,
    body: revocationInput,
    answer: made,
    handle: (ctx, { params, body }) => revokePenalty(ctx, { ...body, id: params.id }),
  }),
  endpoint({
    method: 'post',
    path: '/expert-marks/:id/revocation',
    tag,
    summary: 'Take an assessment back, by a person of the library who did not give it',
    permission: 'expert.manage',
    params: id,
    body: revocationInput,
    answer: made,
    handle: (ctx, { params, body }) => revokeMark(ctx, { ...body, id: params.id }),
  }),
]
