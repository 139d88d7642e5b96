import { randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { openingAct } from '@/db/schema/trading/opening-act'
import { command, type Outcome } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { inScope, ownedBy, personOf } from '~/platform/identity/authorise.server'
import { notify } from '~/platform/notification/notification.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { openingTermsOf } from '../lot/opening-terms'
import { actRules, type Cause } from '../rules/opening-acts'
import type { ActDone, ActInput, ActWish, ProposedKind } from './act'
import { effects, type Hall } from './act-effects.server'
import { actText, causeText } from './acts.text'
import { supervisorPhones } from './early-release.server'
import { say } from './event.server'
import { lockHall } from './hall.server'

export type ActAnswer = { id: string; state: 'proposed' | 'done' | 'declined' }

/** Whose lot it is, and whether this role may do it at all. */
function checkProposer(ctx: Ctx, { found }: Hall, kind: ProposedKind): void {
  const { role } = personOf(ctx)
  if (role === 'supervisor') inScope(ctx, found.lot)
  else ownedBy(ctx, found.project.agencyId)
  const asWhat = role === 'supervisor' ? 'supervisor' : 'agency'
  refuseUnless(actRules[kind].proposers.includes(asWhat), 'not-allowed', { permission: 'opening.act' })
}

/** Whether law and tender document know this act on this ground. */
function checkGround({ found }: Hall, kind: ProposedKind, cause: Cause): void {
  const { remedy, causes, article } = actRules[kind]
  const isGiven = remedy === null || openingTermsOf(found.lot).remedies.includes(remedy)
  refuseUnless(isGiven, 'remedy-not-offered', { remedy: actText[kind], article })
  refuseUnless(causes.includes(cause), 'act-cause', { cause: causeText[cause], act: actText[kind], article })
}

async function askSupervisor(ctx: Ctx, { found }: Hall, kind: ProposedKind): Promise<void> {
  const text = `标段 ${found.lot.code} 的主持人提请${actText[kind]}，请在开标大厅作出决定。`
  for (const to of await supervisorPhones(ctx, found.lot.regionCode)) await notify(ctx, { channel: 'sms', to, text })
}

type Kept = { kind: ProposedKind; cause: Cause; reason: string; wish: ActWish }

async function keep(ctx: Ctx, { row }: Hall, { kind, cause, reason, wish }: Kept, done: ActDone | null): Promise<ActAnswer> {
  const { personId, organisationId } = personOf(ctx)
  const state = done ? ('done' as const) : ('proposed' as const)
  const made = { id: randomUUID(), lotId: row.lotId, round: row.round, kind, state, cause, reason, facts: { wish, done } }
  const inserted = await ctx.db
    .insert(openingAct)
    .values({ ...made, proposedBy: personId, proposedFor: organisationId, proposedAt: ctx.now })
    .onConflictDoNothing()
    .returning({ id: openingAct.id })
  refuseUnless(inserted.length > 0, 'act-waiting', { act: actText[kind] })
  return { id: made.id, state }
}

const saidOf = (wish: ActWish): ActDone =>
  Object.fromEntries(Object.entries(wish).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

/**
 * A supervised act in an opening: adjournment, resumption, longer or second release window, end, destruction. What needs the
 * supervisor's consent waits as a proposal that everybody sees; the rest takes effect at once (rules/opening-acts.ts).
 */
export const proposeAct = command(
  'opening.act',
  async (ctx, { lotId, kind, cause, reason, ...wish }: ActInput): Promise<Outcome<ActAnswer>> => {
    const hall = await lockHall(ctx, lotId)
    checkProposer(ctx, hall, kind)
    checkGround(hall, kind, cause)
    await effects[kind].check(hall, ctx)
    const by = personOf(ctx).organisationName
    if (actRules[kind].approver) {
      const result = await keep(ctx, hall, { kind, cause, reason, wish }, null)
      await say(ctx, hall.row, ['proposed', { act: kind, cause, reason, by }])
      await askSupervisor(ctx, hall, kind)
      return { result, entry: { lotId, facts: { act: kind, cause, reason, wish: saidOf(wish) } } }
    }
    const done = await effects[kind].run(ctx, hall, { cause, reason, by, wish })
    const result = await keep(ctx, hall, { kind, cause, reason, wish }, done)
    return { result, entry: { lotId, facts: { act: kind, cause, reason, done } } }
  },
  'opening.act',
)

async function lockProposal(ctx: Ctx, { row }: Hall, kind: ProposedKind) {
  const waiting = and(
    eq(openingAct.lotId, row.lotId),
    eq(openingAct.round, row.round),
    eq(openingAct.kind, kind),
    eq(openingAct.state, 'proposed'),
  )
  const [act] = await ctx.db.select().from(openingAct).where(waiting).for('update')
  if (!act) throw new Refusal('act-not-open', { act: actText[kind] })
  return act
}

export type DecisionInput = { lotId: string; kind: ProposedKind; approved: boolean; decision: string }

/** The supervisor's word on what the host proposed; with consent it takes effect in the same transaction. Never by the same person. */
export const decideAct = command(
  'opening.supervise',
  async (ctx, { lotId, kind, approved, decision }: DecisionInput) => {
    const hall = await lockHall(ctx, lotId)
    inScope(ctx, hall.found.lot)
    const act = await lockProposal(ctx, hall, kind)
    const { personId, organisationName: by } = personOf(ctx)
    refuseUnless(act.proposedBy !== personId, 'two-person-rule')
    const { wish } = act.facts as { wish: ActWish }
    await say(ctx, hall.row, ['decided', { act: kind, approved, decision, by }])
    if (approved) await effects[kind].check(hall, ctx)
    const proposed = { cause: act.cause as Cause, reason: act.reason, by, wish }
    const done = approved ? await effects[kind].run(ctx, hall, proposed) : null
    if (!approved) await effects[kind].decline?.(ctx, hall, proposed)
    const state = approved ? ('done' as const) : ('declined' as const)
    await ctx.db
      .update(openingAct)
      .set({ state, facts: { wish, done }, decidedBy: personId, decidedAt: ctx.now, decision })
      .where(eq(openingAct.id, act.id))
    const result: ActAnswer = { id: act.id, state }
    return { result, entry: { lotId, facts: { act: kind, approved, decision, reason: act.reason, done } } }
  },
  'opening.decide',
)
