import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { Refusal } from '~/shared/refusal'
import { cosignatureBody, custodyKeyBody, policyBody } from '~/trading/custody/custody.form.server'
import { listCustody } from '~/trading/custody/custody.read.server'
import { registerLotKey } from '~/trading/custody/custody-key.server'
import { readPolicy } from '~/trading/custody/policy.read.server'
import { cosignPolicy, readPolicyDraft, signPolicy } from '~/trading/custody/policy.server'

const id = z.object({ id: z.uuid() })
const time = z.date().nullable()
const signed = z.object({ hash: z.string(), isComplete: z.boolean() })

const custody = z.object({
  lotId: z.string(),
  lotCode: z.string(),
  lotName: z.string(),
  projectId: z.string(),
  projectName: z.string(),
  state: z.string(),
  suite: z.string(),
  round: z.number(),
  releaseMode: z.string(),
  threshold: z.number(),
  biddingEndsAt: time,
  closedAt: time,
  idx: z.number(),
  lotKey: z.string().nullable(),
  wrappedKey: z.string().nullable(),
  keyedAt: time,
  cosignedAt: time,
  policyHash: z.string().nullable(),
  due: z.enum(['key', 'cosign', 'release']).nullable(),
})

const policy = z.object({
  payload: z.string(),
  hash: z.string(),
  version: z.number(),
  completedAt: time,
  agencyCms: z.string(),
  custodianCms: z.array(z.object({ organisationId: z.string(), name: z.string(), cms: z.string().nullable() })),
})

/** Until the last key is in there is nothing to sign: to whoever asks for the draft that is not-found, not a rule broken. */
const draftOrNotFound = (error: unknown): never => {
  if (error instanceof Refusal && error.code === 'lot-key-missing') throw new Refusal('not-found')
  throw error
}

export const custodyEndpoints = [
  endpoint({
    method: 'get',
    path: '/custody',
    tag: 'custody',
    summary: 'The lots whose keys the organisation keeps (保管人), and what is due from it',
    permission: 'custody.act',
    answer: z.object({ lots: z.array(custody) }),
    handle: async ctx => ({ lots: await listCustody(ctx) }),
  }),
  endpoint({
    method: 'put',
    path: '/lots/:id/custody-key',
    tag: 'custody',
    summary: 'Registers the key of one lot: canonical tbid/lotkey@1, its detached CMS, the private key wrapped to the custodian',
    permission: 'custody.act',
    params: id,
    body: custodyKeyBody,
    answer: z.object({ idx: z.number(), missing: z.number() }),
    handle: (ctx, { params, body }) => registerLotKey(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'get',
    path: '/lots/:id/policy-draft',
    tag: 'custody',
    summary: 'The canonical sealing policy for the agency to sign; 404 while a custodian’s key is missing',
    permission: 'policy.sign',
    params: id,
    answer: z.object({ payload: z.string(), hash: z.string() }),
    handle: (ctx, { params }) => readPolicyDraft(ctx, params.id).catch(draftOrNotFound),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/policy',
    tag: 'custody',
    summary: 'The agency signs the sealing policy (密封策略)',
    permission: 'policy.sign',
    params: id,
    body: policyBody,
    status: 201,
    answer: signed,
    handle: (ctx, { params, body }) => signPolicy(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/policy/cosignature',
    tag: 'custody',
    summary: 'A custodian cosigns the sealing policy; with the last one the lot is ready to be announced',
    permission: 'custody.act',
    params: id,
    body: cosignatureBody,
    status: 201,
    answer: signed,
    handle: (ctx, { params, body }) => cosignPolicy(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'get',
    path: '/lots/:id/policy',
    tag: 'custody',
    summary: 'The signed sealing policy with its signatures; public once the lot is announced',
    permission: 'portal.read',
    params: id,
    answer: policy,
    handle: (ctx, { params }) => readPolicy(ctx, params.id),
  }),
]
