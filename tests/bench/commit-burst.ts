import type { Bidder } from '@/tests/factories/bid'
import { aSealingLot, type SealingLot } from '@/tests/factories/custody'
import type { TestPlatform } from '@/tests/setup/platform'
import { Refusal } from '~/shared/refusal'
import { commitBid } from '~/trading/bid/commit.server'
import { listOwnActs } from '~/trading/bid/sealed-act.server'
import { closeDueLots } from '~/trading/opening/close.server'
import { type Ready, sealed } from './commit-crowd'

interface Burst {
  accepted: number
  refused: number
  lateAccepted: number
  refusedBeforeDeadline: number
}

/** A bid of everybody on each of twelve lots, and one deadline for all of them soon. */
async function atOneDeadline(t: TestPlatform, people: Bidder[]): Promise<{ list: Ready[]; deadline: Date }> {
  const lots: SealingLot[] = []
  for (let i = 0; i < 12; i++) lots.push(await aSealingLot(t, { seconds: 3_600, lot: { releaseMode: 'custody' } }))
  const list: Ready[] = []
  for (const bidder of people) for (const lot of lots) list.push(await sealed(t, lot, bidder))
  const deadline = new Date(Date.now() + 1_500)
  await t.platform.database.pool.query('update lot set bidding_ends_at = $1 where id = any($2::uuid[])', [
    deadline,
    lots.map(lot => lot.lotId),
  ])
  return { list, deadline }
}

/** When the database saw a commit that it refused, by the row that says so. */
async function refusedAt(t: TestPlatform, { bidder, commit }: Ready): Promise<Date> {
  const own = { lotId: commit.lotId, round: 1, organisationId: bidder.actor.organisationId }
  const [row] = await listOwnActs(await t.ctx(), own, 'refused')
  if (!row) throw new Error('a refused commit left no row')
  return new Date(row.at)
}

/** Sends them over three seconds while their lots close; gives the time on each receipt, and which were refused. */
async function sendAcross(t: TestPlatform, list: Ready[]): Promise<{ accepted: Date[]; refused: Ready[] }> {
  const accepted: Date[] = []
  const refused: Ready[] = []
  const closing = setInterval(async () => closeDueLots(await t.ctx()), 20)
  const send = async (one: Ready, i: number) => {
    await new Promise(resolve => setTimeout(resolve, (i * 3_000) / list.length))
    try {
      accepted.push(new Date((await commitBid(await t.ctx(one.bidder.actor), one.commit)).at))
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'bidding-closed') throw error
      refused.push(one)
    }
  }
  await Promise.all(list.map(send))
  clearInterval(closing)
  return { accepted, refused }
}

/**
 * Commits before and after the deadline's second, the lots closing meanwhile: who was taken, who was not, by the time that the
 * database's clock gave receipts and rows of refusals. Fails when one was taken late or refused in time.
 */
export async function burst(t: TestPlatform, people: Bidder[]): Promise<Burst> {
  const { list, deadline } = await atOneDeadline(t, people)
  const { accepted, refused } = await sendAcross(t, list)
  const refusals: Date[] = []
  for (const one of refused) refusals.push(await refusedAt(t, one))
  const seen: Burst = {
    accepted: accepted.length,
    refused: refused.length,
    lateAccepted: accepted.filter(at => at >= deadline).length,
    refusedBeforeDeadline: refusals.filter(at => at < deadline).length,
  }
  const isWrong = seen.accepted === 0 || seen.refused === 0 || seen.lateAccepted > 0 || seen.refusedBeforeDeadline > 0
  if (isWrong) throw new Error(`the deadline did not decide: ${JSON.stringify(seen)}`)
  return seen
}
