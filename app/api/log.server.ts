import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { cosign } from '~/platform/log/cosign.server'
import { noteOf, proveConsistency, proveInclusion, readCheckpoint, readPublicCheckpoint } from '~/platform/log/read.server'
import { readServed, servedScripts } from '~/platform/script/script.server'
import { Refusal } from '~/shared/refusal'

const size = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const proof = z.object({ proof: z.array(z.string()) })
const hex = (hashes: Uint8Array[]) => ({ proof: hashes.map(h => Buffer.from(h).toString('hex')) })

export const logEndpoints = [
  endpoint({
    method: 'get',
    path: '/scripts',
    tag: 'log',
    summary: 'The scripts that handle keys and bids in the browser, as served, and what the log says of them',
    permission: 'log.read',
    answer: z.object({
      scripts: z.array(z.object({ name: z.string(), path: z.string(), sha256: z.string() })),
      logged: z.object({ idx: z.number(), scripts: z.array(z.string()) }).nullable(),
    }),
    handle: async ctx => ({ scripts: servedScripts(ctx.platform), logged: await readServed(ctx) }),
  }),
  endpoint({
    method: 'get',
    path: '/log/checkpoint',
    tag: 'log',
    summary: 'Latest public checkpoint (C2SP tlog-checkpoint) with the witness cosignature, or the one of ?size=',
    permission: 'log.read',
    query: z.object({ size: size.optional() }),
    answer: 'text',
    handle: async (ctx, { query }) => {
      const found = query.size === undefined ? await readPublicCheckpoint(ctx) : await readCheckpoint(ctx, query.size)
      if (!found?.isPublic) throw new Refusal('not-found')
      return noteOf(found)
    },
  }),
  endpoint({
    method: 'get',
    path: '/log/consistency',
    tag: 'log',
    summary: 'RFC 9162 consistency proof between two tree sizes',
    permission: 'log.read',
    query: z.object({ from: size, to: size }),
    answer: proof,
    handle: async (ctx, { query }) => hex(await proveConsistency(ctx.platform, query.from, query.to)),
  }),
  endpoint({
    method: 'get',
    path: '/log/inclusion',
    tag: 'log',
    summary: 'RFC 9162 inclusion proof of a leaf',
    permission: 'log.read',
    query: z.object({ idx: size, size }),
    answer: proof,
    handle: async (ctx, { query }) => hex(await proveInclusion(ctx.platform, query.idx, query.size)),
  }),
  endpoint({
    method: 'post',
    path: '/log/cosignatures',
    tag: 'log',
    summary: 'The witness hands in a public checkpoint with its cosignature line',
    permission: 'log.cosign',
    body: z.strictObject({ note: z.string().max(4_096) }),
    answer: z.object({ size: z.number() }),
    handle: async (ctx, { body }) => cosign(ctx, body.note),
  }),
]
