import { Readable } from 'node:stream'
import { z } from 'zod'
import { endpoint, type RawAnswer } from '~/http/api/endpoint.server'
import { problemOf, sendProblem } from '~/http/api/problem.server'
import type { Ctx } from '~/platform/ctx'
import { tieInput } from '~/trading/expert/application.form.server'
import { importQuery } from '~/trading/expert/import/import.form.server'
import { cancelImport } from '~/trading/expert/import/import-list.server'
import { listImports, readImport, reportCsv } from '~/trading/expert/import/report.server'
import { takeIn } from '~/trading/expert/import/take-in.server'
import { readOwnRecord } from '~/trading/expert/library.read.server'
import {
  cancelLeave,
  changeContact,
  changeEmployer,
  declareTie,
  setWeekdays,
  takeLeave,
} from '~/trading/expert/own-record.server'
import { contactInput, employerInput, leaveInput, weekdaysInput } from '~/trading/expert/record.form.server'
import { listEditions, readEdition } from '~/trading/expert/specialty.read.server'

const tag = 'expert record'
const document = z.looseObject({})
const id = z.object({ id: z.uuid() })
const made = z.object({ id: z.string() })
const done = z.object({ code: z.string() })

const own = [
  endpoint({
    method: 'get',
    path: '/my-expert-record',
    tag,
    summary: 'The expert’s own record: identity, engagements for life, and who looked at it',
    permission: 'expert.act',
    answer: document.nullable(),
    handle: ctx => readOwnRecord(ctx),
  }),
  endpoint({
    method: 'post',
    path: '/my-expert-record/leaves',
    tag,
    summary: 'Not to be drawn for a time',
    permission: 'expert.act',
    body: leaveInput,
    answer: made,
    status: 201,
    handle: (ctx, { body }) => takeLeave(ctx, body),
  }),
  endpoint({
    method: 'delete',
    path: '/my-expert-record/leaves/:id',
    tag,
    summary: 'Take a leave back',
    permission: 'expert.act',
    params: id,
    answer: made,
    handle: (ctx, { params }) => cancelLeave(ctx, { id: params.id }),
  }),
  endpoint({
    method: 'put',
    path: '/my-expert-record/weekdays',
    tag,
    summary: 'Days of the week on which the expert can be drawn (0 = Sunday)',
    permission: 'expert.act',
    body: weekdaysInput,
    answer: z.object({ weekdays: z.number() }),
    handle: (ctx, { body }) => setWeekdays(ctx, body),
  }),
  endpoint({
    method: 'put',
    path: '/my-expert-record/employer',
    tag,
    summary: 'A new unit; the former one counts for avoidance for three years',
    permission: 'expert.act',
    body: employerInput,
    answer: done,
    handle: (ctx, { body }) => changeEmployer(ctx, body),
  }),
  endpoint({
    method: 'post',
    path: '/my-expert-record/ties',
    tag,
    summary: 'Declare a unit to keep away from: relatives, holdings, former work',
    permission: 'expert.act',
    body: tieInput,
    answer: done,
    status: 201,
    handle: (ctx, { body }) => declareTie(ctx, body),
  }),
  endpoint({
    method: 'put',
    path: '/my-expert-record/contact',
    tag,
    summary: 'Telephone, mail and bank account',
    permission: 'expert.act',
    body: contactInput,
    answer: done,
    handle: (ctx, { body }) => changeContact(ctx, body),
  }),
]

/** The body is the file itself, of any length up to the limit: it is laid down while it arrives. */
function receive(ctx: Ctx, query: z.output<typeof importQuery>): RawAnswer {
  return {
    raw: async (request, response) => {
      try {
        // A JSON body was never meant as a list; whoever sends one hears so.
        const report = await takeIn(ctx, request, { ...query, most: Number.POSITIVE_INFINITY })
        response.status(report.state === 'done' ? 201 : 202).json(report)
      } catch (error) {
        request.unpipe()
        request.resume()
        sendProblem(response, problemOf(error, ctx.requestId))
      }
    },
  }
}

const imports = [
  endpoint({
    method: 'post',
    path: '/expert-imports',
    tag,
    summary:
      'Take over a list of experts or an edition of the classification; the body is the CSV, TSV or XLSX file. 201: done; 202: the worker goes on',
    permission: 'expert.manage',
    query: importQuery,
    answer: 'file',
    handle: async (ctx, { query }) => receive(ctx, query),
  }),
  endpoint({
    method: 'get',
    path: '/expert-imports',
    tag,
    summary: 'Reports of lists taken over or refused, newest first',
    permission: 'expert.manage',
    answer: z.object({ imports: z.array(document) }),
    handle: async ctx => ({ imports: await listImports(ctx) }),
  }),
  endpoint({
    method: 'get',
    path: '/expert-imports/:id',
    tag,
    summary: 'One report with a page of its lines: row, column, rule',
    permission: 'expert.manage',
    params: id,
    query: z.strictObject({ page: z.coerce.number().int().min(1).max(100_000).default(1) }),
    answer: document,
    handle: (ctx, { params, query }) => readImport(ctx, params.id, query.page),
  }),
  endpoint({
    method: 'post',
    path: '/expert-imports/:id/cancellation',
    tag,
    summary: 'Take a list back before any of it comes into the library',
    permission: 'expert.manage',
    params: id,
    answer: made,
    handle: (ctx, { params }) => cancelImport(ctx, { id: params.id }),
  }),
  endpoint({
    method: 'get',
    path: '/expert-imports/:id/report.csv',
    tag,
    summary: 'The whole report as CSV',
    permission: 'expert.manage',
    params: id,
    answer: 'file',
    handle: async (ctx, { params }) => {
      await readImport(ctx, params.id, 1)
      return {
        raw: (_request, response) => {
          response.type('text/csv; charset=utf-8').set('content-disposition', `attachment; filename="import-${params.id}.csv"`)
          Readable.from(reportCsv(ctx, params.id)).pipe(response)
        },
      } satisfies RawAnswer
    },
  }),
  endpoint({
    method: 'get',
    path: '/specialties',
    tag,
    summary: 'Editions of the specialty classification',
    permission: 'portal.read',
    answer: z.object({ editions: z.array(document) }),
    handle: async ctx => ({ editions: await listEditions(ctx) }),
  }),
  endpoint({
    method: 'get',
    path: '/specialties/:edition',
    tag,
    summary: 'One edition with all its codes',
    permission: 'portal.read',
    params: z.object({ edition: z.string().regex(/^[0-9a-z.-]{2,40}$/i) }),
    answer: document,
    handle: (ctx, { params }) => readEdition(ctx, params.edition),
  }),
]

export const expertRecordEndpoints = [...own, ...imports]
