import { randomUUID } from 'node:crypto'
import { inArray, sql } from 'drizzle-orm'
import { organisation } from '@/db/schema/platform/identity'
import { prequalification, prequalified } from '@/db/schema/trading/eligibility'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { formatInstant } from '~/shared/time'
import { lockOwnLot } from '../lot/find-lot.server'

/** Names one who passed for whoever holds the tag key: the server, when that organisation commits. */
export const prequalifiedTag = (ctx: Ctx, lotId: string, round: number, organisationId: string): Uint8Array =>
  ctx.platform.vault.tag('prequalified', lotId, String(round), organisationId)

async function idsOf(ctx: Ctx, creditCodes: string[]): Promise<string[]> {
  const wanted = [...new Set(creditCodes)]
  const rows = await ctx.db
    .select({ id: organisation.id, creditCode: organisation.creditCode })
    .from(organisation)
    .where(inArray(organisation.creditCode, wanted))
  const missing = wanted.find(code => !rows.some(row => row.creditCode === code))
  refuseUnless(!missing, 'organisation-unknown', { code: missing ?? '' })
  return rows.map(row => row.id)
}

/**
 * Says who passed prequalification (资格预审, 条例 18–19): from now on the lot takes bids from them alone. Before bidding starts;
 * once, for a result that was notified does not change. The log keeps how many, never who.
 */
export const publishPrequalified = command(
  'lot.write',
  async (ctx, { lotId, creditCodes }: { lotId: string; creditCodes: string[] }) => {
    const { lot } = await lockOwnLot(ctx, lotId)
    refuseUnless(lot.state === 'draft' || lot.state === 'keying' || lot.state === 'ready', 'prequalification-late')
    const ids = await idsOf(ctx, creditCodes)
    const row = { lotId, round: lot.round, publishedAt: ctx.now }
    const [made] = await ctx.db.insert(prequalification).values(row).onConflictDoNothing().returning()
    refuseUnless(made, 'already-done', { what: '资格预审结果', at: formatInstant(row.publishedAt) })
    const tags = ids.map(id => ({ id: randomUUID(), ownerTag: prequalifiedTag(ctx, lotId, lot.round, id) }))
    await ctx.db.insert(prequalified).values(tags)
    return { result: { count: ids.length }, entry: { lotId, facts: { count: ids.length } } }
  },
  'lot.prequalify',
)

export interface Bidding {
  lotId: string
  round: number
  organisationId: string
}

const keyOf = ({ lotId, organisationId }: Bidding) => `${lotId} ${organisationId}`

/** Of these, those who may not bid because their lot asks for prequalification and they did not pass (by `keyOf`). */
export async function listUnqualified(ctx: Ctx, bids: Bidding[]): Promise<Set<string>> {
  if (bids.length === 0) return new Set()
  const asked = await ctx.db
    .select()
    .from(prequalification)
    .where(
      inArray(
        prequalification.lotId,
        bids.map(one => one.lotId),
      ),
    )
  const asking = bids.filter(one => asked.some(row => row.lotId === one.lotId && row.round === one.round))
  if (asking.length === 0) return new Set()
  const tags = new Map(
    asking.map(one => [Buffer.from(prequalifiedTag(ctx, one.lotId, one.round, one.organisationId)).toString('hex'), one]),
  )
  const passed = await ctx.db
    .select({ tag: sql<string>`encode(${prequalified.ownerTag}, 'hex')` })
    .from(prequalified)
    .where(
      inArray(
        prequalified.ownerTag,
        [...tags.keys()].map(tag => new Uint8Array(Buffer.from(tag, 'hex'))),
      ),
    )
  for (const { tag } of passed) tags.delete(tag)
  return new Set([...tags.values()].map(keyOf))
}

export const isUnqualified = (found: Set<string>, one: Bidding): boolean => found.has(keyOf(one))
