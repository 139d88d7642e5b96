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
  code: string
  name: string
}

interface Row extends Record<string, unknown> {
  now: string
  id: string
  project_id: string
  round: number
  suite: string
  terms_version: number
  ends: string
  code: string
  name: string
}

const isTaking = sql`state = 'bidding' and closed_at is null and bidding_ends_at > trade_clock() and clock_is_sound()`

function admittedOf(row: Row): Admitted {
  return {
    now: new Date(row.now),
    lotId: row.id,
    projectId: row.project_id,
    round: row.round,
    suite: row.suite === 'gm' ? 'gm' : 'intl',
    termsVersion: row.terms_version,
    biddingEndsAt: new Date(row.ends),
    code: row.code,
    name: row.name,
  }
}

/**
 * The first statement of a group of commits: holds those lots that take bids, each with the instant that counts. A late one
 * finds no row and takes no lock (crypto.md §10.1). Unless `isWaiting`, a lot that somebody is changing is passed over.
 */
export async function holdLots(tx: Db, lotIds: string[], isWaiting: boolean): Promise<Map<string, Admitted>> {
  const { rows } = await tx.execute<Row>(sql`
    select trade_clock()::text as now, id, project_id, round, suite, terms_version, bidding_ends_at::text as ends, code, name
    from lot where id in (${sql.join(
      lotIds.map(id => sql`${id}::uuid`),
      sql`, `,
    )}) and ${isTaking} order by id for share ${isWaiting ? sql`` : sql`skip locked`}`)
  const held = rows.map(admittedOf).filter(({ now, biddingEndsAt }) => now < biddingEndsAt)
  return new Map(held.map(one => [one.lotId, one]))
}

/** Whether a lot takes bids at this moment, whoever holds it. */
export async function isOpen(tx: Db, lotId: string): Promise<boolean> {
  const { rows } = await tx.execute(sql`select 1 from lot where id = ${lotId} and ${isTaking}`)
  return rows.length > 0
}

/** Why a lot takes no commit: 条例 36 asks that the late one be refused and recorded. */
export async function explain(tx: Db, lotId: string): Promise<Refusal> {
  const [row] = await tx.select().from(lot).where(eq(lot.id, lotId))
  if (!row?.biddingStartsAt) return new Refusal('not-found')
  const now = await tradeClock(tx)
  if (row.state === 'bidding' && !row.closedAt && row.biddingEndsAt && now < row.biddingEndsAt)
    return new Refusal('clock-unsound')
  if (row.state === 'terminated') return new Refusal('bidding-not-open', { state: lotStateText[row.state] })
  return new Refusal('bidding-closed', {
    endedAt: row.biddingEndsAt ? formatInstant(row.biddingEndsAt) : '',
    at: formatInstant(now),
  })
}

/** Holds the lot for this transaction and gives the instant that counts. Refuses bidding-closed, bidding-not-open, clock-unsound, not-found. */
export async function admit(ctx: Ctx, lotId: string): Promise<Admitted> {
  const held = (await holdLots(ctx.db, [lotId], true)).get(lotId)
  if (!held) throw await explain(ctx.db, lotId)
  return held
}
