import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { readCalendar } from '~/platform/calendar/calendar.read.server'
import { projectBody } from '~/trading/project/project.form.server'
import { listProjects, readProject } from '~/trading/project/project.read.server'
import { createProject } from '~/trading/project/project.server'
import { checkDates } from '~/trading/rules/dates'
import { dateNames } from '~/trading/rules/edition'
import { editions, ruleEdition } from '~/trading/rules/editions'
import { dateText, tradeKindText, tradeMethodText } from '~/trading/rules/rules.text'

const id = z.object({ id: z.uuid() })
const name = z.object({ code: z.string(), text: z.string() })
const named = (texts: Record<string, string>) => Object.entries(texts).map(([code, text]) => ({ code, text }))

const limit = z.object({
  id: z.string(),
  name: z.string(),
  subject: z.string(),
  anchor: z.string(),
  direction: z.string(),
  bound: z.string(),
  value: z.number(),
  unit: z.string(),
  article: z.string(),
  mark: z.string(),
})
const edition = z.object({
  id: z.string(),
  kind: z.string(),
  method: z.string(),
  name: z.string(),
  version: z.string(),
  anchors: z.string(),
  watermark: z.string().nullable(),
  minimumBidders: z.number(),
  limits: z.array(limit),
})
const violation = z.object({
  id: z.string(),
  field: z.string(),
  article: z.string(),
  earliest: z.date().nullable(),
  latest: z.date().nullable(),
  provisional: z.boolean(),
  severity: z.string(),
  text: z.string(),
})

const project = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  kind: z.string(),
  method: z.string(),
  edition: z.string(),
  calendarVersion: z.string(),
  regionCode: z.string(),
  sector: z.string(),
  isToLaw: z.boolean(),
  tendererName: z.string(),
  tendererCode: z.string(),
  fundSource: z.string(),
  scale: z.string(),
  contact: z.string(),
  phone: z.string(),
  createdAt: z.date(),
})

export const projectEndpoints = [
  endpoint({
    method: 'get',
    path: '/rules',
    tag: 'project',
    summary: 'Kinds of trade, methods and rule editions with their time limits and articles',
    permission: 'portal.read',
    answer: z.object({ kinds: z.array(name), methods: z.array(name), dates: z.array(name), editions: z.array(edition) }),
    handle: async () => {
      return {
        kinds: named(tradeKindText),
        methods: named(tradeMethodText),
        dates: named(dateText),
        editions: [...editions] as never,
      }
    },
  }),
  endpoint({
    method: 'post',
    path: '/rules/check',
    tag: 'project',
    summary: 'Judges dates by an edition without changing anything: what the law forbids, with rule, article and needed date',
    permission: 'portal.read',
    body: z.strictObject({
      edition: z.string().max(80),
      isToLaw: z.boolean().default(true),
      dates: z.partialRecord(
        z.enum(dateNames),
        z.iso.datetime({ offset: true }).transform(v => new Date(v)),
      ),
    }),
    answer: z.object({ calendar: z.string(), violations: z.array(violation) }),
    handle: async (ctx, { body }) => {
      const calendar = await readCalendar(ctx.db)
      const violations = checkDates(ruleEdition(body.edition), body.dates, calendar, body.isToLaw)
      return { calendar: calendar.version, violations }
    },
  }),
  endpoint({
    method: 'post',
    path: '/projects',
    tag: 'project',
    summary: 'Registers a tender project',
    permission: 'project.write',
    body: projectBody,
    status: 201,
    answer: z.object({ id: z.string(), code: z.string() }),
    handle: (ctx, { body }) => createProject(ctx, body),
  }),
  endpoint({
    method: 'get',
    path: '/projects',
    tag: 'project',
    summary: "The caller's projects, newest first",
    permission: 'lot.read',
    answer: z.object({ projects: z.array(project) }),
    handle: async ctx => ({ projects: await listProjects(ctx) }),
  }),
  endpoint({
    method: 'get',
    path: '/projects/:id',
    tag: 'project',
    summary: 'A project with its lots',
    permission: 'lot.read',
    params: id,
    answer: z.object({
      project,
      lots: z.array(z.object({ id: z.string(), code: z.string(), name: z.string(), state: z.string() })),
    }),
    handle: (ctx, { params }) => readProject(ctx, params.id),
  }),
]
