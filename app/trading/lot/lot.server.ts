import { randomUUID } from 'node:crypto'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import { membership, organisation } from '@/db/schema/platform/identity'
import { lot, lotCustodian, project, sealingPolicy } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { ownedBy } from '~/platform/identity/authorise.server'
import { nextNumber } from '~/platform/number/number.server'
import { lotCodeOf, tenderProjectCodeOf } from '~/shared/deal-code'
import { refuseUnless } from '~/shared/refusal'
import type { ProjectRow } from '../project/project.read.server'
import { ruleEdition } from '../rules/editions'
import { checkScoring } from '../rules/scoring'
import { type CustodyFacts, custodyProblem, type NamedCustodian } from './custodians'
import { type FoundLot, lockOwnLot, moveLot } from './find-lot.server'
import type { CustodiansInput, LotInput } from './lot.form.server'
import { pricePoints } from './scoring'

function checkLot(owner: ProjectRow, input: LotInput): void {
  const { method, formula, items } = input.scoring
  const points = { method, formula, price: pricePoints(input.scoring), items: items.map(i => i.max) }
  const found = checkScoring(ruleEdition(owner.edition), points)
  refuseUnless(!found, 'scoring-against-law', {
    reason: found?.reason ?? '',
    article: found?.article ?? '',
    field: 'priceWeight',
  })
}

/** Adds a lot (标段) to a project of the actor's organisation. Its evaluation method is judged by the project's rules. */
export const createLot = command('lot.write', async (ctx, { projectId, input }: { projectId: string; input: LotInput }) => {
  const [owner] = await ctx.db.select().from(project).where(eq(project.id, projectId)).for('update')
  refuseUnless(owner, 'not-found')
  ownedBy(ctx, owner.agencyId)
  checkLot(owner, input)
  const serial = await nextNumber(ctx, `lot ${owner.id}`)
  const code = lotCodeOf(tenderProjectCodeOf(owner.code, 1), serial)
  const { regionCode, sector } = owner
  const row = { ...input, id: randomUUID(), projectId, code, state: 'draft' as const, regionCode, sector, createdAt: ctx.now }
  await ctx.db.insert(lot).values(row)
  const { name, releaseMode, openingTerms } = row
  const facts = { project: projectId, code, name, ceilingFen: row.ceilingFen.toString(), releaseMode, openingTerms }
  return { result: { id: row.id, code }, entry: { lotId: row.id, facts } }
})

async function organisationsWithRole(ctx: Ctx, role: 'operator' | 'custodian', ids: string[]): Promise<string[]> {
  const active = and(inArray(membership.organisationId, ids), eq(membership.role, role), isNull(membership.endedAt))
  const rows = await ctx.db.selectDistinct({ id: membership.organisationId }).from(membership).where(active)
  return rows.map(r => r.id)
}

async function custodyFacts(
  ctx: Ctx,
  { lot: row, project: owner }: FoundLot,
  custodians: NamedCustodian[],
): Promise<CustodyFacts> {
  const tenderer = await ctx.db
    .select({ id: organisation.id })
    .from(organisation)
    .where(eq(organisation.creditCode, owner.tendererCode))
  return {
    custodians,
    threshold: row.threshold,
    releaseMode: row.releaseMode,
    tendererOrganisations: [owner.agencyId, ...tenderer.map(t => t.id)],
    operatorOrganisations: await organisationsWithRole(
      ctx,
      'operator',
      custodians.map(c => c.organisationId),
    ),
  }
}

async function checkCustodians(ctx: Ctx, found: FoundLot, custodians: NamedCustodian[]): Promise<void> {
  const ids = custodians.map(c => c.organisationId)
  const known = ids.length > 0 ? await organisationsWithRole(ctx, 'custodian', ids) : []
  const stranger = ids.find(id => !known.includes(id))
  refuseUnless(!stranger, 'custodian-unknown', { organisation: stranger ?? '' })
  const problem = custodyProblem(await custodyFacts(ctx, found, custodians))
  refuseUnless(!problem, 'custodians-unsafe', { reason: problem ?? '' })
}

/**
 * Names who holds the keys of a lot (保管人), in header order; may be done again until the sealing policy is signed.
 * Refuses a set in which one interest group could open bids alone, or keep them closed alone (crypto.md §10.7).
 */
export const nameCustodians = command('lot.write', async (ctx, { lotId, custodians }: { lotId: string } & CustodiansInput) => {
  const found = await lockOwnLot(ctx, lotId)
  const { round } = found.lot
  const moved = await moveLot(ctx, found.lot, 'name-custodians')
  const ofRound = and(eq(sealingPolicy.lotId, lotId), eq(sealingPolicy.round, round))
  const signed = await ctx.db.select({ id: sealingPolicy.id }).from(sealingPolicy).where(ofRound)
  refuseUnless(signed.length === 0, 'policy-signed')
  await checkCustodians(ctx, found, custodians)
  await ctx.db.delete(lotCustodian).where(and(eq(lotCustodian.lotId, lotId), eq(lotCustodian.round, round)))
  const rows = custodians.map((c, idx) => ({ ...c, id: randomUUID(), lotId, round, idx }))
  if (rows.length > 0) await ctx.db.insert(lotCustodian).values(rows)
  const facts = { custodians: custodians.map(c => ({ organisation: c.organisationId, group: c.interestGroup })) }
  return { result: { state: moved.state }, entry: { lotId, facts } }
})
