import { eq } from 'drizzle-orm'
import { draw, drawContact } from '@/db/schema/trading/draw'
import type { Ctx } from '~/platform/ctx'
import { sha256 } from '~/platform/identity/session.server'
import { refuseUnless } from '~/shared/refusal'
import { stoppedStates } from './draw'
import { contactStateText, drawStateText, representativeStateText } from './draw.text'
import { findRepresentative } from './representative.server'

/** What an invitation shows: when, where, how long; never what is evaluated. Refuses not-found. */
export async function readInvitation(ctx: Ctx, code: string) {
  const [found] = await ctx.db
    .select({ contact: drawContact, draw })
    .from(drawContact)
    .innerJoin(draw, eq(draw.id, drawContact.drawId))
    .where(eq(drawContact.codeHash, sha256(code)))
  if (!found) return readRepresentativeInvitation(ctx, code)
  const { contact, draw: row } = found
  return {
    kind: 'expert' as const,
    id: contact.id,
    city: row.city,
    at: row.evaluationAt,
    hours: row.hours,
    answerBy: contact.expiresAt,
    state: contact.state as string,
    stateText: row.state === 'ended' ? drawStateText.ended : contactStateText[contact.state],
    answerable: contact.state === 'invited' && row.state === 'contacting' && ctx.now < contact.expiresAt,
  }
}

/** The same for a representative of the tenderer, who can answer until replaced. */
async function readRepresentativeInvitation(ctx: Ctx, code: string) {
  const who = await findRepresentative(ctx, sha256(code))
  refuseUnless(who, 'not-found')
  const [row] = await ctx.db.select().from(draw).where(eq(draw.id, who.drawId))
  refuseUnless(row, 'not-found')
  return {
    kind: 'representative' as const,
    id: who.id,
    city: row.city,
    at: row.evaluationAt,
    hours: row.hours,
    answerBy: row.evaluationAt,
    state: who.state as string,
    stateText: row.state === 'ended' ? drawStateText.ended : representativeStateText[who.state],
    answerable: who.state === 'invited' && !stoppedStates.includes(row.state),
  }
}
