import { and, desc, eq, gt, isNotNull, type SQL } from 'drizzle-orm'
import { type KeyKind, keyOfSpki } from '@/crypto/algorithm'
import { relyOn } from '@/crypto/chain'
import { type Certificate, certificateOf, type KeyUsage } from '@/crypto/x509'
import { certificate } from '@/db/schema/platform/identity'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { formatMinute } from '~/shared/time'
import { command } from '../audit/command.server'
import type { Ctx, PersonActor } from '../ctx'
import { isAdministrator, readOrganisation } from '../organisation/organisation.read.server'
import { personOf } from './authorise.server'
import { issueInSandbox, revocationList, type Suite, sandboxAuthority } from './authority.server'
import { countAttempt } from './rate.server'
import { trustOf } from './trust.server'

export type CertificateRow = typeof certificate.$inferSelect
export type CertificateUse = CertificateRow['use']

const usagesOf: Record<CertificateUse, KeyUsage[]> = {
  sign: ['digitalSignature', 'nonRepudiation'],
  encrypt: ['keyEncipherment', 'dataEncipherment', 'keyAgreement'],
}
const useText: Record<CertificateUse, string> = { sign: '签名', encrypt: '加密' }
const suiteOf = ({ key }: Certificate): Suite => (key === 'sm2' ? 'gm' : 'intl')

/** Refuses cert-untrusted, -expired, -not-yet-valid, -revoked, -wrong-usage unless the certificate may be relied on at this time (RFC 5280 §6). */
export async function refuseUnreliable(ctx: Ctx, leaf: Certificate, use: CertificateUse, at: Date): Promise<void> {
  const { roots, intermediates, revocationLists } = await trustOf(ctx.platform)
  const trust = { roots: roots.map(root => root.certificate), intermediates, revocationLists, at, usages: usagesOf[use] }
  const reliance = relyOn(leaf, trust)
  if (reliance.ok) return
  const readable = (value: string) => (Number.isNaN(Date.parse(value)) ? useText[use] : formatMinute(new Date(value)))
  throw new Refusal(
    reliance.problem,
    Object.fromEntries(Object.entries(reliance.facts).map(([name, value]) => [name, readable(value)])),
  )
}

/** A bound certificate that may be relied on at this time. Refuses cert-not-bound for an unknown one, else as refuseUnreliable. */
export async function certificateFor(ctx: Ctx, fingerprint: string, at: Date): Promise<CertificateRow & { parsed: Certificate }> {
  const [row] = await ctx.db.select().from(certificate).where(eq(certificate.fingerprint, fingerprint))
  if (!row) throw new Refusal('cert-not-bound')
  const parsed = certificateOf(row.der)
  await refuseUnreliableRow(ctx, row, parsed, at)
  return { ...row, parsed }
}

/** Refuses cert-revoked when the bound certificate was revoked here, else as refuseUnreliable. */
export async function refuseUnreliableRow(
  ctx: Ctx,
  { use, revokedAt }: Pick<CertificateRow, 'use' | 'revokedAt'>,
  parsed: Certificate,
  at: Date,
): Promise<void> {
  if (revokedAt && revokedAt <= at) throw new Refusal('cert-revoked', { revokedAt: formatMinute(revokedAt) })
  await refuseUnreliable(ctx, parsed, use, at)
}

/** Whose certificates the actor manages: an expert's are personal, everybody else's belong to the organisation. */
const ownerOf = (actor: PersonActor) =>
  actor.role === 'expert'
    ? { personId: actor.personId, organisationId: null }
    : { personId: null, organisationId: actor.organisationId }

const ownedBy = (actor: PersonActor): SQL | undefined =>
  actor.role === 'expert' ? eq(certificate.personId, actor.personId) : eq(certificate.organisationId, actor.organisationId)

async function bindRow(ctx: Ctx, parsed: Certificate, use: CertificateUse): Promise<CertificateRow> {
  const actor = personOf(ctx)
  const { roots } = await trustOf(ctx.platform)
  const isSandbox = roots.some(
    ({ scope, certificate: root }) => scope === 'sandbox' && Buffer.from(root.subject.raw).equals(parsed.issuer.raw),
  )
  const { fingerprint, serial, der, notBefore, notAfter } = parsed
  const { commonName, organisation, serialNumber } = parsed.subject
  const subject = [...new Set([commonName, organisation, serialNumber])].filter(Boolean).join('，')
  const facts = { use, suite: suiteOf(parsed), subject, serial, der, notBefore, notAfter, isSandbox, boundBy: actor.personId }
  const row = { fingerprint, ...ownerOf(actor), ...facts, createdAt: ctx.now }
  const [made] = await ctx.db.insert(certificate).values(row).onConflictDoNothing().returning()
  if (made) return made
  const [known] = await ctx.db
    .select()
    .from(certificate)
    .where(and(eq(certificate.fingerprint, fingerprint), ownedBy(actor)))
  if (!known) throw new Refusal('cert-already-bound')
  return known
}

/** Real CAs write the code into the common name or the serial number (CFCA: `051@单位@N9135…@1`). */
const namesCode = ({ subject }: Certificate, code: string) =>
  [subject.serialNumber, subject.commonName, subject.organisation].some(text => text.includes(code))

/** Binds a certificate of an outside CA to the actor's organisation, whose credit code it must name. Refuses cert-* and cert-subject-differs. */
export const bindCertificate = command(
  'certificate.manage',
  async (ctx, input: { certificate: string }) => {
    const parsed = readCertificate(input.certificate)
    const use: CertificateUse = parsed.usages && !parsed.usages.some(usage => usagesOf.sign.includes(usage)) ? 'encrypt' : 'sign'
    await refuseUnreliable(ctx, parsed, use, ctx.now)
    const { creditCode } = await readOrganisation(ctx, personOf(ctx).organisationId)
    refuseUnless(namesCode(parsed, creditCode), 'cert-subject-differs', { code: creditCode })
    const row = await bindRow(ctx, parsed, use)
    return { result: row, entry: { facts: { fingerprint: row.fingerprint, use } } }
  },
  'certificate.bind',
)

function readCertificate(text: string): Certificate {
  try {
    return certificateOf(text)
  } catch {
    throw new Refusal('bad-input', { reason: '不是 X.509 证书', field: 'certificate' })
  }
}

interface Issue {
  use: CertificateUse
  suite: Suite
  algorithm: KeyKind
  spki: string
}

const day = 86_400_000
/** An expert's certificate is for one evaluation (crypto.md §10.13). */
const daysOf = (actor: PersonActor) => (actor.role === 'expert' ? 7 : 365)

/** The demo CA certifies a key of the actor's organisation (an expert: of the person) and binds it. Sandbox only: not-found elsewhere. */
export async function issueDemoCertificate(ctx: Ctx, input: Issue) {
  const actor = personOf(ctx)
  await sandboxAuthority(ctx.platform, input.suite)
  await countAttempt(ctx, `issue ${actor.membershipId}`, 60, 600)
  const spki = Buffer.from(input.spki, 'base64')
  const isFitting = keyOfSpki(spki) === input.algorithm && (input.algorithm === 'sm2') === (input.suite === 'gm')
  refuseUnless(isFitting, 'bad-input', { reason: '公钥与算法或套件不符' })
  return writeIssue(ctx, { ...input, key: spki })
}

const writeIssue = command(
  'certificate.manage',
  async (ctx, { use, suite, key }: Issue & { key: Uint8Array }) => {
    const actor = personOf(ctx)
    const validity = {
      notBefore: new Date(ctx.now.getTime() - 60_000),
      notAfter: new Date(ctx.now.getTime() + daysOf(actor) * day),
    }
    const der = await issueInSandbox(ctx.platform, suite, {
      subject: await subjectOf(ctx, actor),
      spki: key,
      usages: usagesOf[use],
      ...validity,
    })
    const row = await bindRow(ctx, certificateOf(der), use)
    const { certificate: root } = await sandboxAuthority(ctx.platform, suite)
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
    const result = { certificate: base64(der), chain: [base64(root)], fingerprint: row.fingerprint }
    return { result, entry: { facts: { fingerprint: row.fingerprint, use, suite } } }
  },
  'certificate.issue',
)

async function subjectOf(ctx: Ctx, actor: PersonActor) {
  if (actor.role === 'expert') return { commonName: actor.name, serialNumber: actor.personId }
  const { name, creditCode } = await readOrganisation(ctx, actor.organisationId)
  return { commonName: name, organisation: name, serialNumber: creditCode }
}

/** The certificates of the actor's organisation (an expert: the own), newest first. */
export async function listCertificates(ctx: Ctx): Promise<CertificateRow[]> {
  return ctx.db
    .select()
    .from(certificate)
    .where(ownedBy(personOf(ctx)))
    .orderBy(desc(certificate.createdAt))
    .limit(200)
}

/** One certificate of the actor's organisation (an expert: the own), or refuses not-found. */
export async function readCertificateRow(ctx: Ctx, fingerprint: string): Promise<CertificateRow> {
  const own = and(eq(certificate.fingerprint, fingerprint), ownedBy(personOf(ctx)))
  const [row] = await ctx.db.select().from(certificate).where(own)
  if (!row) throw new Refusal('not-found')
  return row
}

/** Revokes a certificate: by an administrator or whoever bound it. Refuses not-found for another organisation's, not-allowed for another member's. */
export const revokeCertificate = command(
  'certificate.manage',
  async (ctx, { fingerprint }: { fingerprint: string }) => {
    const actor = personOf(ctx)
    const [row] = await ctx.db
      .select()
      .from(certificate)
      .where(and(eq(certificate.fingerprint, fingerprint), ownedBy(actor)))
      .for('update')
    if (!row) throw new Refusal('not-found')
    refuseUnless(row.boundBy === actor.personId || (await isAdministrator(ctx)), 'not-allowed', {
      permission: 'certificate.manage',
    })
    if (row.revokedAt) return { result: { fingerprint, revokedAt: row.revokedAt }, entry: null }
    await ctx.db.update(certificate).set({ revokedAt: ctx.now }).where(eq(certificate.fingerprint, fingerprint))
    return { result: { fingerprint, revokedAt: ctx.now }, entry: { facts: { fingerprint } } }
  },
  'certificate.revoke',
)

/** The demo CA's CRL of a suite, as DER. Refuses not-found outside the sandbox. */
export async function readSandboxCrl(ctx: Ctx, suite: Suite): Promise<Uint8Array> {
  const revoked = and(
    eq(certificate.isSandbox, true),
    eq(certificate.suite, suite),
    isNotNull(certificate.revokedAt),
    gt(certificate.notAfter, ctx.now),
  )
  const rows = await ctx.db.select().from(certificate).where(revoked)
  return revocationList(
    ctx.platform,
    suite,
    rows.map(row => ({ der: row.der, since: row.revokedAt ?? ctx.now })),
    ctx.now,
  )
}
