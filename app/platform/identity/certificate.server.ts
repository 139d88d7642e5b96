import { and, desc, eq, type SQL } from 'drizzle-orm'
import { type KeyKind, keyOfSpki } from '@/crypto/algorithm'
import { type Revocation, relyOn } from '@/crypto/chain'
import { type Certificate, certificateOf, type KeyUsage } from '@/crypto/x509'
import { certificate } from '@/db/schema/platform/identity'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { formatMinute } from '~/shared/time'
import { command } from '../audit/command.server'
import type { Ctx, PersonActor } from '../ctx'
import { isAdministrator, readOrganisation } from '../organisation/organisation.read.server'
import { personOf } from './authorise.server'
import { issueInSandbox, type Suite, sandboxAuthority } from './authority.server'
import { certificateUseText } from './identity.text'
import { countAttempt } from './rate.server'
import { publishSandboxList } from './sandbox-list.server'
import { forgetTrust, newestOf, trustOf } from './trust.server'

export type CertificateRow = typeof certificate.$inferSelect
export type CertificateUse = CertificateRow['use']

const usagesOf: Record<CertificateUse, KeyUsage[]> = {
  sign: ['digitalSignature', 'nonRepudiation'],
  encrypt: ['keyEncipherment', 'dataEncipherment', 'keyAgreement'],
  both: ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment', 'keyAgreement'],
}
const suiteOf = ({ key }: Certificate): Suite => (key === 'sm2' ? 'gm' : 'intl')

/** What was looked up of a certificate's revocation when it was relied on: kept with the act (crypto.md §1, evidence stored at receipt). */
export type RevocationEvidence = {
  standing: 'good' | 'stale'
  number: string | null
  thisUpdate: string
  nextUpdate: string
  /** Of the CRL's DER. */
  sha256: string
}

const evidenceOf = ({ standing, list }: Revocation): RevocationEvidence[] =>
  list && standing !== 'missing'
    ? [
        {
          standing,
          number: list.number,
          thisUpdate: list.thisUpdate.toISOString(),
          nextUpdate: list.nextUpdate.toISOString(),
          sha256: list.sha256,
        },
      ]
    : []

const readableFact = (use: CertificateUse, name: string, value: string) => {
  if (name === 'usage') return certificateUseText[use]
  return name !== 'issuer' && !Number.isNaN(Date.parse(value)) ? formatMinute(new Date(value)) : value
}

/**
 * Refuses cert-untrusted, -expired, -not-yet-valid, -revoked, -status-unknown, -wrong-usage unless the certificate may be relied on at this
 * time (RFC 5280 §6). What was looked up: the CRL for each certificate of the chain, the leaf's first.
 */
export async function refuseUnreliable(
  ctx: Ctx,
  leaf: Certificate,
  use: CertificateUse,
  at: Date,
): Promise<RevocationEvidence[]> {
  const { roots, intermediates, revocationLists, graceMs } = await trustOf(ctx)
  const trust = { roots: roots.map(root => root.certificate), intermediates, revocationLists, graceMs, at, usages: usagesOf[use] }
  const reliance = relyOn(leaf, trust)
  if (reliance.ok) return reliance.revocation.flatMap(evidenceOf)
  throw new Refusal(
    reliance.problem,
    Object.fromEntries(Object.entries(reliance.facts).map(([name, value]) => [name, readableFact(use, name, value)])),
  )
}

/** A bound certificate that may be relied on at this time. Refuses cert-not-bound for an unknown one, else as refuseUnreliable. */
export async function certificateFor(
  ctx: Ctx,
  fingerprint: string,
  at: Date,
): Promise<CertificateRow & { parsed: Certificate; revocation: RevocationEvidence[] }> {
  const [row] = await ctx.db.select().from(certificate).where(eq(certificate.fingerprint, fingerprint))
  if (!row) throw new Refusal('cert-not-bound')
  const parsed = certificateOf(row.der)
  return { ...row, parsed, revocation: await refuseUnreliableRow(ctx, row, parsed, at) }
}

/** Refuses cert-revoked when the bound certificate was revoked here, else as refuseUnreliable. */
export async function refuseUnreliableRow(
  ctx: Ctx,
  { use, revokedAt }: Pick<CertificateRow, 'use' | 'revokedAt'>,
  parsed: Certificate,
  at: Date,
): Promise<RevocationEvidence[]> {
  if (revokedAt && revokedAt <= at) throw new Refusal('cert-revoked', { revokedAt: formatMinute(revokedAt) })
  return refuseUnreliable(ctx, parsed, use, at)
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
  const { roots } = await trustOf(ctx)
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

/** What its keyUsage allows; a certificate without the extension may do both (RFC 5280 §4.2.1.3). */
function useOf({ usages }: Certificate): CertificateUse {
  if (!usages) return 'both'
  const allows = (use: CertificateUse) => usages.some(usage => usagesOf[use].includes(usage))
  refuseUnless(allows('both'), 'cert-wrong-usage', { usage: certificateUseText.both })
  return allows('sign') ? (allows('encrypt') ? 'both' : 'sign') : 'encrypt'
}

/** Binds a certificate of an outside CA to the actor's organisation, whose credit code it must name. Refuses cert-* and cert-subject-differs. */
export const bindCertificate = command(
  'certificate.manage',
  async (ctx, input: { certificate: string }) => {
    const parsed = readCertificate(input.certificate)
    const use = useOf(parsed)
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
    if (row.isSandbox) await listAgain(ctx, row.suite as Suite)
    return { result: { fingerprint, revokedAt: ctx.now }, entry: { facts: { fingerprint } } }
  },
  'certificate.revoke',
)

/** The demo CA's CRL of a suite that counts now. */
async function sandboxList(ctx: Ctx, suite: Suite) {
  const { certificate: root } = await sandboxAuthority(ctx.platform, suite)
  return newestOf(certificateOf(root), (await trustOf(ctx)).revocationLists)
}

/** The demo CA's next list, with what has just been revoked. */
async function listAgain(ctx: Ctx, suite: Suite): Promise<void> {
  await publishSandboxList(ctx, suite, await sandboxList(ctx, suite))
  forgetTrust(ctx.platform)
}

/** The demo CA's CRL of a suite, as DER. Refuses not-found outside the sandbox. */
export async function readSandboxCrl(ctx: Ctx, suite: Suite): Promise<Uint8Array> {
  const list = await sandboxList(ctx, suite)
  if (!list) throw new Refusal('not-found')
  return list.der
}
