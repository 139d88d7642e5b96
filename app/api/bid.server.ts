import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { z } from 'zod'
import { messageSchemas } from '@/crypto/messages'
import { endpoint } from '~/http/api/endpoint.server'
import { problemOf, sendProblem, slipProblem } from '~/http/api/problem.server'
import { isSameOrigin } from '~/http/request.server'
import type { Ctx } from '~/platform/ctx'
import { authorise } from '~/platform/identity/authorise.server'
import { Refusal } from '~/shared/refusal'
import { beginBid } from '~/trading/bid/begin.server'
import { beginningBody, commitBody, confirmationBody, receiptAnswer } from '~/trading/bid/bid.form.server'
import { readMyBid } from '~/trading/bid/bid.read.server'
import { commitBid, confirmBid } from '~/trading/bid/commit.server'
import { discardUpload } from '~/trading/bid/discard-upload.server'
import { receiptPdf } from '~/trading/bid/receipt-paper.server'
import { refuseUnreadable } from '~/trading/bid/refused.server'
import { readUpload } from '~/trading/bid/upload.server'
import type { ContextOf } from './raw.server'

const id = z.object({ id: z.uuid() })

const file = z.object({ fileId: z.string(), role: z.string(), stage: z.string(), size: z.number(), root: z.string() })
const version = z.object({
  seq: z.number(),
  statement: z.string(),
  statementHash: z.string(),
  at: z.string(),
  isWithdrawal: z.boolean(),
  files: z.array(file),
  receipt: receiptAnswer,
})
const myBid = z.object({
  versions: z.array(version),
  confirmations: z.array(z.object({ termsVersion: z.number(), at: z.string(), receipt: receiptAnswer })),
  refused: z.array(
    z.object({ at: z.string(), address: z.string(), code: z.string(), text: z.string(), statementHash: z.string() }),
  ),
  needsConfirmation: z.object({ notice: z.string(), noticeHash: z.string(), title: z.string() }).nullable(),
  /** Sending that began and did not end; `isWithdrawn` once the deadline has passed (视为撤回). */
  unfinished: z.object({ at: z.string(), isWithdrawn: z.boolean() }).nullable(),
})

const commit = {
  method: 'post',
  tag: 'bid',
  permission: 'bid.submit',
  params: id,
  status: 201,
  answer: receiptAnswer,
} as const

export const bidEndpoints = [
  endpoint({
    ...commit,
    path: '/lots/:id/bids',
    summary:
      'Commits, replaces or (files: []) withdraws a bid: canonical tbid/submit@1, its CMS, the uploads; answers the receipt',
    body: commitBody,
    handle: (ctx, { params, body }) => commitBid(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    ...commit,
    path: '/lots/:id/bids/confirmation',
    summary: 'Keeps a bid valid after a change notice: canonical tbid/confirm@1 and its CMS; answers the receipt',
    body: confirmationBody,
    handle: (ctx, { params, body }) => confirmBid(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    ...commit,
    path: '/lots/:id/bids/beginning',
    summary:
      'Says that sending a bid begins, with the hash of its statement if it is signed; what is unfinished at the deadline is told so',
    body: beginningBody,
    answer: z.object({ at: z.string() }),
    handle: (ctx, { params, body }) => beginBid(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'get',
    path: '/lots/:id/my-bid',
    tag: 'bid',
    summary: 'The organisation’s own bid on a lot: every version with its receipt, confirmations, refused attempts',
    permission: 'bid.read',
    params: id,
    answer: myBid,
    handle: (ctx, { params }) => readMyBid(ctx, params.id),
  }),
  endpoint({
    method: 'get',
    path: '/lots/:id/my-bid/receipt.pdf',
    tag: 'bid',
    summary: 'The receipt of the newest version (or ?seq=) as a signed PDF',
    permission: 'bid.read',
    params: id,
    query: z.strictObject({ seq: z.coerce.number().int().min(1).optional() }),
    answer: 'file',
    handle: async (ctx, { params, query }) => {
      const { name, pdf } = await receiptPdf(ctx, params.id, query.seq)
      const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(name)}`
      return {
        raw: (_request, response) =>
          void response.type('application/pdf').set('content-disposition', disposition).send(Buffer.from(pdf)),
      }
    },
  }),
  endpoint({
    method: 'get',
    path: '/signed-messages',
    tag: 'bid',
    summary: 'JSON Schema (2020-12) of each signed message of sealing and opening, by its type: tbid/policy@1, tbid/submit@1, …',
    permission: 'log.read',
    answer: z.record(z.string(), z.record(z.string(), z.unknown())),
    handle: async () => messageSchemas,
  }),
  endpoint({
    method: 'get',
    path: '/uploads/:id',
    tag: 'bid',
    summary: 'How far an own upload (tus 1.0 at /uploads) has come, and its RFC 9162 root once it is whole',
    permission: 'bid.submit',
    params: id,
    answer: z.object({
      id: z.string(),
      size: z.number(),
      offset: z.number(),
      root: z.object({ sha256: z.string().nullable(), sm3: z.string().nullable() }).nullable(),
    }),
    handle: (ctx, { params }) => readUpload(ctx, params.id),
  }),
  endpoint({
    method: 'delete',
    path: '/uploads/:id',
    tag: 'bid',
    summary: 'Gives an own upload up (tus termination): no commit may name it any more, its bytes are removed a while later',
    permission: 'bid.submit',
    params: id,
    status: 204,
    answer: 'text',
    handle: async (ctx, { params }) => {
      await discardUpload(ctx, { uploadId: params.id })
      return { raw: (_request, response) => void response.set('tus-resumable', '1.0.0').status(204).end() }
    },
  }),
]

/**
 * Commits do not go through the common router: who asks is settled from the headers while the body is still coming in, so that the
 * first statement after its last byte is the one that reads the clock (crypto.md §10.1), and no answer is kept in clear (§10.2).
 */
export function mountCommits(app: Express, contextOf: ContextOf): void {
  const parse = express.json({ limit: 524_288, strict: true })
  const identify = (request: Request, response: Response, next: NextFunction) => {
    const started = (async () => {
      const context = await contextOf(request)
      if (context.sessionToken && !isSameOrigin(request)) throw new Refusal('csrf-failed')
      authorise(context.actor, 'bid.submit')
      return context.ctx()
    })()
    started.then(
      ctx => {
        response.locals.ctx = ctx
        next()
      },
      error => sendProblem(response, problemOf(error, '')),
    )
  }
  const mount = <B>(path: string, body: z.ZodType<B>, run: Run<B>) =>
    app.post(path, identify, parse, (request: Request, response: Response) => {
      commitFrom(request, response, body, run).catch(error => failed(response, error))
    })
  mount('/api/v1/lots/:id/bids', commitBody, commitBid)
  mount('/api/v1/lots/:id/bids/confirmation', confirmationBody, confirmBid)
  mount('/api/v1/lots/:id/bids/beginning', beginningBody, beginBid)
  app.use('/api/v1/lots/:id/bids', (error: unknown, request: Request, response: Response, _next: NextFunction) => {
    bodyRefused(error, request, response).catch(fault => sendProblem(response, problemOf(fault, '')))
  })
}

type Run<B> = (ctx: Ctx, input: B & { lotId: string }) => Promise<unknown>

async function commitFrom<B>(request: Request, response: Response, body: z.ZodType<B>, run: Run<B>): Promise<void> {
  const ctx: Ctx = response.locals.ctx
  const [params, parsed] = [id.safeParse(request.params), body.safeParse(request.body)]
  if (!params.success) throw new Refusal('not-found')
  if (!parsed.success) {
    const { fields } = slipProblem(parsed.error, ctx.requestId)
    const reason = Object.keys(fields ?? {}).join('、')
    const refusal = await refuseUnreadable(ctx, params.data.id, JSON.stringify(request.body ?? null), reason)
    return sendProblem(response, { ...problemOf(refusal, ctx.requestId), fields })
  }
  response.status(201).json(await run(ctx, { ...parsed.data, lotId: params.data.id }))
}

/** A body that is no JSON or too long is an attempt too, if it was to a lot: recorded by the hash of what could be kept of it. */
async function bodyRefused(error: unknown, request: Request, response: Response): Promise<void> {
  const ctx: Ctx | undefined = response.locals.ctx
  const lotId = id.safeParse({ id: /lots\/([^/]+)\/bids/.exec(request.originalUrl)?.[1] })
  const { body, type } = error as { body?: unknown; type?: string }
  const reason = type && reasons[type]
  if (!ctx || !lotId.success || !reason) return sendProblem(response, problemOf(error, ''))
  const refusal = await refuseUnreadable(ctx, lotId.data.id, typeof body === 'string' ? body : '', reason)
  sendProblem(response, problemOf(refusal, ctx.requestId))
}

/** What the body parser may find wrong, in words. */
const reasons: Record<string, string> = {
  'entity.parse.failed': '请求内容不是合法的 JSON',
  'entity.too.large': '请求内容超过上限',
  'encoding.unsupported': '不支持的内容编码',
  'charset.unsupported': '不支持的字符集',
  'request.size.invalid': '请求内容不完整',
}

function failed(response: Response, error: unknown): void {
  const ctx: Ctx = response.locals.ctx
  const problem = problemOf(error, ctx.requestId)
  if (problem.status >= 500) ctx.platform.logger.error({ err: error, requestId: ctx.requestId }, 'commit fault')
  sendProblem(response, problem)
}
