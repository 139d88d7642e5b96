import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import { type PolicyMessage, readMessage } from '@/crypto/messages'
import { remembered } from '@/crypto/remembered-node'
import { organisation } from '@/db/schema/platform/identity'
import { lotCustodian, sealingPolicy } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { Refusal } from '~/shared/refusal'
import { findLot } from '../lot/find-lot.server'
import { isAnnounced } from '../lot/lot'

export type PolicyRow = typeof sealingPolicy.$inferSelect
export type CustodianRow = typeof lotCustodian.$inferSelect

/** The custodians of a lot's round, in header order. */
export async function listCustodians(ctx: Ctx, lotId: string, round: number): Promise<CustodianRow[]> {
  const ofRound = and(eq(lotCustodian.lotId, lotId), eq(lotCustodian.round, round))
  return ctx.db.select().from(lotCustodian).where(ofRound).orderBy(asc(lotCustodian.idx))
}

/** The latest policy of a lot's round, complete or not, or null. */
export async function readPolicyRow(ctx: Ctx, lotId: string, round: number): Promise<PolicyRow | null> {
  const ofRound = and(eq(sealingPolicy.lotId, lotId), eq(sealingPolicy.round, round))
  const [row] = await ctx.db.select().from(sealingPolicy).where(ofRound).orderBy(desc(sealingPolicy.version)).limit(1)
  return row ?? null
}

export interface CompletePolicy {
  hash: string
  payload: string
  message: PolicyMessage
}

/** A policy says the same for ever: at a deadline it is asked for again and again, and read once. */
const messageOf = remembered((payload: string) => readMessage('tbid/policy@1', payload), 256)

/** As readCompletePolicy, of several lots at once; lots whose policy is not complete are missing. */
export async function readCompletePolicies(
  ctx: Ctx,
  lots: { lotId: string; round: number }[],
): Promise<Map<string, CompletePolicy>> {
  if (lots.length === 0) return new Map()
  const rounds = new Map(lots.map(({ lotId, round }) => [lotId, round]))
  const rows = await ctx.db
    .selectDistinctOn([sealingPolicy.lotId, sealingPolicy.round])
    .from(sealingPolicy)
    .where(inArray(sealingPolicy.lotId, [...rounds.keys()]))
    .orderBy(sealingPolicy.lotId, sealingPolicy.round, desc(sealingPolicy.version))
  const current = rows.filter(row => row.completedAt && rounds.get(row.lotId) === row.round)
  return new Map(current.map(({ lotId, hash, payload }) => [lotId, { hash, payload, message: messageOf(payload) }]))
}

/** The policy bids of this round are sealed under, or null while signatures are missing. */
export async function readCompletePolicy(ctx: Ctx, lotId: string, round: number): Promise<CompletePolicy | null> {
  const row = await readPolicyRow(ctx, lotId, round)
  if (!row?.completedAt) return null
  return { hash: row.hash, payload: row.payload, message: messageOf(row.payload) }
}

/** Before its notice a lot is known only to those who prepare it. */
function mayReadPolicy(ctx: Ctx, agencyId: string, custodians: CustodianRow[]): boolean {
  if (ctx.actor.kind !== 'person') return ctx.actor.kind === 'system'
  const { organisationId } = ctx.actor
  return organisationId === agencyId || custodians.some(one => one.organisationId === organisationId)
}

/** The signed policy with its signatures: public once the lot is announced. Refuses not-found before the agency has signed. */
export async function readPolicy(ctx: Ctx, lotId: string) {
  const { lot, project } = await findLot(ctx, lotId)
  const row = await readPolicyRow(ctx, lotId, lot.round)
  const custodians = await listCustodians(ctx, lotId, lot.round)
  if (!row || !(isAnnounced(lot.state) || mayReadPolicy(ctx, project.agencyId, custodians))) throw new Refusal('not-found')
  const names = await ctx.db
    .select({ id: organisation.id, name: organisation.name })
    .from(lotCustodian)
    .innerJoin(organisation, eq(organisation.id, lotCustodian.organisationId))
    .where(and(eq(lotCustodian.lotId, lotId), eq(lotCustodian.round, lot.round)))
  const base64 = (bytes: Uint8Array | null) => (bytes ? Buffer.from(bytes).toString('base64') : null)
  return {
    payload: row.payload,
    hash: row.hash,
    version: row.version,
    completedAt: row.completedAt,
    agencyCms: base64(row.agencyCms)!,
    custodianCms: custodians.map(({ organisationId, policyCms }) => ({
      organisationId,
      name: names.find(one => one.id === organisationId)?.name ?? '',
      cms: base64(policyCms),
    })),
  }
}
