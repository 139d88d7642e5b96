import { and, eq, gt } from 'drizzle-orm'
import { lot } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { type CertificateRow, listCertificates } from '~/platform/identity/certificate.server'
import { listOwnActs, type OwnAct, readActs, tagOf } from './sealed-act.server'
import { parsedHead } from './upload.server'

type Submit = Extract<OwnAct, { kind: 'submit' }>

/** An own bid whose lock is not made for the organisation's newest encryption certificate. */
export interface SealAgain {
  lotId: string
  lotName: string
  /** When that certificate was bound. */
  boundAt: Date
  /** Whether the certificate that the lock is made for can still be relied on here. */
  isOldGone: boolean
}

const isGood = ({ revokedAt, notAfter }: CertificateRow, now: Date): boolean => revokedAt === null && notAfter > now

/** The certificates that the owner's part of each stage is locked to; none where the owner has no part. */
async function locksOf(ctx: Ctx, { stages }: Submit): Promise<string[][]> {
  const locks: string[][] = []
  for (const { files } of stages) {
    const head = files[0] && (await parsedHead(ctx, files[0].uploadId).catch(() => null))
    if (head?.header.parts.b) locks.push(head.header.parts.b.to.map(wrap => wrap.kid))
  }
  return locks
}

async function judge(ctx: Ctx, last: Submit, own: CertificateRow[]): Promise<Omit<SealAgain, 'lotId' | 'lotName'> | null> {
  const suite = last.stages[0]?.suite
  const usable = own.filter(one => one.suite === suite && isGood(one, ctx.now))
  const [newest] = usable
  if (!newest) return null
  const locks = await locksOf(ctx, last)
  if (locks.every(kids => kids.includes(newest.fingerprint))) return null
  const good = new Set(usable.map(one => one.fingerprint))
  return { boundAt: newest.createdAt, isOldGone: locks.some(kids => !kids.some(kid => good.has(kid))) }
}

const encryptionCertificates = async (ctx: Ctx) => (await listCertificates(ctx)).filter(one => one.use !== 'sign')

/**
 * Whether the actor's own bid on this lot should be sealed again since the organisation has a new encryption certificate
 * (crypto.md §10.13); null where it need not. Found by the owner's tags within the owner's session: no row says which lot it was.
 */
export async function sealAgainOf(ctx: Ctx, one: { id: string; name: string; round: number }): Promise<SealAgain | null> {
  const own = await encryptionCertificates(ctx)
  return own.length > 0 ? judgeLot(ctx, one, own) : null
}

async function judgeLot(ctx: Ctx, { id, name, round }: { id: string; name: string; round: number }, own: CertificateRow[]) {
  const { organisationId } = personOf(ctx)
  const last = (await listOwnActs(ctx, { lotId: id, round, organisationId }, 'submit')).at(-1)
  const judged = last && last.stages.length > 0 ? await judge(ctx, last, own) : null
  return judged && { lotId: id, lotName: name, ...judged }
}

const tagsAtOnce = 500

/** Every own bid, before its deadline, that should be sealed again. Looks at all open lots alike: only the owner's tags tell which are its own. */
export async function listSealAgain(ctx: Ctx): Promise<SealAgain[]> {
  const own = await encryptionCertificates(ctx)
  if (own.length === 0) return []
  const isOpen = and(eq(lot.state, 'bidding'), gt(lot.biddingEndsAt, ctx.now))
  const open = await ctx.db.select({ id: lot.id, name: lot.name, round: lot.round }).from(lot).where(isOpen)
  const { organisationId } = personOf(ctx)
  const found: SealAgain[] = []
  for (let at = 0; at < open.length; at += tagsAtOnce) {
    const page = open.slice(at, at + tagsAtOnce)
    const tagOfLot = ({ id, round }: (typeof open)[number]) =>
      Buffer.from(tagOf(ctx, id, round, organisationId, 'submit', 1)).toString('hex')
    const tags = new Map(page.map(one => [tagOfLot(one), one]))
    for (const tag of (await readActs<'submit'>(ctx, [...tags.keys()])).keys()) {
      const judged = await judgeLot(ctx, tags.get(tag)!, own)
      if (judged) found.push(judged)
    }
  }
  return found
}
