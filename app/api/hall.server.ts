import { z } from 'zod'
import { acceptanceForm, caseForm, decisionForm, supplementForm, withdrawalForm } from '~/hall/case/case.form.server'
import { listDeskCases, listOwnCases, readCase, readMaterialFile } from '~/hall/case/case.read.server'
import { submitCase, supplementCase, withdrawCase } from '~/hall/case/case.server'
import { answerCase, decideCase } from '~/hall/case/handle-case.server'
import { proveStep } from '~/hall/case/proof.read.server'
import { listItems, readItem } from '~/hall/catalogue/catalogue.read.server'
import { complaintAnswerForm, complaintExtensionForm, complaintForm } from '~/hall/complaint/complaint.form.server'
import { answerComplaint, extendComplaint, fileComplaint, listComplaints } from '~/hall/complaint/complaint.server'
import { ratingForm } from '~/hall/rating/rating.form.server'
import { rateCase } from '~/hall/rating/rating.server'
import { endpoint } from '~/http/api/endpoint.server'
import { sendFile } from '~/platform/files/file.server'
import { isAllowed } from '~/platform/identity/authorise.server'
import { caseAnswer, caseBrief, complaintAnswer, itemAnswer, moved, proofAnswer } from './hall.schema.server'

const id = z.uuid()
const caseParams = z.object({ caseId: id })
/** JSON with materials in base64: three of the largest. */
const limit = 44 * 1_048_576

const tag = 'hall'

export const hallEndpoints = [
  endpoint({
    method: 'get',
    path: '/hall/items',
    tag,
    summary: 'Service items in force',
    permission: 'portal.read',
    query: z.object({ q: z.string().max(100).optional() }),
    answer: z.object({ items: z.array(itemAnswer) }),
    handle: async (ctx, { query }) => ({ items: await listItems(ctx, query.q) }),
  }),
  endpoint({
    method: 'get',
    path: '/hall/items/:itemId',
    tag,
    summary: 'One version of a service item with its guide',
    permission: 'portal.read',
    params: z.object({ itemId: id }),
    answer: itemAnswer,
    handle: (ctx, { params }) => readItem(ctx, params.itemId),
  }),
  endpoint({
    method: 'post',
    path: '/hall/cases',
    tag,
    summary: 'Hand in an application with its materials (base64)',
    permission: 'hall.apply',
    body: caseForm,
    status: 201,
    limit,
    answer: z.object({ id, number: z.string() }),
    handle: (ctx, { body }) => submitCase(ctx, body),
  }),
  endpoint({
    method: 'get',
    path: '/hall/cases',
    tag,
    summary: 'The cases I handed in; for the desk, the cases it has to answer or decide',
    permission: 'hall.read',
    answer: z.object({ cases: z.array(caseBrief) }),
    handle: async ctx => ({ cases: isAllowed(ctx.actor, 'hall.handle') ? await listDeskCases(ctx) : await listOwnCases(ctx) }),
  }),
  endpoint({
    method: 'get',
    path: '/hall/cases/:caseId',
    tag,
    summary: 'One case with its steps and materials',
    permission: 'hall.read',
    params: caseParams,
    answer: caseAnswer,
    handle: (ctx, { params }) => readCase(ctx, params.caseId),
  }),
  endpoint({
    method: 'get',
    path: '/hall/cases/:caseId/files/:fileId',
    tag,
    summary: 'A material of a case',
    permission: 'hall.read',
    params: z.object({ caseId: id, fileId: id }),
    answer: 'file',
    handle: async (ctx, { params }) => sendFile(ctx, await readMaterialFile(ctx, params.caseId, params.fileId)),
  }),
  endpoint({
    method: 'get',
    path: '/hall/cases/:caseId/steps/:stepId/proof',
    tag,
    summary: 'Log entry, inclusion proof and checkpoint of a step',
    permission: 'hall.read',
    params: z.object({ caseId: id, stepId: id }),
    answer: proofAnswer,
    handle: (ctx, { params }) => proveStep(ctx, params.caseId, params.stepId),
  }),
  endpoint({
    method: 'post',
    path: '/hall/cases/:caseId/supplement',
    tag,
    summary: 'Supply what was asked for',
    permission: 'hall.apply',
    params: caseParams,
    body: supplementForm,
    limit,
    answer: moved,
    handle: (ctx, { params, body }) => supplementCase(ctx, { ...params, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/hall/cases/:caseId/withdrawal',
    tag,
    summary: 'Take an undecided application back',
    permission: 'hall.apply',
    params: caseParams,
    body: withdrawalForm,
    answer: moved,
    handle: (ctx, { params, body }) => withdrawCase(ctx, { ...params, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/hall/cases/:caseId/acceptance',
    tag,
    summary: 'Accept, tell all defects at once, or do not accept',
    permission: 'hall.handle',
    params: caseParams,
    body: acceptanceForm,
    answer: moved,
    handle: (ctx, { params, body }) => answerCase(ctx, { ...params, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/hall/cases/:caseId/decision',
    tag,
    summary: 'Decide an accepted case; not by who accepted it',
    permission: 'hall.handle',
    params: caseParams,
    body: decisionForm,
    answer: moved,
    handle: (ctx, { params, body }) => decideCase(ctx, { ...params, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/hall/cases/:caseId/rating',
    tag,
    summary: 'Rate a finished case once',
    permission: 'hall.apply',
    params: caseParams,
    body: ratingForm,
    status: 201,
    answer: z.object({ stars: z.number() }),
    handle: (ctx, { params, body }) => rateCase(ctx, { ...params, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/hall/cases/:caseId/complaints',
    tag,
    summary: 'Complain about the handling of a case',
    permission: 'hall.apply',
    params: caseParams,
    body: complaintForm,
    status: 201,
    answer: z.object({ id, number: z.string(), dueOn: z.string() }),
    handle: (ctx, { params, body }) => fileComplaint(ctx, { ...params, ...body }),
  }),
  endpoint({
    method: 'get',
    path: '/hall/complaints',
    tag,
    summary: 'My complaints; for the desk, those of its region',
    permission: 'hall.read',
    answer: z.object({ complaints: z.array(complaintAnswer) }),
    handle: async ctx => ({ complaints: await listComplaints(ctx) }),
  }),
  endpoint({
    method: 'post',
    path: '/hall/complaints/:complaintId/answer',
    tag,
    summary: 'Answer a complaint; not by who handled the case',
    permission: 'hall.handle',
    params: z.object({ complaintId: id }),
    body: complaintAnswerForm,
    answer: moved,
    handle: (ctx, { params, body }) => answerComplaint(ctx, { ...params, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/hall/complaints/:complaintId/extension',
    tag,
    summary: 'Extend the time to answer a complaint once',
    permission: 'hall.handle',
    params: z.object({ complaintId: id }),
    body: complaintExtensionForm,
    answer: z.object({ dueOn: z.string() }),
    handle: (ctx, { params, body }) => extendComplaint(ctx, { ...params, ...body }),
  }),
]
