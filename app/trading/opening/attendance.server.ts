import { randomUUID } from 'node:crypto'
import { and, eq, inArray, isNull, notInArray } from 'drizzle-orm'
import { organisation } from '@/db/schema/platform/identity'
import { opening } from '@/db/schema/trading/opening'
import { attendance } from '@/db/schema/trading/opening-act'
import { lotCustodian } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { isAllowed, personOf } from '~/platform/identity/authorise.server'
import { roleText } from '~/platform/identity/identity.text'
import { closePadded, openJson } from '~/platform/vault/vault.server'
import { refuseUnless } from '~/shared/refusal'
import { addSeconds, formatInstant } from '~/shared/time'
import { type FoundLot, findLot } from '../lot/find-lot.server'
import { isAnnounced } from '../lot/lot'
import { openingTermsOf } from '../lot/opening-terms'
import { listCounted } from './count.server'
import { type OpeningRow, postpone, say } from './event.server'
import { lockHall } from './hall.server'
import { finalPhases, stateBefore } from './opening'

type Boxed = { lotId: string; round: number; organisationId: string; personId: string; role: string; at: string }
type Scope = { lotId: string; round: number }

const boxName = (id: string) => `attendance ${id}`
const tagOf = (ctx: Ctx, { lotId, round }: Scope, organisationId: string) =>
  ctx.platform.vault.tag('attendance', lotId, String(round), organisationId)

/** When an own organisation signed in, or null. */
async function ownMark(ctx: Ctx, tag: Uint8Array): Promise<Date | null> {
  const [row] = await ctx.db.select().from(attendance).where(eq(attendance.ownerTag, tag))
  return row ? new Date(openJson<Boxed>(ctx.platform.vault, boxName(row.id), row.box).at) : null
}

function refuseEarly(ctx: Ctx, { lot }: FoundLot): void {
  const { signInSeconds } = openingTermsOf(lot)
  const from = lot.biddingEndsAt ? addSeconds(lot.biddingEndsAt, -signInSeconds) : null
  const isOpen = stateBefore(lot.biddingEndsAt, signInSeconds, ctx.now) === 'sign-in'
  refuseUnless(isOpen, 'sign-in-not-open', { from: from ? formatInstant(from) : '公告规定的时间' })
}

/** Kept sealed, in its row and in the log alike: before the deadline nothing may tell who is going to be there (《招标投标法》22). */
const markSealed = command(
  'opening.attend',
  async (ctx, { lotId, round }: Scope) => {
    const { organisationId, personId, role } = personOf(ctx)
    const boxed: Boxed = { lotId, round, organisationId, personId, role, at: ctx.now.toISOString() }
    const id = randomUUID()
    const box = closePadded(ctx.platform.vault, boxName(id), boxed)
    const ownerTag = tagOf(ctx, { lotId, round }, organisationId)
    const made = await ctx.db.insert(attendance).values({ id, ownerTag, box }).onConflictDoNothing().returning()
    const facts = { lot: lotId, org: organisationId, role }
    return { result: ctx.now, entry: made.length > 0 ? { lotId, sealed: true, facts } : null }
  },
  'opening.sign-in',
)

const markOpen = command(
  'opening.attend',
  async (ctx, { lotId }: { lotId: string }) => {
    const { row } = await lockHall(ctx, lotId)
    refuseUnless(row.abortReason !== 'submitted' && row.counted !== null, 'not-found')
    const { organisationId, organisationName, personId, role } = personOf(ctx)
    const own = role === 'bidder' ? (await listCounted(ctx, row)).find(b => b.bid.organisationId === organisationId) : null
    refuseUnless(role !== 'bidder' || own, 'no-bid')
    const { round } = row
    const boxed: Boxed = { lotId, round, organisationId, personId, role, at: ctx.now.toISOString() }
    const id = randomUUID()
    const { at: _, ...columns } = boxed
    const box = closePadded(ctx.platform.vault, boxName(id), boxed)
    const values = { id, ownerTag: tagOf(ctx, row, organisationId), box, ...columns, at: ctx.now, openedAt: ctx.now }
    const made = await ctx.db.insert(attendance).values(values).onConflictDoNothing().returning()
    if (made.length === 0) return { result: ctx.now, entry: null }
    await say(ctx, row, ['present', { no: own?.no ?? null, organisation: organisationName, role: roleText[role] }])
    return { result: ctx.now, entry: { lotId, facts: { org: organisationId, role } } }
  },
  'opening.sign-in',
)

/**
 * Signs in to an opening (签到), from the time the tender document sets. Before the deadline it is sealed, and only who turns
 * out to have a bid that counts is ever named; afterwards everybody sees it. Twice is once.
 */
export async function signIn(ctx: Ctx, { lotId }: { lotId: string }): Promise<{ at: Date }> {
  const found = await findLot(ctx, lotId)
  const { lot } = found
  refuseUnless(isAnnounced(lot.state), 'not-found')
  const before = await ownMark(ctx, tagOf(ctx, { lotId, round: lot.round }, personOf(ctx).organisationId))
  if (before) return { at: before }
  if (lot.closedAt) return { at: await markOpen(ctx, { lotId }) }
  refuseEarly(ctx, found)
  return { at: await markSealed(ctx, { lotId, round: lot.round }) }
}

/** When the reader's own organisation signed in, and whether it may now; null for whoever has no seat to sign in to. */
export async function readOwnSignIn(ctx: Ctx, { lot }: FoundLot): Promise<{ at: Date | null; isOpen: boolean } | null> {
  if (ctx.actor.kind !== 'person' || !isAllowed(ctx.actor, 'opening.attend')) return null
  const at = await ownMark(ctx, tagOf(ctx, { lotId: lot.id, round: lot.round }, ctx.actor.organisationId))
  const isOpen = stateBefore(lot.biddingEndsAt, openingTermsOf(lot).signInSeconds, ctx.now) === 'sign-in'
  return { at, isOpen: isOpen && !lot.closedAt }
}

/** Whose marks may be opened: counted bidders, host and custodians. */
async function knownOrganisations(ctx: Ctx, { project }: FoundLot, row: OpeningRow, bidders: string[]): Promise<string[]> {
  const custodians = await ctx.db
    .select({ id: lotCustodian.organisationId })
    .from(lotCustodian)
    .where(and(eq(lotCustodian.lotId, row.lotId), eq(lotCustodian.round, row.round)))
  return [project.agencyId, ...custodians.map(c => c.id), ...bidders]
}

async function openMarks(ctx: Ctx, row: OpeningRow, organisations: string[]): Promise<Boxed[]> {
  const tags = organisations.map(id => tagOf(ctx, row, id))
  const sealed = and(inArray(attendance.ownerTag, tags), isNull(attendance.openedAt))
  const opened: Boxed[] = []
  for (const { id, box } of await ctx.db.select().from(attendance).where(sealed)) {
    const boxed = openJson<Boxed>(ctx.platform.vault, boxName(id), box)
    const change = { ...boxed, at: new Date(boxed.at), openedAt: ctx.now }
    await ctx.db.update(attendance).set(change).where(eq(attendance.id, id))
    opened.push(boxed)
  }
  return opened
}

const publish = command(
  'opening.host',
  async (ctx, { lotId }: { lotId: string }) => {
    const { found, row } = await lockHall(ctx, lotId)
    if (row.attendedAt) return { result: null, entry: null }
    const bids = await listCounted(ctx, row)
    const known = await knownOrganisations(
      ctx,
      found,
      row,
      bids.map(b => b.bid.organisationId),
    )
    const marks = await openMarks(ctx, row, known)
    await ctx.db.update(opening).set({ attendedAt: ctx.now }).where(eq(opening.id, row.id))
    const attended = bids.flatMap(({ no, bid }) => {
      const mark = marks.find(m => m.organisationId === bid.organisationId)
      return mark ? [{ no, at: mark.at }] : []
    })
    await say(ctx, row, ['attended', { bids: attended }])
    return { result: null, entry: { lotId, facts: { signedIn: attended.map(a => a.no) } } }
  },
  'opening.attended',
)

/** At most so many lots in one sweep: this waits for what must not. */
const atOnce = 50

/** Publishes who of the counted bidders had signed in. Of a lot that must not be opened nobody is ever named. */
export async function publishAttendance(ctx: Ctx): Promise<void> {
  const [sealed] = await ctx.db.select({ id: attendance.id }).from(attendance).where(isNull(attendance.openedAt)).limit(1)
  if (!sealed) return
  const isListed = notInArray(opening.phase, ['closing', 'counting', ...finalPhases])
  const rows = await ctx.db
    .select({ lotId: opening.lotId })
    .from(opening)
    .where(and(isNull(opening.attendedAt), isListed))
    .limit(atOnce)
  for (const { lotId } of rows) await publish(ctx, { lotId }).catch((error: unknown) => postpone(ctx, lotId, error))
}

/** Who was there, in order of time; names are public once opened. */
export const listAttendance = (ctx: Ctx, { lotId, round }: Scope) =>
  ctx.db
    .select({
      organisationId: attendance.organisationId,
      organisation: organisation.name,
      role: attendance.role,
      at: attendance.at,
    })
    .from(attendance)
    .innerJoin(organisation, eq(organisation.id, attendance.organisationId))
    .where(and(eq(attendance.lotId, lotId), eq(attendance.round, round)))
    .orderBy(attendance.at)
