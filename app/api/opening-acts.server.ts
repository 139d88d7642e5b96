import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { decideAct, proposeAct } from '~/trading/opening/act.server'
import { actBody, decisionBody, signatureBody, twinBody } from '~/trading/opening/acts.form.server'
import { signIn } from '~/trading/opening/attendance.server'
import { handInTwin } from '~/trading/opening/hand-in-twin.server'
import { readParameterProof } from '~/trading/opening/parameter.server'
import { prepareRecord, signRecord } from '~/trading/opening/sign-record.server'

const id = z.object({ id: z.uuid() })
const hash = z.string()
const actAnswer = z.object({ id: z.uuid(), state: z.enum(['proposed', 'done', 'declined']) })

/** What people do to an opening beside what the clock does. */
export const openingActEndpoints = [
  endpoint({
    method: 'post',
    path: '/lots/:id/record/room',
    tag: 'opening',
    summary:
      "Makes room for the actor's signature at the end of the record; sha256 is what to sign, sm3 (of the record as it is) for an SM2 key",
    permission: 'opening.sign',
    params: id,
    status: 201,
    answer: z.object({ room: z.uuid(), version: z.number(), sha256: hash, sm3: hash }),
    handle: (ctx, { params }) => prepareRecord(ctx, { lotId: params.id }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/record/signatures',
    tag: 'opening',
    summary: 'Signs the record (PAdES); record-moved when somebody else signed first: ask for a new room and sign again',
    permission: 'opening.sign',
    params: id,
    body: signatureBody,
    status: 201,
    answer: z.object({ version: z.number(), form: z.enum(['pdf', 'detached']) }),
    handle: (ctx, { params, body }) => signRecord(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/opening/acts',
    tag: 'opening',
    summary:
      'A supervised act in the opening: adjourn, resume, extend, restart, abort, destroy; at once, or proposed to the supervisor',
    permission: 'opening.act',
    params: id,
    body: actBody,
    status: 201,
    answer: actAnswer,
    handle: (ctx, { params, body }) => proposeAct(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/opening/acts/decision',
    tag: 'opening',
    summary: "The supervisor's word on what the host proposed; with consent it takes effect at once",
    permission: 'opening.supervise',
    params: id,
    body: decisionBody,
    answer: actAnswer,
    handle: (ctx, { params, body }) => decideAct(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/opening/twins',
    tag: 'opening',
    summary:
      'Hands in the plaintext of every file of the own bid that could not be opened, uploaded before; each must fit the hash committed before the deadline',
    permission: 'opening.twin',
    params: id,
    body: twinBody,
    status: 201,
    answer: z.object({ no: z.number() }),
    handle: (ctx, { params, body }) => handInTwin(ctx, { lotId: params.id, ...body }),
  }),
  endpoint({
    method: 'get',
    path: '/lots/:id/opening/parameters',
    tag: 'opening',
    summary: 'Parameters drawn at the opening with all it takes to compute the draw again (tbid/parameter.proof@1)',
    permission: 'portal.read',
    params: id,
    answer: z.object({
      t: z.literal('tbid/parameter.proof@1'),
      transcript: z.looseObject({ seed: hash, drawn: z.array(z.looseObject({ code: z.string(), value: z.string() })) }),
      bids: z.array(z.object({ statement: z.string(), head: z.string() })),
    }),
    handle: (ctx, { params }) => readParameterProof(ctx, params.id),
  }),
  endpoint({
    method: 'post',
    path: '/lots/:id/opening/sign-in',
    tag: 'opening',
    summary: 'Signs in to the opening; sealed until the deadline, and of bidders only those whose bids count are ever named',
    permission: 'opening.attend',
    params: id,
    answer: z.object({ at: z.date() }),
    handle: (ctx, { params }) => signIn(ctx, { lotId: params.id }),
  }),
]
