import { and, asc, eq, isNull } from 'drizzle-orm'
import { membership, organisation } from '@/db/schema/platform/identity'
import { lotCustodian } from '@/db/schema/trading/project'
import { regionName } from '@/db/seed/code-lists'
import type { Ctx } from '~/platform/ctx'
import { listDocuments } from '../document/document.read.server'
import { listLotNotices } from '../notice/portal.read.server'
import { readLot } from './find-lot.server'

/** The custodians named for the lot's round, in header order, with what each has done. */
async function listNamed(ctx: Ctx, lotId: string, round: number) {
  const ofRound = and(eq(lotCustodian.lotId, lotId), eq(lotCustodian.round, round))
  return ctx.db
    .select({
      idx: lotCustodian.idx,
      organisationId: lotCustodian.organisationId,
      name: organisation.name,
      interestGroup: lotCustodian.interestGroup,
      keyedAt: lotCustodian.keyedAt,
      cosignedAt: lotCustodian.cosignedAt,
    })
    .from(lotCustodian)
    .innerJoin(organisation, eq(organisation.id, lotCustodian.organisationId))
    .where(ofRound)
    .orderBy(asc(lotCustodian.idx))
}

/** Organisations that may keep keys (保管人), for whoever names them. */
export async function listKeepers(ctx: Ctx) {
  return ctx.db
    .selectDistinct({ id: organisation.id, name: organisation.name })
    .from(membership)
    .innerJoin(organisation, eq(organisation.id, membership.organisationId))
    .where(and(eq(membership.role, 'custodian'), isNull(membership.endedAt)))
    .orderBy(organisation.name)
}

/** Everything the agency's page of a lot shows. */
export async function readAgencyLot(ctx: Ctx, lotId: string) {
  const { lot, project, edition } = await readLot(ctx, lotId)
  return {
    lot,
    project,
    region: regionName(project.regionCode),
    edition: { id: edition.id, name: edition.name, ruleSet: edition.ruleSet, watermark: edition.watermark },
    custodians: await listNamed(ctx, lotId, lot.round),
    documents: await listDocuments(ctx, lotId),
    notices: await listLotNotices(ctx, lotId),
  }
}

/** What the form that names custodians needs. */
export async function readCustodianForm(ctx: Ctx, lotId: string) {
  const { lot, project } = await readLot(ctx, lotId)
  return { lot, agencyId: project.agencyId, keepers: await listKeepers(ctx), named: await listNamed(ctx, lotId, lot.round) }
}
