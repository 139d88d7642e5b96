import { and, eq, inArray, isNotNull, isNull } from 'drizzle-orm'
import { parseSigned } from '@/crypto/cms'
import { bidAct } from '@/db/schema/trading/bid'
import { pace } from '~/platform/audit/pace.server'
import type { Ctx } from '~/platform/ctx'
import { timestamp } from '~/platform/log/timestamp.server'
import { closePadded, openJson } from '~/platform/vault/vault.server'
import { type ActBox, about } from './sealed-act.server'

/**
 * Time-stamps over the signatures of statements (CAdES-T), got beside the commits: a TSA that is slow or away costs a statement its token
 * until it answers, and no commit any time (crypto.md §10.8).
 */
interface StampBox {
  /** Base64; null for an act that has no signature of its bidder. */
  token: string | null
  filler?: string
}

const aboutStamp = (id: string) => `bid act stamp ${id}`
const atOnce = 8
const pageOfActs = 200
/** Like the acts' own boxes: none may be told from another by its size. */
const stampBytes = 4_096

/** An act without a signature gets a box as long as the last one that had a token. */
let tokenLength = 1

const signatureOf = (act: ActBox): Uint8Array | null =>
  act.kind === 'submit' || act.kind === 'confirm' ? parseSigned(Buffer.from(act.cms, 'base64')).signature : null

async function keepStamp(ctx: Ctx, id: string, box: StampBox): Promise<void> {
  const stamp = closePadded(ctx.platform.vault, aboutStamp(id), box, stampBytes)
  await ctx.db
    .update(bidAct)
    .set({ stamp })
    .where(and(eq(bidAct.id, id), isNull(bidAct.stamp)))
}

/** False where the TSA did not answer: the act stays without a token until it does. */
async function stampAct(ctx: Ctx, { id, box }: { id: string; box: Uint8Array }): Promise<boolean> {
  const signature = signatureOf(openJson<ActBox>(ctx.platform.vault, about(id), box))
  const token = signature && (await timestamp(ctx.platform, signature))
  if (signature && !token) return false
  const text = token && Buffer.from(token).toString('base64')
  if (text) tokenLength = text.length
  await keepStamp(ctx, id, text ? { token: text } : { token: null, filler: '.'.repeat(tokenLength) })
  return true
}

export interface Stamped {
  done: number
  /** The TSA is away: no use in asking again at once. */
  isAway: boolean
}

/** Gets tokens for acts without one until none is left, the TSA does not answer, or the time is up. */
export async function stampActs(ctx: Ctx, budgetMs = 500): Promise<Stamped> {
  const until = performance.now() + budgetMs
  const turn = pace()
  let done = 0
  while (performance.now() < until) {
    const rows = await ctx.db
      .select({ id: bidAct.id, box: bidAct.box })
      .from(bidAct)
      .where(isNull(bidAct.stamp))
      .limit(pageOfActs)
    for (let at = 0; at < rows.length && performance.now() < until; at += atOnce) {
      const some = await Promise.all(rows.slice(at, at + atOnce).map(row => stampAct(ctx, row)))
      done += some.filter(Boolean).length
      if (some.includes(false)) return { done, isAway: true }
      await turn()
    }
    if (rows.length < pageOfActs) break
  }
  return { done, isAway: false }
}

/** The tokens of these acts, by act; those that have none yet are missing. */
export async function readActTokens(ctx: Ctx, ids: string[]): Promise<Map<string, Uint8Array>> {
  if (ids.length === 0) return new Map()
  const rows = await ctx.db
    .select({ id: bidAct.id, stamp: bidAct.stamp })
    .from(bidAct)
    .where(and(inArray(bidAct.id, ids), isNotNull(bidAct.stamp)))
  return new Map(
    rows.flatMap(({ id, stamp }) => {
      const { token } = openJson<StampBox>(ctx.platform.vault, aboutStamp(id), stamp!)
      return token ? [[id, new Uint8Array(Buffer.from(token, 'base64'))] as const] : []
    }),
  )
}
