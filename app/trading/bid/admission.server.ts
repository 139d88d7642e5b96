import { eq, sql } from 'drizzle-orm'
import type { Db } from '@/db/client'
import { lot } from '@/db/schema/trading/project'
import { tradeClock } from '~/platform/audit/clock.server'
import type { Ctx } from '~/platform/ctx'
import { Refusal } from '~/shared/refusal'
import { formatInstant } from '~/shared/time'
import { lotStateText } from '../lot/lot.text'

/** A lot held open for one commit: it cannot close before the transaction ends. */
export interface Admitted {
  /** The database's clock when the commit arrived: decides whether it is on time. */
  now: Date
  lotId: string
  projectId: string
  round: number
  suite: 'intl' | 'gm'
  termsVersion: number
  biddingEndsAt: Date
}

type Row = { now: string; id: string; project_id: string; round: number; suite: string; terms_version: number; ends: string }

/** The first statement of a commit. A late one finds no row and takes no lock (crypto.md §10.1). */
async function hold(tx: Db, lotId: string): Promise<Admitted | null> {
  const { rows } = await tx.execute<Row>(sql`
    select trade_clock()::text as now, id, project_id, round, suite, terms_version, bidding_ends_at::text as ends
    from lot where id = ${lotId} and state = 'bidding' and closed_at is null and bidding_ends_at > trade_clock() for share`)
  const [row] = rows
  if (!row) return null
  const [now, biddingEndsAt] = [new Date(row.now), new Date(row.ends)]
  if (now >= biddingEndsAt) return null
  const suite = row.suite === 'gm' ? 'gm' : 'intl'
  return {
    now,
    lotId: row.id,
    projectId: row.project_id,
    round: row.round,
    suite,
    termsVersion: row.terms_version,
    biddingEndsAt,
  }
}

/** Why a lot takes no commit: 条例 36 asks that the late one be refused and recorded. */
async function explain(tx: Db, lotId: string): Promise<Refusal> {
  const [row] = await tx.select().from(lot).where(eq(lot.id, lotId))
  if (!row?.biddingStartsAt) return new Refusal('not-found')
  const now = await tradeClock(tx)
  if (row.state === 'terminated') return new Refusal('bidding-not-open', { state: lotStateText[row.state] })
  return new Refusal('bidding-closed', {
    endedAt: row.biddingEndsAt ? formatInstant(row.biddingEndsAt) : '',
    at: formatInstant(now),
  })
}

/** Holds the lot for this transaction and gives the instant that counts. Refuses bidding-closed, bidding-not-open, not-found. */
export async function admit(ctx: Ctx, lotId: string): Promise<Admitted> {
  const held = await hold(ctx.db, lotId)
  if (!held) throw await explain(ctx.db, lotId)
  return held
}
