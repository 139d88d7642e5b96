import { and, eq, inArray } from 'drizzle-orm'
import { type LotState, lot, project } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { ownedBy } from '~/platform/identity/authorise.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import type { LotRow, ProjectRow } from '../project/project.read.server'
import { mayReadProject } from '../project/project.read.server'
import type { RuleEdition } from '../rules/edition'
import { ruleEdition } from '../rules/editions'
import { type LotEvent, lotFlow } from './lot'
import { lotEventText, lotStateText } from './lot.text'

/** A lot with its project and the rules it is judged by. */
export type FoundLot = { lot: LotRow; project: ProjectRow; edition: RuleEdition }

async function withProject(ctx: Ctx, row: LotRow | undefined): Promise<FoundLot> {
  refuseUnless(row, 'not-found')
  const [owner] = await ctx.db.select().from(project).where(eq(project.id, row.projectId))
  refuseUnless(owner, 'not-found')
  return { lot: row, project: owner, edition: ruleEdition(owner.edition) }
}

/** The lot, whoever asks: for services that decide for themselves who may see what of it. Refuses not-found. */
export async function findLot(ctx: Ctx, lotId: string): Promise<FoundLot> {
  const [row] = await ctx.db.select().from(lot).where(eq(lot.id, lotId))
  return withProject(ctx, row)
}

/** The lot of the actor's own project or region; refuses not-found to anybody else. */
export async function readLot(ctx: Ctx, lotId: string): Promise<FoundLot> {
  const found = await findLot(ctx, lotId)
  await mayReadProject(ctx, found.project)
  return found
}

/** Locks the lot's row until the command ends. Refuses not-found. */
export async function lockLot(ctx: Ctx, lotId: string): Promise<FoundLot> {
  const [row] = await ctx.db.select().from(lot).where(eq(lot.id, lotId)).for('update')
  return withProject(ctx, row)
}

/** Locks a lot whose project the actor's organisation runs; refuses not-found to anybody else. */
export async function lockOwnLot(ctx: Ctx, lotId: string): Promise<FoundLot> {
  const found = await lockLot(ctx, lotId)
  ownedBy(ctx, found.project.agencyId)
  return found
}

/** The state after the event; refuses wrong-state with the words people know. */
export function nextLotState(state: LotState, event: LotEvent): LotState {
  const to = lotFlow[state][event]
  if (to === undefined) throw new Refusal('wrong-state', { state: lotStateText[state], event: lotEventText[event] })
  return to
}

/** Moves the lot by an event of its flow and sets other columns with it. The row must still be in the state it was read in. */
export async function moveLot(ctx: Ctx, row: LotRow, event: LotEvent, changes: Partial<LotRow> = {}): Promise<LotRow> {
  const state = nextLotState(row.state, event)
  const still = and(eq(lot.id, row.id), eq(lot.state, row.state))
  const [moved] = await ctx.db
    .update(lot)
    .set({ ...changes, state })
    .where(still)
    .returning()
  refuseUnless(moved, 'changed-meanwhile')
  return moved
}

/** As `moveLot`, for many lots that this transaction has locked: one statement for those in one state. */
export async function moveLots(ctx: Ctx, rows: LotRow[], event: LotEvent): Promise<void> {
  for (const state of new Set(rows.map(row => row.state))) {
    const ids = rows.filter(row => row.state === state).map(row => row.id)
    const still = and(inArray(lot.id, ids), eq(lot.state, state))
    const { rowCount } = await ctx.db
      .update(lot)
      .set({ state: nextLotState(state, event) })
      .where(still)
    refuseUnless(rowCount === ids.length, 'changed-meanwhile')
  }
}
