import { and, eq, isNull, ne } from 'drizzle-orm'
import { membership, person } from '@/db/schema/platform/identity'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { roleText } from '~/platform/identity/identity.text'
import { countAttempt } from '~/platform/identity/rate.server'
import { notify } from '~/platform/notification/notification.server'
import { Refusal } from '~/shared/refusal'
import { formatInstant } from '~/shared/time'
import { findLot } from '../lot/find-lot.server'

/** Telephone numbers of the supervisors in whose region the lot lies. */
export async function supervisorPhones(ctx: Ctx, regionCode: string): Promise<string[]> {
  const rows = await ctx.db
    .selectDistinct({ phone: person.phone, prefix: membership.regionPrefix })
    .from(membership)
    .innerJoin(person, eq(person.id, membership.personId))
    .where(and(eq(membership.role, 'supervisor'), isNull(membership.endedAt), ne(person.phone, '')))
  return rows.filter(row => regionCode.startsWith(row.prefix)).map(row => row.phone)
}

/** Recorded sealed: before the deadline no row may link a lot to a bidder (crypto.md §10.2), and the message names only a role. */
const record = command(
  'opening.release',
  async (ctx, { lotId, hash }: { lotId: string; hash: string }) => {
    const { lot } = await findLot(ctx, lotId)
    const { organisationId, role } = personOf(ctx)
    const text = `标段 ${lot.code} 尚未截标，收到${roleText[role]}提前释放密钥的请求，已拒绝并记录。请关注。`
    for (const to of await supervisorPhones(ctx, lot.regionCode)) await notify(ctx, { channel: 'sms', to, text })
    return { result: lot, entry: { lotId, sealed: true, facts: { lot: lotId, org: organisationId, message: hash } } }
  },
  'key.release-early',
)

/** A release before the lot has closed: recorded, the supervisor alarmed, refused. The parts themselves are not kept. */
export async function refuseEarly(ctx: Ctx, lotId: string, hash: string): Promise<never> {
  const tag = Buffer.from(ctx.platform.vault.tag(lotId, personOf(ctx).organisationId, 'early-release')).toString('hex')
  await countAttempt(ctx, `early-release ${tag}`, 5, 60)
  const lot = await record(ctx, { lotId, hash })
  throw new Refusal('opening-not-due', { at: lot.biddingEndsAt ? formatInstant(lot.biddingEndsAt) : '待定' })
}

const recordLate = command(
  'opening.release',
  async (ctx, { lotId, hash }: { lotId: string; hash: string }) => {
    const { organisationId: org } = personOf(ctx)
    return { result: null, entry: { lotId, facts: { org, message: hash } } }
  },
  'key.release-late',
)

/** A release after its window: recorded, because it is evidence of whose fault a closed bid is (《电子招标投标办法》31), then refused. */
export async function refuseLate(ctx: Ctx, lotId: string, hash: string, endedAt: Date): Promise<never> {
  await countAttempt(ctx, `late-release ${lotId} ${personOf(ctx).organisationId}`, 5, 60)
  await recordLate(ctx, { lotId, hash })
  throw new Refusal('release-window-closed', { endedAt: formatInstant(endedAt) })
}

const recordOther = command(
  'opening.release',
  async (ctx, { lotId, hash, stage }: { lotId: string; hash: string; stage: string }) => {
    const { lot } = await findLot(ctx, lotId)
    const { organisationId: org, role } = personOf(ctx)
    const text = `标段 ${lot.code} 收到${roleText[role]}释放另一信封密钥的请求，已拒绝并记录。请关注。`
    for (const to of await supervisorPhones(ctx, lot.regionCode)) await notify(ctx, { channel: 'sms', to, text })
    return { result: null, entry: { lotId, facts: { org, message: hash, stage } } }
  },
  'key.release-other-stage',
)

/** Of two envelopes (双信封) the one whose turn it is not: recorded, the supervisor alarmed, refused. The parts are not kept. */
export async function refuseOtherStage(ctx: Ctx, lotId: string, hash: string, stage: string): Promise<never> {
  await countAttempt(ctx, `other-stage ${lotId} ${personOf(ctx).organisationId}`, 5, 60)
  await recordOther(ctx, { lotId, hash, stage })
  throw new Refusal('wrong-stage')
}
