import { and, eq, inArray, lte } from 'drizzle-orm'
import type { Seated } from '@/crypto/draw-rules'
import { type ContactState, draw, drawContact, drawEvent } from '@/db/schema/trading/draw'
import { expert } from '@/db/schema/trading/expert'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { sha256 } from '~/platform/identity/session.server'
import { append } from '~/platform/log/append.server'
import { notifyMany } from '~/platform/notification/notification.server'
import { next } from '~/shared/flow'
import { refuseUnless } from '~/shared/refusal'
import { addSeconds, formatMinute } from '~/shared/time'
import { openExpert } from '../expert/expert.server'
import { tiedToBidders } from './avoidance.server'
import { contactFlow, drawFlow } from './draw'
import { book, release } from './draw-booking.server'
import { readReplay } from './draw-outcome.server'
import { type DrawRow, lockDraw } from './draw-request.server'
import { announce } from './draw-store.server'
import { invitationPath } from './invitation'
import { expertsBehind } from './pool.read.server'
import { closeRecord } from './record-box.server'
import { newCode } from './representative.server'

export type ContactRow = typeof drawContact.$inferSelect

/** Says time, city and length, never the project or a bidder (EX-09). */
function invitationText(ctx: Ctx, row: DrawRow, code: string, expiresAt: Date): string {
  const link = `${ctx.platform.config.publicUrl ?? ''}${invitationPath(code)}`
  const what = `${formatMinute(row.evaluationAt)} 在${row.city}有一次评标，预计 ${row.hours} 小时`
  return `【评标专家邀请】${what}。请于 ${formatMinute(expiresAt)} 前答复是否参加。邀请码 ${code}，答复页 ${link}`
}

/** How somebody is reached: the way the request names; by text message where there is no mail address. */
export const reachOf = (row: Pick<DrawRow, 'contactBy'>, { phone, email }: ReturnType<typeof openExpert>) =>
  row.contactBy === 'email' && email ? { channel: 'email' as const, to: email } : { channel: textWay(row), to: phone }

const textWay = ({ contactBy }: Pick<DrawRow, 'contactBy'>) => (contactBy === 'voice' ? ('voice' as const) : ('sms' as const))

/**
 * Invites people just seated and holds their time. Whoever is held elsewhere by now is passed over as a logged refusal and never called
 * (crypto.md §10.11); likewise whoever is tied to a bidder, where the panel was drawn before the bids were known. The draw's row must be locked.
 */
export async function invite(ctx: Ctx, row: DrawRow, seated: Seated[]): Promise<void> {
  if (seated.length === 0) return
  const contacts = await addContacts(ctx, row, seated)
  const tied = row.recheckedAt ? await tiedToBidders(ctx, { ...row, avoid: [] }) : new Map<string, string>()
  const fit = contacts.map(({ contact }) => contact).filter(({ expertId }) => !tied.has(expertId))
  const free = await book(ctx, row, fit)
  const messages = contacts
    .filter(({ contact }) => free.has(contact.id))
    .map(({ contact, person, code }) => ({
      ...reachOf(row, openExpert(ctx.platform, person)),
      text: invitationText(ctx, row, code, contact.expiresAt),
    }))
  await notifyMany(ctx, messages)
  for (const { contact } of contacts) {
    const reason = tied.get(contact.expertId)
    if (reason) await recordOutcome(ctx, row, contact, 'avoid', reason)
    else if (!free.has(contact.id)) await recordOutcome(ctx, row, contact, 'engaged', '')
  }
}

type Invited = { contact: ContactRow; person: typeof expert.$inferSelect; code: string }

async function addContacts(ctx: Ctx, row: DrawRow, seated: Seated[]): Promise<Invited[]> {
  const cs = seated.map(({ c }) => c)
  const behind = await expertsBehind(ctx, row.poolRoot!, cs)
  const people = await ctx.db
    .select()
    .from(expert)
    .where(inArray(expert.id, [...behind.values()]))
  const made = seated.map(place => {
    const person = people.find(one => one.id === behind.get(place.c))
    if (!person) throw new Error(`nobody stands behind commitment ${place.c}`)
    return { place, person, code: newCode(), id: crypto.randomUUID() }
  })
  const times = { invitedAt: ctx.now, expiresAt: addSeconds(ctx.now, row.answerSeconds) }
  const rows = await ctx.db
    .insert(drawContact)
    .values(
      made.map(({ place, person, code, id }) => ({
        ...times,
        ...place,
        id,
        drawId: row.id,
        expertId: person.id,
        codeHash: sha256(code),
        state: 'invited' as const,
        recordBox: closeRecord(ctx.platform, person, place.c),
      })),
    )
    .returning()
  return made.map(({ person, code, id }) => ({ person, code, contact: rows.find(one => one.id === id)! }))
}

const flowEvent = { accepted: 'accept', refused: 'refuse', 'no-answer': 'miss', engaged: 'engage', avoid: 'avoid' } as const
export type Outcome = Exclude<ContactState, 'invited'>

/**
 * Records the outcome of a contact as a log entry and an event of the draw. A seat that empties is filled at once by the vacancy rule and
 * the substitute invited; when everybody seated has accepted the draw is complete. The draw's row must be locked.
 */
export async function recordOutcome(
  ctx: Ctx,
  row: DrawRow,
  contact: ContactRow,
  outcome: Outcome,
  reason: string,
): Promise<void> {
  const state = next(contactFlow, contact.state, flowEvent[outcome])
  const { c } = contact
  const { events, panelAfter } = await readReplay(ctx, row)
  const event = { c, outcome, at: ctx.now.toISOString() }
  const panel = panelAfter([...events, event])
  const seq = events.length + 1
  const { entryId } = await append(ctx, 'draw.contact', { lotId: row.lotId, facts: { draw: row.drawId, seq, ...event } })
  await ctx.db.insert(drawEvent).values({ id: crypto.randomUUID(), drawId: row.id, seq, c, outcome, at: ctx.now, entryId })
  await ctx.db.update(drawContact).set({ state, reason, answeredAt: ctx.now }).where(eq(drawContact.id, contact.id))
  if (outcome !== 'accepted') await release(ctx, contact.id)
  await announce(ctx, row.id)
  const known = new Set(panelAfter(events).contacted)
  const added = panel.places.flatMap(({ seat, c: holder }) =>
    holder !== null && !known.has(holder) ? [{ seat, c: holder }] : [],
  )
  await settle(ctx, row, panel)
  await invite(ctx, row, added)
}

async function settle(ctx: Ctx, row: DrawRow, panel: { places: { c: string | null }[]; accepted: string[] }): Promise<void> {
  const isFull = panel.places.every(({ c }) => c !== null && panel.accepted.includes(c))
  const [now] = await ctx.db.select({ state: draw.state }).from(draw).where(eq(draw.id, row.id))
  if (isFull && now?.state === 'contacting') {
    const state = next(drawFlow, now.state, 'complete')
    await ctx.db.update(draw).set({ state, completedAt: ctx.now }).where(eq(draw.id, row.id))
  } else if (!isFull && now?.state === 'complete') {
    const state = next(drawFlow, now.state, 'reopen')
    await ctx.db.update(draw).set({ state, completedAt: null }).where(eq(draw.id, row.id))
  }
}

/** Locks a contact and its draw, draw first. Refuses not-found. */
export async function lockContact(ctx: Ctx, where: { id: string }): Promise<{ row: DrawRow; contact: ContactRow }> {
  const [found] = await ctx.db.select({ drawId: drawContact.drawId }).from(drawContact).where(eq(drawContact.id, where.id))
  refuseUnless(found, 'not-found')
  const row = await lockDraw(ctx, found.drawId)
  const [contact] = await ctx.db.select().from(drawContact).where(eq(drawContact.id, where.id)).for('update')
  refuseUnless(contact, 'not-found')
  return { row, contact }
}

/** Whoever has not answered in time has not answered; the next in the ranking is invited. */
export const passOver = command(
  'draw.request',
  async (ctx, { id }: { id: string }) => {
    const { row, contact } = await lockContact(ctx, { id })
    const isLate = contact.state === 'invited' && contact.expiresAt <= ctx.now && row.state === 'contacting'
    if (isLate) await recordOutcome(ctx, row, contact, 'no-answer', '')
    return { result: isLate, entry: null }
  },
  'draw.pass-over',
)

/** Contacts whose time to answer is over. */
export async function listOverdue(ctx: Ctx): Promise<string[]> {
  const overdue = and(eq(drawContact.state, 'invited'), lte(drawContact.expiresAt, ctx.now), eq(draw.state, 'contacting'))
  const rows = await ctx.db
    .select({ id: drawContact.id })
    .from(drawContact)
    .innerJoin(draw, eq(draw.id, drawContact.drawId))
    .where(overdue)
  return rows.map(one => one.id)
}
