import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { sendFile } from '~/platform/files/file.server'
import { readBidFile } from '~/trading/evaluation/bid-file.server'
import { complianceBody, scoreBody, signatureBody } from '~/trading/evaluation/evaluation.form.server'
import { readEvaluation } from '~/trading/evaluation/evaluation.read.server'
import { markCompliance, markScore } from '~/trading/evaluation/mark.server'
import { signReport } from '~/trading/evaluation/sign-report.server'
import { submitSheet } from '~/trading/evaluation/submit-sheet.server'

const id = z.object({ id: z.uuid() })
const marked = z.object({ bidId: z.string(), item: z.string() })
const text = z.string()

const evaluation = z.object({
  lot: z.object({ id: text, code: text, name: text, state: text, round: z.number(), ceilingFen: z.bigint() }),
  envelopes: z.number(),
  openingPhase: text,
  scoring: z.unknown(),
  me: text.nullable(),
  members: z.array(z.object({ expertId: text, code: text, seat: text, lockedAt: z.date().nullable(), answer: text.nullable() })),
  bids: z.array(
    z.object({
      id: text,
      name: text,
      creditCode: text,
      priceFen: z.bigint().nullable(),
      form: z.unknown(),
      firstEnvelope: text.nullable(),
      files: z.array(z.object({ id: text, role: text, plainFileId: text.nullable(), problem: text.nullable() })),
    }),
  ),
  compliance: z.array(z.object({ bidId: text, item: text, pass: z.boolean(), reason: text })),
  scores: z.array(z.object({ bidId: text, item: text, score: text })),
  report: z.object({ hash: text, content: z.unknown(), madeAt: z.date(), sealedAt: z.date().nullable() }).nullable(),
})

export const evaluationEndpoints = [
  endpoint({
    method: 'get',
    path: '/lots/:id/evaluation',
    tag: 'evaluation',
    summary: 'The evaluation: bids and items, and a member’s own sheet; the report once made',
    permission: 'evaluation.read',
    params: id,
    answer: evaluation,
    handle: (ctx, { params }) => readEvaluation(ctx, params.id),
  }),
  endpoint({
    method: 'get',
    path: '/bid-files/:id',
    tag: 'evaluation',
    summary: 'An opened file of a bid, for the members of its committee',
    permission: 'evaluation.act',
    params: id,
    answer: 'file',
    handle: async (ctx, { params }) => sendFile(ctx, await readBidFile(ctx, params.id)),
  }),
  endpoint({
    method: 'put',
    path: '/lots/:id/evaluation/compliance',
    tag: 'evaluation',
    summary: 'A finding on one compliance item of one bid; may be changed until the sheet is locked',
    permission: 'evaluation.act',
    params: id,
    body: complianceBody,
    answer: marked,
    handle: (ctx, { params, body }) => markCompliance(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'put',
    path: '/lots/:id/evaluation/scores',
    tag: 'evaluation',
    summary: 'Points for one item of one bid; may be changed until the sheet is locked',
    permission: 'evaluation.act',
    params: id,
    body: scoreBody,
    answer: marked,
    handle: (ctx, { params, body }) => markScore(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/evaluation/submission',
    tag: 'evaluation',
    summary: 'Locks the own sheet; the last one computes price scores, ranking and the report',
    permission: 'evaluation.act',
    params: id,
    answer: z.object({ isLast: z.boolean(), reportHash: text.nullable() }),
    handle: (ctx, { params }) => submitSheet(ctx, { lotId: params.id }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/evaluation/signatures',
    tag: 'evaluation',
    summary: 'A member’s word on the report: sign, dissent with reasons, refuse; CMS over JCS tbid/evaluation.sign@1',
    permission: 'evaluation.act',
    params: id,
    body: signatureBody,
    status: 201,
    answer: z.object({ answer: text }),
    handle: (ctx, { params, body }) => signReport(ctx, { lotId: params.id, ...body }),
  }),
]
