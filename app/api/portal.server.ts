import { z } from 'zod'
import { noticeKinds } from '@/db/schema/trading/project'
import { endpoint } from '~/http/api/endpoint.server'
import { noticeFilter } from '~/trading/notice/portal.form.server'
import { listNotices, readNotice, readPublicLot } from '~/trading/notice/portal.read.server'
import { readNoticeProof } from '~/trading/notice/proof.read.server'

const id = z.object({ id: z.uuid() })

const item = z.object({
  id: z.string(),
  kind: z.enum(noticeKinds),
  version: z.number(),
  title: z.string(),
  publishedAt: z.date(),
  biddingEndsAt: z.date().nullable(),
  periodEndsAt: z.date().nullable(),
  lotId: z.string(),
  lotCode: z.string(),
  lotName: z.string(),
  lotState: z.string(),
  projectName: z.string(),
  tradeKind: z.string(),
  method: z.string(),
  regionCode: z.string(),
  tendererName: z.string(),
  isDrill: z.boolean(),
})

const documentLine = z.object({
  id: z.string(),
  version: z.number(),
  title: z.string(),
  kind: z.string(),
  fileId: z.string(),
  sha256: z.string(),
})

const publicLot = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  content: z.string(),
  qualification: z.string(),
  state: z.string(),
  round: z.number(),
  suite: z.string(),
  releaseMode: z.string(),
  threshold: z.number(),
  releaseSeconds: z.number(),
  scoring: z.unknown(),
  ceilingFen: z.bigint(),
  termsVersion: z.number(),
  biddingStartsAt: z.date().nullable(),
  biddingEndsAt: z.date().nullable(),
  documentEndsAt: z.date().nullable(),
  failReason: z.string().nullable(),
  edition: z.object({ id: z.string(), name: z.string(), watermark: z.string().nullable() }),
  project: z.object({ id: z.string(), code: z.string(), name: z.string() }),
  notices: z.array(item),
  documents: z.array(documentLine),
})

export const portalEndpoints = [
  endpoint({
    method: 'get',
    path: '/notices',
    tag: 'portal',
    summary: 'Published notices, newest first: full-text search, filters, counts',
    permission: 'portal.read',
    query: noticeFilter,
    answer: z.object({
      items: z.array(item),
      total: z.number(),
      page: z.number(),
      pageSize: z.number(),
      kinds: z.record(z.string(), z.number()),
      stages: z.record(z.string(), z.number()),
    }),
    handle: (ctx, { query }) => listNotices(ctx, query),
  }),
  endpoint({
    method: 'get',
    path: '/notices/:id',
    tag: 'portal',
    summary: 'One notice as published, with the other notices of its lot',
    permission: 'portal.read',
    params: id,
    answer: item.extend({
      body: z.string(),
      bodyHash: z.string(),
      supersedes: z.string().nullable(),
      paperFileId: z.string().nullable(),
      paperId: z.string().nullable(),
      entryId: z.string(),
      sameLot: z.array(item),
    }),
    handle: (ctx, { params }) => readNotice(ctx, params.id),
  }),
  endpoint({
    method: 'get',
    path: '/notices/:id/proof',
    tag: 'portal',
    summary: 'Log entry of a notice with its inclusion proof in the newest public checkpoint',
    permission: 'portal.read',
    params: id,
    answer: z.object({
      t: z.literal('tbid/inclusion@1'),
      payload: z.unknown(),
      salt: z.string(),
      idx: z.number(),
      proof: z.array(z.string()),
      checkpoint: z.string(),
    }),
    handle: (ctx, { params }) => readNoticeProof(ctx, params.id),
  }),
  endpoint({
    method: 'get',
    path: '/public/lots/:id',
    tag: 'portal',
    summary: 'What everybody may know of an announced lot: requirements, dates, scoring, notices, documents',
    permission: 'portal.read',
    params: id,
    answer: publicLot,
    handle: (ctx, { params }) => readPublicLot(ctx, params.id),
  }),
]
