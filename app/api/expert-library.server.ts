import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { decideAppeal, fileAppeal, listAppeals } from '~/trading/expert/appeal.server'
import { applicationInput, decisionInput, letterInput, recommendationInput } from '~/trading/expert/application.form.server'
import {
  listApplications,
  listToRecommend,
  readApplication,
  readOwnApplication,
  readToRecommend,
} from '~/trading/expert/application.read.server'
import {
  applyToLibrary,
  decideApplication,
  noteLetter,
  recommend,
  withdrawApplication,
} from '~/trading/expert/application.server'
import { changeExpert } from '~/trading/expert/expert.server'
import { filterOf, filterQuery } from '~/trading/expert/library.form.server'
import { listDecisions, listExperts, lookAt, readExpert } from '~/trading/expert/library.read.server'
import { markExpert, noteTraining } from '~/trading/expert/mark.server'
import {
  appealDecisionInput,
  appealInput,
  keeperInput,
  lookInput,
  markInput,
  trainingInput,
} from '~/trading/expert/record.form.server'
import { ruleInput } from '~/trading/expert/rule.form.server'
import { addRule, listRules } from '~/trading/expert/rule.server'

const tag = 'expert library'
const document = z.looseObject({})
const code = z.object({ code: z.string().regex(/^[A-Z0-9-]{2,40}$/) })
const id = z.object({ id: z.uuid() })
const made = z.object({ id: z.string() })
const state = z.object({ state: z.string() })
const pageQuery = z.strictObject({ page: z.coerce.number().int().min(1).max(100_000).default(1) })

const library = [
  endpoint({
    method: 'get',
    path: '/experts',
    tag,
    summary: 'One page of the library, without identities',
    permission: 'expert.manage',
    query: filterQuery,
    answer: document,
    handle: (ctx, { query }) => listExperts(ctx, filterOf(query)),
  }),
  endpoint({
    method: 'get',
    path: '/experts/:code',
    tag,
    summary: 'One expert’s record: specialties, ties, decisions, marks, training; no identity',
    permission: 'expert.manage',
    params: code,
    answer: document,
    handle: (ctx, { params }) => readExpert(ctx, params.code),
  }),
  endpoint({
    method: 'post',
    path: '/experts/:code/looks',
    tag,
    summary: 'Who an expert is, for a stated purpose; logged, and listed to the expert',
    permission: 'expert.look',
    params: code,
    body: lookInput,
    answer: document,
    handle: (ctx, { params, body }) => lookAt(ctx, { ...body, code: params.code }),
  }),
  endpoint({
    method: 'post',
    path: '/experts/:code/state',
    tag,
    summary: 'Suspend, restore or let go, with a reason; the person is told and may appeal. Removal and ban go by clearance',
    permission: 'expert.manage',
    params: code,
    body: keeperInput,
    answer: state,
    handle: async (ctx, { params, body }) => ({ state: await changeExpert(ctx, { ...body, code: params.code }) }),
  }),
  endpoint({
    method: 'post',
    path: '/experts/:code/trainings',
    tag,
    summary: 'Note a training',
    permission: 'expert.manage',
    params: code,
    body: trainingInput,
    answer: made,
    status: 201,
    handle: (ctx, { params, body }) => noteTraining(ctx, { ...body, code: params.code }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/experts/:code/marks',
    tag,
    summary: 'Assess an expert who sat in this lot’s committee, by a configured rule',
    permission: 'expert.mark',
    params: id.extend(code.shape),
    body: markInput,
    answer: made.extend({ points: z.number() }),
    status: 201,
    handle: (ctx, { params, body }) => markExpert(ctx, { ...body, lotId: params.id, code: params.code }),
  }),
  endpoint({
    method: 'get',
    path: '/expert-decisions',
    tag,
    summary: 'Decisions of suspension, removal and ban, names masked (public by 发改法规规〔2022〕1117号)',
    permission: 'portal.read',
    query: pageQuery,
    answer: document,
    handle: (ctx, { query }) => listDecisions(ctx, query.page),
  }),
  endpoint({
    method: 'get',
    path: '/expert-rules',
    tag,
    summary: 'The library’s configured rules, every version with its source',
    permission: 'portal.read',
    answer: z.object({ rules: z.array(document) }),
    handle: async ctx => ({ rules: await listRules(ctx) }),
  }),
  endpoint({
    method: 'post',
    path: '/expert-rules',
    tag,
    summary: 'Add a rule or a newer version of one',
    permission: 'expert.manage',
    body: ruleInput,
    answer: made.extend({ version: z.number() }),
    status: 201,
    handle: (ctx, { body }) => addRule(ctx, body),
  }),
]

const applications = [
  endpoint({
    method: 'post',
    path: '/expert-applications',
    tag,
    summary: 'Apply to enter the library',
    permission: 'expert.apply',
    body: applicationInput,
    answer: made.extend({ code: z.string() }),
    status: 201,
    handle: (ctx, { body }) => applyToLibrary(ctx, body),
  }),
  endpoint({
    method: 'get',
    path: '/expert-applications',
    tag,
    summary: 'Applications to work through, without identities',
    permission: 'expert.manage',
    answer: document,
    handle: ctx => listApplications(ctx),
  }),
  endpoint({
    method: 'get',
    path: '/expert-applications/mine',
    tag,
    summary: 'The caller’s own application, or null',
    permission: 'expert.apply',
    answer: document.nullable(),
    handle: ctx => readOwnApplication(ctx),
  }),
  endpoint({
    method: 'get',
    path: '/expert-applications/to-recommend',
    tag,
    summary: 'Applications that wait for the word of the caller’s unit',
    permission: 'expert.recommend',
    answer: z.object({ applications: z.array(document) }),
    handle: async ctx => ({ applications: await listToRecommend(ctx) }),
  }),
  endpoint({
    method: 'get',
    path: '/expert-applications/:id',
    tag,
    summary: 'One application as the library judges it, without identity',
    permission: 'expert.manage',
    params: id,
    answer: document,
    handle: (ctx, { params }) => readApplication(ctx, params.id),
  }),
  endpoint({
    method: 'post',
    path: '/expert-applications/:id/looks',
    tag,
    summary: 'One application as the unit sees it, name included; logged',
    permission: 'expert.recommend',
    params: id,
    answer: document,
    handle: (ctx, { params }) => readToRecommend(ctx, { id: params.id }),
  }),
  endpoint({
    method: 'post',
    path: '/expert-applications/:id/recommendation',
    tag,
    summary: 'The unit recommends, or declines to',
    permission: 'expert.recommend',
    params: id,
    body: recommendationInput,
    answer: state,
    handle: (ctx, { params, body }) => recommend(ctx, { ...body, id: params.id }),
  }),
  endpoint({
    method: 'post',
    path: '/expert-applications/:id/letter',
    tag,
    summary: 'Note a recommendation on paper',
    permission: 'expert.manage',
    params: id,
    body: letterInput,
    answer: state,
    handle: (ctx, { params, body }) => noteLetter(ctx, { ...body, id: params.id }),
  }),
  endpoint({
    method: 'post',
    path: '/expert-applications/:id/decision',
    tag,
    summary: 'Admit or refuse, by somebody who did not note the recommendation',
    permission: 'expert.manage',
    params: id,
    body: decisionInput,
    answer: state,
    handle: (ctx, { params, body }) => decideApplication(ctx, { ...body, id: params.id }),
  }),
  endpoint({
    method: 'post',
    path: '/expert-applications/:id/withdrawal',
    tag,
    summary: 'Take one’s own application back',
    permission: 'expert.apply',
    params: id,
    answer: state,
    handle: (ctx, { params }) => withdrawApplication(ctx, { id: params.id }),
  }),
]

const appeals = [
  endpoint({
    method: 'post',
    path: '/expert-events/:id/appeal',
    tag,
    summary: 'The expert appeals against a decision',
    permission: 'expert.apply',
    params: id,
    body: appealInput,
    answer: made,
    status: 201,
    handle: (ctx, { params, body }) => fileAppeal(ctx, { ...body, eventId: params.id }),
  }),
  endpoint({
    method: 'get',
    path: '/expert-appeals',
    tag,
    summary: 'Appeals, waiting ones first',
    permission: 'expert.appeal',
    answer: z.object({ appeals: z.array(document) }),
    handle: async ctx => ({ appeals: await listAppeals(ctx) }),
  }),
  endpoint({
    method: 'post',
    path: '/expert-appeals/:id/decision',
    tag,
    summary: 'Decide an appeal, by somebody who did not make the decision',
    permission: 'expert.appeal',
    params: id,
    body: appealDecisionInput,
    answer: state,
    handle: (ctx, { params, body }) => decideAppeal(ctx, { ...body, id: params.id }),
  }),
]

export const expertLibraryEndpoints = [...library, ...applications, ...appeals]
