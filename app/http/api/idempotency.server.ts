import { createHash } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import type { Request } from 'express'
import { idempotency } from '@/db/schema/platform/outbox'
import type { Ctx } from '~/platform/ctx'
import { Refusal } from '~/shared/refusal'
import { jsonReady } from './router.server'

interface Done {
  status: number
  body: unknown
}

/**
 * Runs a write once per (membership, Idempotency-Key): a repeat gets the first answer, the same key with another request
 * is refused. A write that failed frees its key.
 */
export async function once(ctx: Ctx, key: string, request: Request, run: () => Promise<Done>): Promise<Done> {
  if (ctx.actor.kind !== 'person' || key.length > 128) throw new Refusal('bad-input', { reason: 'Idempotency-Key' })
  const bodyHash = (request as { bodyHash?: string }).bodyHash ?? ''
  const requestHash = createHash('sha256').update(`${request.method} ${request.originalUrl} ${bodyHash}`).digest('hex')
  const own = and(eq(idempotency.membershipId, ctx.actor.membershipId), eq(idempotency.key, key))
  const claimed = await ctx.db
    .insert(idempotency)
    .values({ membershipId: ctx.actor.membershipId, key, requestHash, createdAt: ctx.now })
    .onConflictDoNothing()
    .returning({ key: idempotency.key })
  if (claimed.length === 0) return repeat(ctx, own, requestHash)
  try {
    const done = await run()
    if (isRaw(done.body)) {
      // It answers as it reads the request, so there is no answer to keep: the key is free again.
      await ctx.db.delete(idempotency).where(own)
      return done
    }
    const body = jsonReady(done.body)
    await ctx.db
      .update(idempotency)
      .set({ status: done.status, body: Buffer.from(JSON.stringify(body)) })
      .where(own)
    return { status: done.status, body }
  } catch (error) {
    await ctx.db.delete(idempotency).where(own)
    throw error
  }
}

const isRaw = (body: unknown) => typeof body === 'object' && body !== null && 'raw' in body

async function repeat(ctx: Ctx, own: ReturnType<typeof and>, requestHash: string): Promise<Done> {
  const [row] = await ctx.db.select().from(idempotency).where(own)
  if (row && row.requestHash !== requestHash) throw new Refusal('idempotency-key-reused')
  if (!row?.status || !row.body) throw new Refusal('changed-meanwhile')
  return { status: row.status, body: JSON.parse(Buffer.from(row.body).toString()) }
}
