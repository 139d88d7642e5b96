import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { readPolicy } from '../custody/policy.read.server'
import { readPublicLot } from '../notice/portal.read.server'
import { takesBids } from './bid'
import { type MyBid, readMyBid } from './bid.read.server'
import { sealAgainOf } from './seal-again.read.server'
import type { SealScope } from './seal-client'

const secondOf = (at: Date) => `${at.toISOString().slice(0, 19)}Z`

type ScopedLot = { id: string; biddingEndsAt: Date | null; termsVersion: number }

function scopeOf(ctx: Ctx, lot: ScopedLot, policy: string, { versions }: MyBid): SealScope {
  const last = versions.at(-1)
  return {
    lotId: lot.id,
    platform: ctx.platform.config.platformId,
    org: personOf(ctx).organisationId,
    policy,
    deadline: lot.biddingEndsAt ? secondOf(lot.biddingEndsAt) : '',
    termsVersion: lot.termsVersion,
    former: last ? { seq: last.seq, statementHash: last.statementHash } : null,
  }
}

/** Everything a bidder's pages of one lot need: public facts, the signed policy, the own bid. Refuses not-found before the notice. */
export async function readBidPage(ctx: Ctx, lotId: string) {
  const lot = await readPublicLot(ctx, lotId)
  const { payload } = await readPolicy(ctx, lotId)
  const mine = await readMyBid(ctx, lotId)
  const last = mine.versions.at(-1)
  const current = last && !last.isWithdrawal ? last : null
  const isOpen = takesBids(lot, ctx.now)
  const sealAgain = isOpen && current ? await sealAgainOf(ctx, lot) : null
  return { lot, mine, current, isOpen, sealAgain, scope: scopeOf(ctx, lot, payload, mine) }
}

export type BidPageRead = Awaited<ReturnType<typeof readBidPage>>
