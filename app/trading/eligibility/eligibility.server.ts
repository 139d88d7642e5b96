import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { listDebarred } from './debarment.server'
import { type Bidding, isUnqualified, listUnqualified } from './prequalification.server'

/** Refuses debarred or not-prequalified: who may not bid here now may not keep a bid alive either (招标投标法 53–54, 政府采购法 77, 条例 19). */
export async function refuseIneligible(ctx: Ctx, bidding: Bidding): Promise<void> {
  const ban = (await listDebarred(ctx, [bidding.organisationId])).get(bidding.organisationId)
  refuseUnless(!ban, 'debarred', { endsOn: ban?.endsOn ?? '', source: ban?.source ?? '' })
  refuseUnless(!isUnqualified(await listUnqualified(ctx, [bidding]), bidding), 'not-prequalified')
}
