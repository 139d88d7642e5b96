import type { Platform } from '~/platform/ctx'
import type { OpenQueue, Sending } from './queue'

/**
 * Jobs in the queue at once. What waits beyond it stays in the outbox, in order of priority: a long list put in by one lot
 * does not stand between the workers and what is promised next, and a store that is wiped held little.
 */
export const windowSize = 128
/** Jobs of this priority or a smaller one go past the window, so many at a time. */
const urgent = 3
const urgentAtOnce = 64
/** A job that was sent but not begun for this long is sent again: the queue's store may have been wiped. */
const resendSeconds = 15

interface Due {
  id: string
  job: string
  priority: number
  sends: number
}

const isOpen = 'done_at is null and failed_at is null'
const isFree = '(lease_until is null or lease_until < trade_clock())'
const isSent = `sent_at >= trade_clock() - make_interval(secs => ${resendSeconds})`

/** How many more jobs the window takes. */
async function roomOf({ database }: Platform): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(
    `select count(*)::int as n from outbox where ${isOpen} and (${isSent} or lease_until >= trade_clock())`,
  )
  return windowSize - rows[0]!.n
}

/** Takes what is due next out of the outbox; several relays at once share it (SKIP LOCKED). */
async function takeDue({ database }: Platform, room: number): Promise<Sending[]> {
  const { rows } = await database.pool.query<Due>(
    // Materialized: as a subquery of the update the planner may run it once for every row, and the limit holds for none.
    `with due as materialized (
       select id from outbox
       where ${isOpen} and due_at <= trade_clock() and ${isFree} and (sent_at is null or not ${isSent}) and priority <= $2
       order by priority, id limit $1 for update skip locked)
     update outbox o set sent_at = trade_clock(), sends = o.sends + 1 from due where o.id = due.id
     returning o.id, o.job, o.priority, o.sends`,
    room > 0 ? [room, 32_767] : [urgentAtOnce, urgent],
  )
  const order = (a: Due, b: Due) => a.priority - b.priority || Number(a.id) - Number(b.id)
  return rows.sort(order).map(row => ({ name: row.job, outboxId: Number(row.id), send: row.sends, priority: row.priority }))
}

export interface Relayed {
  sent: number
  /** Whether more may be waiting for room. */
  isFull: boolean
  /** Not taken by the queue, which is away: for the worker to run by itself. */
  left: Sending[]
}

/** Sends what is due from the outbox to the queue. What the queue does not take stays due and is handed back. */
export async function relay(platform: Platform, queue: Pick<OpenQueue, 'add'>): Promise<Relayed> {
  const room = await roomOf(platform)
  const due = await takeDue(platform, room)
  const isFull = room <= 0 || due.length >= room
  if (due.length === 0) return { sent: 0, isFull, left: [] }
  try {
    await queue.add(due)
    return { sent: due.length, isFull, left: [] }
  } catch (error) {
    platform.logger.warn({ err: error }, 'the queue takes nothing')
    const ids = due.map(row => row.outboxId)
    await platform.database.pool.query('update outbox set sent_at = null where id = any($1::bigint[])', [ids])
    return { sent: 0, isFull, left: due }
  }
}
