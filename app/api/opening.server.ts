import { z } from 'zod'
import { openingPhases } from '@/db/schema/trading/opening'
import { endpoint } from '~/http/api/endpoint.server'
import { sendFile } from '~/platform/files/file.server'
import { answerRecord, replyObjection } from '~/trading/opening/answer.server'
import { answerBody, releaseBody, replyBody, tsaReleaseBody } from '~/trading/opening/opening.form.server'
import { listPapers, readPaperFile } from '~/trading/opening/paper.read.server'
import { readClose, readReleaseBundle } from '~/trading/opening/proof.read.server'
import { readPublicOpening } from '~/trading/opening/read.server'
import { releaseKeys } from '~/trading/opening/release.server'
import { reportShares } from '~/trading/opening/report.server'
import { allowReleaseByTimestamp } from '~/trading/opening/tsa-release.server'

const id = z.object({ id: z.uuid() })
const part = z.object({ statement: z.string(), part: z.string() })
const close = z.object({
  payload: z.string(),
  salt: z.string(),
  idx: z.number(),
  proof: z.array(z.string()),
  checkpoint: z.string(),
  tsa: z.string().nullable(),
})
const date = z.date().nullable()
const head = z.object({ fileId: z.string(), role: z.string(), stage: z.string(), head: z.string() })
const leaf = z.object({ idx: z.number(), salt: z.string(), payload: z.string() }).nullable()

export const openingEndpoints = [
  endpoint({
    method: 'get',
    path: '/lots/:id/opening',
    tag: 'opening',
    summary:
      'The opening as everybody may see it: before the deadline only its time, afterwards phase, list, read-out and answers',
    permission: 'portal.read',
    params: id,
    answer: z.object({
      lotId: z.string(),
      lotCode: z.string(),
      lotName: z.string(),
      projectName: z.string(),
      now: z.date(),
      phase: z.enum(['scheduled', 'sign-in', ...openingPhases]),
      biddingEndsAt: date,
      closedAt: date,
      counted: z.number().nullable(),
      releaseEndsAt: date,
      objectionEndsAt: date,
      confirmEndsAt: date,
      recordHash: z.string().nullable(),
      record: z.string().nullable(),
      hall: z.looseObject({
        seq: z.number(),
        bids: z.array(z.looseObject({ no: z.number(), organisation: z.string(), state: z.string() })),
      }),
    }),
    handle: (ctx, { params }) => readPublicOpening(ctx, params.id),
  }),
  endpoint({
    method: 'get',
    path: '/lots/:id/close',
    tag: 'opening',
    summary: 'The lot.close entry with its inclusion proof in a cosigned checkpoint; 404 until the witness has cosigned',
    permission: 'portal.read',
    params: id,
    answer: close,
    handle: (ctx, { params }) => readClose(ctx, params.id),
  }),
  endpoint({
    method: 'get',
    path: '/lots/:id/release-bundle',
    tag: 'opening',
    summary:
      'What a custodian or bidder needs to release its keys: close, what opens a second envelope, policy, statements and heads; 404 until release is allowed',
    permission: 'opening.release',
    params: id,
    answer: z.object({
      close,
      envelope: close.nullable(),
      policy: z.object({ payload: z.string(), hash: z.string() }),
      releaseEndsAt: date,
      bids: z.array(z.object({ statementHash: z.string(), statement: z.string(), leaf, files: z.array(head) })),
    }),
    handle: (ctx, { params }) => readReleaseBundle(ctx, params.id),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/releases',
    tag: 'opening',
    summary:
      'Releases key parts (tbid/release@1, signed); each part is accepted or refused by itself, a repeat gets the first answer',
    permission: 'opening.release',
    params: id,
    body: releaseBody,
    limit: 6_000_000,
    status: 201,
    answer: z.object({ accepted: z.array(part), refused: z.array(part.extend({ code: z.string() })) }),
    handle: (ctx, { params, body }) => releaseKeys(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/releases/reports',
    tag: 'opening',
    summary: 'A custodian reports shares that it cannot use (tbid/report@1, signed); each counts as a missing release',
    permission: 'opening.release',
    params: id,
    body: releaseBody,
    limit: 6_000_000,
    status: 201,
    answer: z.object({ recorded: z.array(part), refused: z.array(part.extend({ code: z.string() })) }),
    handle: (ctx, { params, body }) => reportShares(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/opening/tsa-release',
    tag: 'opening',
    summary:
      'The supervisor allows release on the time-stamp alone, 120 s without a cosignature over the close or over what opens the second envelope',
    permission: 'opening.supervise',
    params: id,
    body: tsaReleaseBody,
    answer: z.null(),
    handle: (ctx, { params, body }) => allowReleaseByTimestamp(ctx, { lotId: params.id, reason: body.reason }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/confirmations',
    tag: 'opening',
    summary: "A bidder's signed word on the record: no objection, or an objection with its reason",
    permission: 'opening.confirm',
    params: id,
    body: answerBody,
    status: 201,
    answer: z.object({ answer: z.string() }),
    handle: (ctx, { params, body }) => answerRecord(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/objections/:orgId/reply',
    tag: 'opening',
    summary: "The host's answer to an objection, on the spot",
    permission: 'opening.host',
    params: id.extend({ orgId: z.uuid() }),
    body: replyBody,
    answer: z.null(),
    handle: (ctx, { params, body }) => replyObjection(ctx, { lotId: params.id, organisationId: params.orgId, text: body.text }),
  }),
  endpoint({
    method: 'get',
    path: '/lots/:id/papers',
    tag: 'opening',
    summary: 'Papers of a lot that the caller may read',
    permission: 'portal.read',
    params: id,
    answer: z.array(
      z.looseObject({ id: z.string(), kind: z.string(), title: z.string(), sha256: z.string(), createdAt: z.date() }),
    ),
    handle: (ctx, { params }) => listPapers(ctx, params.id),
  }),
  endpoint({
    method: 'get',
    path: '/papers/:id/file',
    tag: 'opening',
    summary: 'The signed PDF of a paper; byte ranges',
    permission: 'portal.read',
    params: id,
    answer: 'file',
    handle: async (ctx, { params }) => sendFile(ctx, await readPaperFile(ctx, params.id), 'inline'),
  }),
]
