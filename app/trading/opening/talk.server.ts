import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { inScope, ownedBy, personOf } from '~/platform/identity/authorise.server'
import { countAttempt } from '~/platform/identity/rate.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { addSeconds, formatInstant } from '~/shared/time'
import type { FoundLot } from '../lot/find-lot.server'
import { listCounted } from './count.server'
import { findOpening, say } from './event.server'
import { type Hall, hallOf } from './hall'
import { lockHall } from './hall.server'
import { listAllEvents } from './read.server'
import { isTalkOpen, type TalkFacts } from './talk'

type Speaker = Pick<TalkFacts['message'], 'role' | 'no' | 'organisation'>

/** So many messages in so many seconds, by one organisation in one hall. */
const rate = { messages: 6, seconds: 60 }

/** The hall under its lock, as everybody sees it; refuses talk-closed before the list of bidders and after the end. */
async function openTalk(ctx: Ctx, lotId: string) {
  const { found, row } = await lockHall(ctx, lotId)
  const hall = hallOf(await listAllEvents(ctx, lotId))
  refuseUnless(isTalkOpen(hall.phase, hall.bids.length), 'talk-closed')
  return { found, row, hall }
}

/** Where the actor sits: the lot's own agency, a supervisor of its region, or a bidder whose bid counts. */
async function speakerOf(ctx: Ctx, { lot, project }: FoundLot, lotId: string): Promise<Speaker> {
  const { role, organisationId, organisationName: organisation } = personOf(ctx)
  if (role === 'bidder') {
    const own = (await listCounted(ctx, { lotId, round: lot.round })).find(b => b.bid.organisationId === organisationId)
    if (!own) throw new Refusal('no-bid')
    return { role: 'bidder', no: own.no, organisation }
  }
  if (role === 'supervisor') inScope(ctx, { regionCode: lot.regionCode })
  else ownedBy(ctx, project.agencyId)
  return { role: role === 'supervisor' ? 'supervisor' : 'host', no: null, organisation }
}

const write = command(
  'opening.talk',
  async (ctx, { lotId, text }: { lotId: string; text: string }) => {
    const { found, row, hall } = await openTalk(ctx, lotId)
    const speaker = await speakerOf(ctx, found, lotId)
    refuseUnless(speaker.no === null || !hall.muted.includes(speaker.no), 'muted')
    await say(ctx, row, ['message', { ...speaker, text }])
    return { result: null, entry: { lotId, facts: { role: speaker.role, no: speaker.no, text } } }
  },
  'opening.message',
)

/**
 * Says something in the hall, for everybody to read. Open to host, supervisor and the bidders on the list, from the list's
 * publication to the record; so many letters, so many a minute. Refuses talk-closed, muted, no-bid, too-many.
 */
export async function sayInHall(ctx: Ctx, input: { lotId: string; text: string }): Promise<null> {
  const row = await findOpening(ctx, input.lotId)
  // Before that not even a count of attempts may link an organisation to a lot (crypto.md §10.2).
  refuseUnless(row && isTalkOpen(row.phase, row.counted ?? 0), 'talk-closed')
  await countAttempt(ctx, `talk ${input.lotId} ${personOf(ctx).organisationId}`, rate.messages, rate.seconds)
  return write(ctx, input)
}

const refuseUnknown = (hall: Hall, no: number) =>
  refuseUnless(
    hall.bids.some(bid => bid.no === no),
    'not-found',
  )

/** The host stops a bidder's messages, or lets them be again, and says why; objections are never stopped by it. */
export const muteBidder = command(
  'opening.host',
  async (ctx, { lotId, no, isMuted, reason }: { lotId: string; no: number; isMuted: boolean; reason: string }) => {
    const { found, row, hall } = await openTalk(ctx, lotId)
    ownedBy(ctx, found.project.agencyId)
    refuseUnknown(hall, no)
    if (hall.muted.includes(no) === isMuted) return { result: null, entry: null }
    await say(ctx, row, ['muted', { no, isMuted, reason }])
    return { result: null, entry: { lotId, facts: { no, isMuted, reason } } }
  },
  'opening.mute',
)

const isRunning = (hall: Hall, now: Date) => hall.call !== null && new Date(hall.call.endsAt) > now

/** The host calls the bidders' names (点名): who is there answers before `seconds` are over. One call at a time. */
export const callRoll = command(
  'opening.host',
  async (ctx, { lotId, seconds }: { lotId: string; seconds: number }) => {
    const { found, row, hall } = await openTalk(ctx, lotId)
    ownedBy(ctx, found.project.agencyId)
    if (isRunning(hall, ctx.now)) throw new Refusal('roll-call-running', { until: formatInstant(new Date(hall.call!.endsAt)) })
    const called = { call: (hall.call?.call ?? 0) + 1, endsAt: addSeconds(ctx.now, seconds).toISOString() }
    await say(ctx, row, ['called', called])
    return { result: called, entry: { lotId, facts: { ...called, seconds } } }
  },
  'opening.roll-call',
)

/** A bidder answers the call under way; twice is once. Refuses roll-call-over when there is none (any more). */
export const answerCall = command(
  'opening.confirm',
  async (ctx, { lotId }: { lotId: string }) => {
    const { found, row, hall } = await openTalk(ctx, lotId)
    const { no } = await speakerOf(ctx, found, lotId)
    refuseUnless(hall.call && isRunning(hall, ctx.now), 'roll-call-over')
    if (no === null || hall.call.here.includes(no)) return { result: null, entry: null }
    await say(ctx, row, ['here', { call: hall.call.call, no }])
    return { result: null, entry: { lotId, facts: { call: hall.call.call, no } } }
  },
  'opening.roll-call-answer',
)
