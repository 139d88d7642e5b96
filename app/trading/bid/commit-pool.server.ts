import { connect, type Database } from '@/db/client'
import type { Platform } from '~/platform/ctx'

const pools = new WeakMap<Platform, Database>()

/**
 * Connections kept for commits alone, so that no page or job can make a bid late. Lock, statement and idle timeouts are 2 s:
 * closing a lot waits for the commits in flight in it, and for no longer than that (crypto.md §10.1).
 */
export function commitPool(platform: Platform): Database {
  const known =
    pools.get(platform) ??
    connect(platform.database.url, 8, { lockMs: 2_000, statementMs: 2_000, idleMs: 2_000, isPassing: true })
  pools.set(platform, known)
  return known
}
