import { desc, eq, inArray, sql } from 'drizzle-orm'
import { isListOf } from '@/crypto/chain'
import { isOlder, type RevocationList, revocationListOf } from '@/crypto/crl'
import type { Certificate } from '@/crypto/x509'
import { type listSources, revocationList } from '@/db/schema/platform/trust'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { formatMinute } from '~/shared/time'
import { command } from '../audit/command.server'
import type { Ctx } from '../ctx'
import { keepList } from './sandbox-list.server'
import { forgetTrust, listIssuers, newestOf, trustOf } from './trust.server'

export interface ListInput {
  /** DER, or PEM / base64 text. */
  crl: Uint8Array | string
  source: Exclude<(typeof listSources)[number], 'sandbox'>
}

/** Clocks of CAs may be a little ahead. */
const aheadMs = 5 * 60_000

function readList(crl: ListInput['crl']): RevocationList {
  try {
    return revocationListOf(crl)
  } catch (error) {
    throw new Refusal('crl-malformed', { reason: error instanceof Error ? error.message : '' })
  }
}

const nameOf = (list: RevocationList) => list.issuer.commonName || list.issuer.organisation

/** The recognised CA whose list it is: by name, by its right to sign lists, by signature (RFC 5280 §6.3.3). */
async function issuerOf(ctx: Ctx, list: RevocationList): Promise<Certificate> {
  const { roots, intermediates } = await trustOf(ctx)
  const named = [...roots.map(root => root.certificate), ...intermediates].filter(ca =>
    Buffer.from(ca.subject.raw).equals(Buffer.from(list.issuer.raw)),
  )
  refuseUnless(named.length > 0, 'crl-issuer-unknown', { issuer: nameOf(list) })
  const issuer = named.find(ca => isListOf(ca, list))
  if (!issuer) throw new Refusal('crl-forged', { issuer: nameOf(list) })
  return issuer
}

async function newestRow(ctx: Ctx, issuer: string) {
  const newest = ctx.db.select().from(revocationList).where(eq(revocationList.issuer, issuer))
  const [row] = await newest.orderBy(desc(revocationList.arrival)).limit(1)
  return row
}

async function isKnown(ctx: Ctx, sha256: string): Promise<boolean> {
  const rows = await ctx.db
    .select({ sha256: revocationList.sha256 })
    .from(revocationList)
    .where(eq(revocationList.sha256, sha256))
  return rows.length > 0
}

/**
 * Takes a CRL in: from now on it counts in every process. The same again changes nothing. Refuses crl-malformed, crl-issuer-unknown,
 * crl-forged (also where the CA may not sign lists), crl-not-yet-valid, crl-older.
 */
export const takeList = command(
  'trust.manage',
  async (ctx, { crl, source }: ListInput) => {
    const list = readList(crl)
    const issuer = await issuerOf(ctx, list)
    refuseUnless(list.thisUpdate.getTime() <= ctx.now.getTime() + aheadMs, 'crl-not-yet-valid', {
      thisUpdate: formatMinute(list.thisUpdate),
    })
    await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtext(${`revocation list ${issuer.fingerprint}`}))`)
    const facts = { issuer: nameOf(list), number: list.number, sha256: list.sha256, nextUpdate: list.nextUpdate.toISOString() }
    if (await isKnown(ctx, list.sha256)) return { result: { ...facts, isNew: false }, entry: null }
    const last = await newestRow(ctx, issuer.fingerprint)
    refuseUnless(!last || isOlder(last, list), 'crl-older', {
      number: list.number ?? formatMinute(list.thisUpdate),
      current: last?.number ?? (last ? formatMinute(last.thisUpdate) : ''),
    })
    const takenBy = ctx.actor.kind === 'person' ? ctx.actor.personId : null
    await keepList(ctx.db, list, { issuer: issuer.fingerprint, source, takenAt: ctx.now, takenBy })
    forgetTrust(ctx.platform)
    const entry = { facts: { ...facts, thisUpdate: list.thisUpdate.toISOString(), revoked: list.revoked.size, source } }
    return { result: { ...facts, isNew: true }, entry }
  },
  'trust.crl',
)

/** The CRLs of these hashes and, of each recognised CA, the one that counts now: what verifying later needs. */
export async function readListsFor(ctx: Ctx, named: string[]): Promise<{ sha256: string; der: Uint8Array }[]> {
  const current = (await trustOf(ctx)).revocationLists
  const missing = [...new Set(named)].filter(name => !current.some(list => list.sha256 === name))
  const { sha256, der } = revocationList
  const earlier =
    missing.length > 0 ? await ctx.db.select({ sha256, der }).from(revocationList).where(inArray(sha256, missing)) : []
  return [...earlier, ...current.map(list => ({ sha256: list.sha256, der: list.der }))].sort((a, b) =>
    a.sha256 < b.sha256 ? -1 : 1,
  )
}

export type ListStanding = 'good' | 'stale' | 'expired' | 'missing'

export interface IssuerState {
  /** Fingerprint of the CA's certificate. */
  issuer: string
  name: string
  standing: ListStanding
  number: string | null
  thisUpdate: Date | null
  nextUpdate: Date | null
  revoked: number
  sha256: string | null
}

function standingOf(list: RevocationList | undefined, now: Date, graceMs: number): ListStanding {
  if (!list) return 'missing'
  if (now <= list.nextUpdate) return 'good'
  return now.getTime() <= list.nextUpdate.getTime() + graceMs ? 'stale' : 'expired'
}

/** Each recognised CA that signs lists, and the list of it that counts now. */
export async function listIssuerStates(ctx: Ctx): Promise<{ graceHours: number; issuers: IssuerState[] }> {
  const store = await trustOf(ctx)
  const issuers = listIssuers(store).map((ca): IssuerState => {
    const list = newestOf(ca, store.revocationLists)
    return {
      issuer: ca.fingerprint,
      name: ca.subject.commonName || ca.subject.organisation,
      standing: standingOf(list, ctx.now, store.graceMs),
      number: list?.number ?? null,
      thisUpdate: list?.thisUpdate ?? null,
      nextUpdate: list?.nextUpdate ?? null,
      revoked: list?.revoked.size ?? 0,
      sha256: list?.sha256 ?? null,
    }
  })
  return { graceHours: store.graceMs / 3_600_000, issuers }
}
