import { and, eq, gt, isNotNull } from 'drizzle-orm'
import { issueRevocationList } from '@/crypto/authority'
import { parseRevocationList, type RevocationList } from '@/crypto/crl'
import { certificateOf } from '@/crypto/x509'
import type { Db } from '@/db/client'
import { certificate } from '@/db/schema/platform/identity'
import { type listSources, revocationList } from '@/db/schema/platform/trust'
import type { Ctx } from '../ctx'
import { type Suite, sandboxAuthority } from './authority.server'

const hour = 3_600_000
/** A list of the demo CA is good for a day; a new one is made before the last quarter of it. */
const goodForMs = 24 * hour
const renewBeforeMs = 6 * hour

const aheadMs = 60_000

/** Whether the demo CA's next list is due: before the last one runs out, or where the clock it was made by has been set back since. */
export const isDue = (list: RevocationList | undefined, now: Date) =>
  !list || list.nextUpdate.getTime() - now.getTime() < renewBeforeMs || list.thisUpdate.getTime() > now.getTime() + aheadMs

/** A list of the demo CA as of now, numbered after `last`. Refuses not-found outside the sandbox. */
export async function issueSandboxList(ctx: Ctx, suite: Suite, last: RevocationList | undefined): Promise<RevocationList> {
  const { issuer } = await sandboxAuthority(ctx.platform, suite)
  const isRevoked = and(
    eq(certificate.isSandbox, true),
    eq(certificate.suite, suite),
    isNotNull(certificate.revokedAt),
    gt(certificate.notAfter, ctx.now),
  )
  const rows = await ctx.db
    .select({ serial: certificate.serial, since: certificate.revokedAt })
    .from(certificate)
    .where(isRevoked)
  const revoked = rows.map(({ serial, since }) => ({ serial: Buffer.from(serial, 'hex'), since: since ?? ctx.now }))
  const number = Math.max(ctx.now.getTime(), Number(last?.number ?? 0) + 1)
  const next = new Date(ctx.now.getTime() + goodForMs)
  return parseRevocationList(await issueRevocationList({ revoked, number, at: ctx.now, next }, issuer))
}

export interface Kept {
  /** Fingerprint of the CA's certificate. */
  issuer: string
  source: (typeof listSources)[number]
  takenAt: Date
  takenBy: string | null
}

/** Keeps a list; keeping it twice keeps it once. */
export async function keepList(db: Db, list: RevocationList, kept: Kept): Promise<void> {
  const { sha256, number, thisUpdate, nextUpdate, der } = list
  const issuerName = list.issuer.commonName || list.issuer.organisation
  const row = { sha256, issuerName, number, thisUpdate, nextUpdate, revoked: list.revoked.size, der, ...kept }
  await db.insert(revocationList).values(row).onConflictDoNothing()
}

/** The demo CA's next list, kept in the caller's transaction. */
export async function publishSandboxList(ctx: Ctx, suite: Suite, last: RevocationList | undefined): Promise<RevocationList> {
  const list = await issueSandboxList(ctx, suite, last)
  const issuer = certificateOf((await sandboxAuthority(ctx.platform, suite)).certificate).fingerprint
  await keepList(ctx.db, list, { issuer, source: 'sandbox', takenAt: ctx.now, takenBy: null })
  return list
}
