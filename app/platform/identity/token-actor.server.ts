import { setImmediate as nextTurn } from 'node:timers/promises'
import { and, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import { apiToken, membership, organisation, person } from '@/db/schema/platform/identity'
import { Refusal } from '~/shared/refusal'
import type { Actor, Platform } from '../ctx'
import { member, sha256 } from './session.server'

/** Who a token stands for, and the database's clock when it said so. */
export interface Recognised {
  actor: Actor
  now: Date
}

interface Asked {
  hash: string
  answer(found: Recognised): void
  refuse(error: unknown): void
}

type Desk = { waiting: Asked[]; running: number }

const desks = new WeakMap<Platform, Desk>()
const lookUpsAtOnce = 2
const tokensAtOnce = 200

async function readAlive({ database: { db } }: Platform, hashes: string[]): Promise<Map<string, Recognised>> {
  const alive = and(
    inArray(apiToken.tokenHash, hashes),
    isNull(apiToken.revokedAt),
    gt(apiToken.expiresAt, sql`trade_clock()`),
    isNull(membership.endedAt),
  )
  const rows = await db
    .select({ hash: apiToken.tokenHash, now: sql<string>`trade_clock()::text`, ...member, scopes: apiToken.scopes })
    .from(apiToken)
    .innerJoin(membership, eq(membership.id, apiToken.membershipId))
    .innerJoin(person, eq(person.id, membership.personId))
    .innerJoin(organisation, eq(organisation.id, membership.organisationId))
    .where(alive)
  return new Map(rows.map(({ hash, now, ...row }) => [hash, { actor: { kind: 'person', ...row }, now: new Date(now) }]))
}

async function lookUp(platform: Platform, asked: Asked[]): Promise<void> {
  try {
    const found = await readAlive(platform, [...new Set(asked.map(one => one.hash))])
    for (const { hash, answer, refuse } of asked) {
      const one = found.get(hash)
      if (one) answer({ ...one })
      else refuse(new Refusal('token-invalid'))
    }
  } catch (error) {
    for (const { refuse } of asked) refuse(error)
  }
}

async function serve(platform: Platform, desk: Desk): Promise<void> {
  desk.running++
  await nextTurn()
  for (let some = desk.waiting.splice(0, tokensAtOnce); some.length > 0; some = desk.waiting.splice(0, tokensAtOnce))
    await lookUp(platform, some)
  desk.running--
}

/**
 * The actor of an API token. Refuses token-invalid if it is unknown, expired or revoked. Requests that come at about the same time are
 * looked up together, each after it came: at a deadline a query for every one of them would cost more than its commit.
 */
export function actorOfToken(platform: Platform, token: string): Promise<Recognised> {
  const desk: Desk = desks.get(platform) ?? { waiting: [], running: 0 }
  desks.set(platform, desk)
  return new Promise((answer, refuse) => {
    desk.waiting.push({ hash: sha256(token), answer, refuse })
    if (desk.running < lookUpsAtOnce) void serve(platform, desk)
  })
}
