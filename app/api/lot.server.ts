import type { Request } from 'express'
import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { sendFile } from '~/platform/files/file.server'
import { Refusal } from '~/shared/refusal'
import { documentLimit } from '~/trading/document/document'
import { listDocuments, readFileFor } from '~/trading/document/document.read.server'
import { addDocument } from '~/trading/document/document.server'
import { listKeepers } from '~/trading/lot/agency-lot.read.server'
import { readLot } from '~/trading/lot/find-lot.server'
import { custodiansBody, lotBody } from '~/trading/lot/lot.form.server'
import { createLot, nameCustodians } from '~/trading/lot/lot.server'

const id = z.object({ id: z.uuid() })
const made = z.object({ id: z.string(), code: z.string() })
const time = z.date().nullable()

const lot = z.object({
  id: z.string(),
  projectId: z.string(),
  code: z.string(),
  name: z.string(),
  content: z.string(),
  qualification: z.string(),
  round: z.number(),
  state: z.string(),
  ceilingFen: z.bigint(),
  suite: z.string(),
  releaseMode: z.string(),
  threshold: z.number(),
  releaseSeconds: z.number(),
  scoring: z.unknown(),
  termsVersion: z.number(),
  biddingStartsAt: time,
  biddingEndsAt: time,
  documentEndsAt: time,
  closedAt: time,
  failReason: z.string().nullable(),
})

const documentLine = z.object({
  id: z.string(),
  version: z.number(),
  title: z.string(),
  kind: z.string(),
  noticeId: z.string().nullable(),
  createdAt: z.date(),
  fileId: z.string(),
  name: z.string(),
  size: z.number(),
  sha256: z.string(),
})

/** The name travels percent-encoded: headers carry no Chinese. */
function fileNameOf(request: Request): string {
  try {
    const name = decodeURIComponent(request.get('x-file-name') ?? '').trim()
    if (name && !/[/\\\0]/.test(name)) return name
  } catch {}
  throw new Refusal('bad-input', { reason: '请求头 x-file-name 应为百分号编码的文件名' })
}

/** Says no before the first byte where the length is told. */
function checkLength(request: Request, name: string): void {
  const length = Number(request.get('content-length') ?? 0)
  if (length > documentLimit) throw new Refusal('file-too-big', { file: name, limit: `${documentLimit / 1_048_576} MiB` })
}

export const lotEndpoints = [
  endpoint({
    method: 'post',
    path: '/projects/:id/lots',
    tag: 'lot',
    summary: 'Adds a lot (标段) with its evaluation method and release mode',
    permission: 'lot.write',
    params: id,
    body: lotBody,
    status: 201,
    answer: made,
    handle: (ctx, { params, body }) => createLot(ctx, { projectId: params.id, input: body }),
  }),
  endpoint({
    method: 'get',
    path: '/lots/:id',
    tag: 'lot',
    summary: 'A lot, for those who run or supervise it',
    permission: 'lot.read',
    params: id,
    answer: lot,
    handle: async (ctx, { params }) => (await readLot(ctx, params.id)).lot,
  }),
  endpoint({
    method: 'get',
    path: '/custodians',
    tag: 'lot',
    summary: 'Organisations that may be named as custodians',
    permission: 'lot.write',
    answer: z.object({ custodians: z.array(z.object({ id: z.uuid(), name: z.string() })) }),
    handle: async ctx => ({ custodians: await listKeepers(ctx) }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/custodians',
    tag: 'lot',
    summary: 'Names the custodians (保管人) in header order; refused when one interest group could open or block alone',
    permission: 'lot.write',
    params: id,
    body: custodiansBody,
    answer: z.object({ state: z.string() }),
    handle: (ctx, { params, body }) => nameCustodians(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/documents',
    tag: 'lot',
    summary: 'Uploads a tender document or clarification: raw body, Content-Type, x-file-name (percent-encoded)',
    permission: 'document.publish',
    params: id,
    query: z.object({
      title: z.string().trim().min(1).max(300),
      kind: z.enum(['document', 'clarification']).default('document'),
    }),
    status: 201,
    answer: z.object({ id: z.string(), version: z.number(), fileId: z.string(), sha256: z.string() }),
    handle: async (ctx, { params, query }) => ({
      raw: async (request, response) => {
        const name = fileNameOf(request)
        checkLength(request, name)
        const type = request.get('content-type') ?? ''
        const kept = await addDocument(ctx, { lotId: params.id, ...query, name, type, content: request })
        response.status(201).json(kept)
      },
    }),
  }),
  endpoint({
    method: 'get',
    path: '/lots/:id/documents',
    tag: 'lot',
    summary: 'Every document of a lot, public or not yet',
    permission: 'lot.read',
    params: id,
    answer: z.object({ documents: z.array(documentLine) }),
    handle: async (ctx, { params }) => ({ documents: await listDocuments(ctx, params.id) }),
  }),
  endpoint({
    method: 'get',
    path: '/files/:id',
    tag: 'portal',
    summary: 'Downloads a public file, without registration; byte ranges are served',
    permission: 'portal.read',
    params: id,
    answer: 'file',
    handle: async (ctx, { params }) => sendFile(ctx, await readFileFor(ctx, params.id)),
  }),
]
