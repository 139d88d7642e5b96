import { and, eq } from 'drizzle-orm'
import { organisation } from '@/db/schema/platform/identity'
import { recordSignature } from '@/db/schema/trading/opening-act'
import type { Ctx } from '~/platform/ctx'
import { inScope, isAllowed, personOf } from '~/platform/identity/authorise.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { type FoundLot, findLot } from '../lot/find-lot.server'
import { signerText } from './acts.text'
import { listAnswers } from './answer.server'
import { listCounted } from './count.server'
import { sittingOf } from './envelope'
import { findOpening, type OpeningRow } from './event.server'
import type { SignerRole } from './hall-acts'

export type RecordSigner = { organisationId: string | null; organisation: string; role: SignerRole }
export type RecordSignatureRow = typeof recordSignature.$inferSelect

/**
 * Who is to sign the record: the host, every bidder who gave its word on it, and the supervisor, of whom anybody in the lot's
 * region may sign, so that this one has no organisation yet.
 */
export async function listSigners(ctx: Ctx, { project }: FoundLot, row: OpeningRow): Promise<RecordSigner[]> {
  const [agency] = await ctx.db
    .select({ name: organisation.name })
    .from(organisation)
    .where(eq(organisation.id, project.agencyId))
  const answers = await listAnswers(ctx, row)
  const spoke = (id: string) => answers.some(a => a.organisationId === id && a.answer !== 'silent')
  const bidders = (await listCounted(ctx, row)).filter(b => spoke(b.bid.organisationId))
  return [
    { organisationId: project.agencyId, organisation: agency?.name ?? '', role: 'host' },
    ...bidders.map((b): RecordSigner => ({ organisationId: b.bid.organisationId, organisation: b.organisation, role: 'bidder' })),
    { organisationId: null, organisation: signerText.supervisor, role: 'supervisor' },
  ]
}

/** Signatures on a lot's record, beside the platform's seal, in the order in which they were made. */
export function listRecordSignatures(ctx: Ctx, row: OpeningRow): Promise<RecordSignatureRow[]> {
  const { lotId, round, stage, at } = recordSignature
  const ofSitting = and(eq(lotId, row.lotId), eq(round, row.round), eq(stage, sittingOf(row)))
  return ctx.db.select().from(recordSignature).where(ofSitting).orderBy(at)
}

/** As what the actor signs this record; refuses not-a-signer. */
export async function signerRoleOf(ctx: Ctx, found: FoundLot, row: OpeningRow): Promise<SignerRole> {
  const { role, organisationId } = personOf(ctx)
  if (role === 'supervisor') {
    inScope(ctx, found.lot)
    return 'supervisor'
  }
  const own = (await listSigners(ctx, found, row)).find(s => s.organisationId === organisationId)
  refuseUnless(own, 'not-a-signer')
  return own.role
}

/** Whether everybody who is to sign has signed. */
export async function isFullySigned(ctx: Ctx, found: FoundLot, row: OpeningRow): Promise<boolean> {
  const signed = await listRecordSignatures(ctx, row)
  const signers = await listSigners(ctx, found, row)
  return signers.every(s =>
    signed.some(one => (s.role === 'supervisor' ? one.role === 'supervisor' : one.organisationId === s.organisationId)),
  )
}

/** Whether the reader is asked to sign this record now. */
export async function maySignRecord(ctx: Ctx, lotId: string): Promise<boolean> {
  const row = await findOpening(ctx, lotId)
  if (row?.phase !== 'signing' || ctx.now >= row.signEndsAt! || ctx.actor.kind !== 'person') return false
  if (!isAllowed(ctx.actor, 'opening.sign')) return false
  const { organisationId } = ctx.actor
  if ((await listRecordSignatures(ctx, row)).some(s => s.organisationId === organisationId)) return false
  return signerRoleOf(ctx, await findLot(ctx, lotId), row).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Refusal) return false
      throw error
    },
  )
}
