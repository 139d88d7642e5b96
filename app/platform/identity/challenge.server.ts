import { randomBytes } from 'node:crypto'
import { and, eq, gt, isNull } from 'drizzle-orm'
import { loginChallenge, type Role } from '@/db/schema/platform/identity'
import { Refusal } from '~/shared/refusal'
import type { Ctx } from '../ctx'
import { countAttempt } from './rate.server'
import { startFor } from './sign-in.server'
import { signerOf } from './signature.server'
import { type SignedIn, tokenFor } from './token.server'

const lifeMs = 5 * 60_000

/** A nonce to sign: good for five minutes, once. Its text names its purpose and this platform, so that the signature serves nowhere else. */
export async function startChallenge(ctx: Ctx): Promise<{ id: string; nonce: string; expiresAt: Date }> {
  await countAttempt(ctx, `challenge ${ctx.address}`, 120, 60)
  const id = crypto.randomUUID()
  const nonce = `tbid/sign-in@1 ${ctx.platform.config.platformId} ${randomBytes(32).toString('base64')}`
  const expiresAt = new Date(ctx.now.getTime() + lifeMs)
  await ctx.db.insert(loginChallenge).values({ id, nonce, createdAt: ctx.now, expiresAt })
  return { id, nonce, expiresAt }
}

interface Proof {
  challengeId: string
  /** Detached CMS over the nonce, base64. */
  cms: string
}

/** Uses the challenge up, whatever comes of it; refuses challenge-expired when it was used or is too old. */
async function takeChallenge(ctx: Ctx, id: string): Promise<string> {
  const fresh = and(eq(loginChallenge.id, id), isNull(loginChallenge.usedAt), gt(loginChallenge.expiresAt, ctx.now))
  const [row] = await ctx.db
    .update(loginChallenge)
    .set({ usedAt: ctx.now })
    .where(fresh)
    .returning({ nonce: loginChallenge.nonce })
  if (!row) throw new Refusal('challenge-expired')
  return row.nonce
}

/** Who signed the challenge: the certificate's person, or for an organisation's the member who registered it (经办人). Refuses challenge-expired, bad-signature, cert-*. */
async function whoSigned(ctx: Ctx, { challengeId, cms }: Proof): Promise<{ personId: string; organisationId?: string }> {
  const content = await takeChallenge(ctx, challengeId)
  const row = await signerOf(ctx, { content, cms })
  const personId = row.personId ?? row.boundBy
  if (!personId) throw new Refusal('cert-not-bound')
  return { personId, organisationId: row.organisationId ?? undefined }
}

/** A token for whoever signed the challenge. */
export async function tokenByCertificate(ctx: Ctx, input: Proof & { role?: Role; label: string }): Promise<SignedIn> {
  const who = await whoSigned(ctx, input)
  return tokenFor(ctx, { ...who, role: input.role }, input.label)
}

/** A session for whoever signed the challenge; `choices` says between how many memberships they may choose. */
export async function signInByCertificate(ctx: Ctx, input: Proof) {
  const { personId, organisationId } = await whoSigned(ctx, input)
  return startFor(ctx, personId, organisationId)
}
