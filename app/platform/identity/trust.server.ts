import { and, desc, lte, notInArray, sql } from 'drizzle-orm'
import { isListOf } from '@/crypto/chain'
import { isOlder, parseRevocationList, type RevocationList } from '@/crypto/crl'
import { type Certificate, certificateOf } from '@/crypto/x509'
import { revocationList, revocationRule } from '@/db/schema/platform/trust'
import type { Ctx, Platform } from '../ctx'
import { type Suite, sandboxAuthority, suites } from './authority.server'
import { isDue, issueSandboxList, keepList } from './sandbox-list.server'
import { type Root, readTrustFolder, type TrustFolder } from './trust-folder.server'

/** Whom certificates are believed from: the demo CA in the sandbox only, and what the operator put under DATA_DIR/trust. */
export interface TrustStore {
  roots: Root[]
  intermediates: Certificate[]
  /** The newest of each CA. */
  revocationLists: RevocationList[]
  /** How long after its nextUpdate a list may still be relied on, ms. */
  graceMs: number
}

interface Held {
  store: TrustStore
  folder: TrustFolder
  lists: Map<string, RevocationList>
  /** Tells whether lists or rule have changed. */
  mark: string
  lookedAt: number
}

/** A new CRL, CA or rule counts in every process within this time of its coming. */
const lookAgainMs = 1_000
const hour = 3_600_000
const known = new WeakMap<Platform, Held>()

/** Has the next caller look again: after a change made here. */
export function forgetTrust(platform: Platform): void {
  const held = known.get(platform)
  if (held) held.lookedAt = Number.NEGATIVE_INFINITY
}

async function readRule(ctx: Ctx): Promise<number> {
  const inForce = lte(revocationRule.inForceFrom, ctx.now)
  const [rule] = await ctx.db.select().from(revocationRule).where(inForce).orderBy(desc(revocationRule.version)).limit(1)
  return (rule?.graceHours ?? 0) * hour
}

async function markOf(ctx: Ctx): Promise<string> {
  const { rows } = await ctx.db.execute<{ mark: string }>(sql`select count(*) || ' ' || coalesce(max(arrival), 0) as mark
    from revocation_list`)
  return rows[0]!.mark
}

/** The newest list of each CA; those known already keep their object, and with it what was found out about them. */
async function readLists(ctx: Ctx, before: Map<string, RevocationList>): Promise<Map<string, RevocationList>> {
  const newest = await ctx.db
    .selectDistinctOn([revocationList.issuer], { sha256: revocationList.sha256 })
    .from(revocationList)
    .orderBy(revocationList.issuer, desc(revocationList.arrival))
  const wanted = newest.map(row => row.sha256)
  const found = new Map(wanted.flatMap(name => (before.has(name) ? [[name, before.get(name)!] as const] : [])))
  if (found.size === wanted.length) return found
  const fresh = and(
    sql`${revocationList.sha256} = any(${sql.param(wanted)})`,
    found.size > 0 ? notInArray(revocationList.sha256, [...found.keys()]) : undefined,
  )
  for (const { sha256, der } of await ctx.db
    .select({ sha256: revocationList.sha256, der: revocationList.der })
    .from(revocationList)
    .where(fresh))
    found.set(sha256, parseRevocationList(der))
  return found
}

/** The demo CA always answers: whichever process first needs its next list makes it and keeps it, beside the caller's transaction. */
async function sandboxLists(ctx: Ctx, roots: Root[], lists: Map<string, RevocationList>): Promise<void> {
  // One after the other: in which order lists arrive must not depend on chance.
  let keeping = Promise.resolve()
  for (const { suite, scope, certificate } of roots) {
    if (scope !== 'sandbox') continue
    const last = newestOf(certificate, [...lists.values()])
    if (!isDue(last, ctx.now)) continue
    const list = await issueSandboxList(ctx, suite, last)
    lists.set(list.sha256, list)
    const kept = { issuer: certificate.fingerprint, source: 'sandbox' as const, takenAt: ctx.now, takenBy: null }
    keeping = keeping
      .then(() => keepList(ctx.platform.database.db, list, kept))
      .catch((error: unknown) => ctx.platform.logger.warn({ err: error }, 'the demo CA’s list was not kept'))
  }
}

/** The newest of these lists that this CA signed. */
export function newestOf(issuer: Certificate, lists: RevocationList[]): RevocationList | undefined {
  return lists
    .filter(list => isListOf(issuer, list))
    .reduce<RevocationList | undefined>((newest, list) => (newest && isOlder(list, newest) ? newest : list), undefined)
}

async function sandboxRoot(platform: Platform, suite: Suite): Promise<Root> {
  const { certificate } = await sandboxAuthority(platform, suite)
  return { suite, scope: 'sandbox', certificate: certificateOf(certificate) }
}

async function look(ctx: Ctx, held: Held | undefined): Promise<Held> {
  const { platform } = ctx
  const lookedAt = performance.now()
  const folder = readTrustFolder(platform, held?.folder)
  const graceMs = await readRule(ctx)
  const mark = await markOf(ctx)
  const lists = held?.mark === mark ? held.lists : await readLists(ctx, held?.lists ?? new Map())
  const made = platform.config.isSandbox ? await Promise.all(suites.map(suite => sandboxRoot(platform, suite))) : []
  await sandboxLists(ctx, made, lists)
  const roots = [...made, ...folder.roots]
  return {
    folder,
    lists,
    mark,
    lookedAt,
    store: { roots, intermediates: folder.intermediates, revocationLists: [...lists.values()], graceMs },
  }
}

const isStaleHere = ({ store }: Held, now: Date) =>
  store.roots.some(({ scope, certificate }) => scope === 'sandbox' && isDue(newestOf(certificate, store.revocationLists), now))

/** The trust store as it stands now, at most a second old. */
export async function trustOf(ctx: Ctx): Promise<TrustStore> {
  const held = known.get(ctx.platform)
  if (held && performance.now() - held.lookedAt < lookAgainMs && !isStaleHere(held, ctx.now)) return held.store
  // Others go on with what is known while one looks.
  if (held) held.lookedAt = performance.now()
  const found = await look(ctx, held)
  known.set(ctx.platform, found)
  return found.store
}

/** Files of the trust folder that could not be read. */
export const trustProblems = (platform: Platform): TrustFolder['problems'] => known.get(platform)?.folder.problems ?? []

/** Certificates that may sign lists, of which one is therefore expected. */
export const listIssuers = ({ roots, intermediates }: TrustStore): Certificate[] =>
  [...roots.map(root => root.certificate), ...intermediates].filter(
    ({ isCa, usages }) => isCa && (usages === null || usages.includes('cRLSign')),
  )
