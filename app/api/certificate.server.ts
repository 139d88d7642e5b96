import { z } from 'zod'
import { certificateUses } from '@/db/schema/platform/identity'
import { endpoint } from '~/http/api/endpoint.server'
import { readAnchors } from '~/platform/anchor/anchor.server'
import { registerWitness } from '~/platform/anchor/witness.server'
import {
  bindCertificate,
  type CertificateRow,
  issueDemoCertificate,
  listCertificates,
  readSandboxCrl,
  revokeCertificate,
} from '~/platform/identity/certificate.server'
import { bindBody, issueBody, listBody } from '~/platform/identity/identity.form.server'
import { listIssuerStates, takeList } from '~/platform/identity/revocation.server'

const tag = 'certificate'
const certificateRead = z.object({
  fingerprint: z.string(),
  use: z.enum(certificateUses),
  suite: z.string(),
  subject: z.string(),
  serial: z.string(),
  certificate: z.string(),
  notBefore: z.date(),
  notAfter: z.date(),
  revokedAt: z.date().nullable(),
  isSandbox: z.boolean(),
})

const readable = ({
  fingerprint,
  use,
  suite,
  subject,
  serial,
  der,
  notBefore,
  notAfter,
  revokedAt,
  isSandbox,
}: CertificateRow) => {
  const certificate = Buffer.from(der).toString('base64')
  return { fingerprint, use, suite, subject, serial, certificate, notBefore, notAfter, revokedAt, isSandbox }
}

const anchors = z.object({
  platform: z.string(),
  log: z.object({ name: z.string(), vkey: z.string() }),
  witnesses: z.array(z.object({ name: z.string(), vkey: z.string() })),
  tsa: z.array(z.object({ certificate: z.string() })),
  roots: z.array(z.object({ suite: z.enum(['intl', 'gm']), scope: z.enum(['sandbox', 'production']), certificate: z.string() })),
})

export const certificateEndpoints = [
  endpoint({
    method: 'post',
    path: '/sandbox/certificates',
    tag,
    summary:
      'The demo CA certifies a key (base64 SPKI) for the own organisation, for experts the person, and binds it; sandbox only',
    permission: 'certificate.manage',
    body: issueBody,
    answer: z.object({ certificate: z.string(), chain: z.array(z.string()), fingerprint: z.string() }),
    status: 201,
    handle: (ctx, { body }) => issueDemoCertificate(ctx, body),
  }),
  endpoint({
    method: 'get',
    path: '/sandbox/crl',
    tag,
    summary: 'The demo CA’s CRL (RFC 5280 §5) as DER; sandbox only',
    permission: 'portal.read',
    query: z.object({ suite: z.enum(['intl', 'gm']).default('intl') }),
    answer: 'file',
    handle: async (ctx, { query }) => {
      const list = await readSandboxCrl(ctx, query.suite)
      return { raw: (_request, response) => void response.type('application/pkix-crl').send(Buffer.from(list)) }
    },
  }),
  endpoint({
    method: 'post',
    path: '/certificates',
    tag,
    summary: 'Binds a certificate (DER in base64, or PEM) of a recognised CA that names the own organisation’s credit code',
    permission: 'certificate.manage',
    body: bindBody,
    answer: certificateRead,
    status: 201,
    handle: async (ctx, { body }) => readable(await bindCertificate(ctx, body)),
  }),
  endpoint({
    method: 'get',
    path: '/certificates',
    tag,
    summary: 'The certificates of the own organisation, for experts of the person',
    permission: 'certificate.manage',
    answer: z.array(certificateRead),
    handle: async ctx => (await listCertificates(ctx)).map(readable),
  }),
  endpoint({
    method: 'delete',
    path: '/certificates/:fingerprint',
    tag,
    summary: 'Revokes a certificate of the own organisation',
    permission: 'certificate.manage',
    params: z.object({ fingerprint: z.string().regex(/^[0-9a-f]{64}$/) }),
    answer: z.object({ fingerprint: z.string(), revokedAt: z.date() }),
    handle: (ctx, { params }) => revokeCertificate(ctx, params),
  }),
  endpoint({
    method: 'get',
    path: '/revocation-lists',
    tag,
    summary: 'Each recognised CA and the CRL of it that counts now: good, stale within its grace, expired, or missing',
    permission: 'trust.read',
    answer: z.object({
      graceHours: z.number(),
      issuers: z.array(
        z.object({
          issuer: z.string(),
          name: z.string(),
          standing: z.enum(['good', 'stale', 'expired', 'missing']),
          number: z.string().nullable(),
          thisUpdate: z.date().nullable(),
          nextUpdate: z.date().nullable(),
          revoked: z.number(),
          sha256: z.string().nullable(),
        }),
      ),
    }),
    handle: ctx => listIssuerStates(ctx),
  }),
  endpoint({
    method: 'post',
    path: '/revocation-lists',
    tag,
    summary: 'Takes in a CRL (DER in base64, or PEM) of a recognised CA; it counts at once, in every process; an act in the log',
    permission: 'trust.manage',
    body: listBody,
    limit: 24_000_000,
    answer: z.object({
      issuer: z.string(),
      number: z.string().nullable(),
      sha256: z.string(),
      nextUpdate: z.string(),
      isNew: z.boolean(),
    }),
    status: 201,
    handle: (ctx, { body }) => takeList(ctx, { crl: body.crl, source: 'operator' }),
  }),
  endpoint({
    method: 'get',
    path: '/anchors',
    tag: 'log',
    summary: 'What a verifier must know from elsewhere: keys of log and witnesses, TSA and CA roots (also at /anchors.json)',
    permission: 'log.read',
    answer: anchors,
    handle: ctx => readAnchors(ctx),
  }),
  endpoint({
    method: 'post',
    path: '/log/witnesses',
    tag: 'log',
    summary: 'A witness registers the verifier key (C2SP signed-note, cosignature/v1) of its organisation, once',
    permission: 'log.cosign',
    body: z.strictObject({ vkey: z.string().max(512) }),
    answer: z.object({ name: z.string(), vkey: z.string() }),
    status: 201,
    handle: (ctx, { body }) => registerWitness(ctx, body),
  }),
]
