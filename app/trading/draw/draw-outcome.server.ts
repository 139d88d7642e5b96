import { hash } from 'node:crypto'
import { asc, eq } from 'drizzle-orm'
import { publicValue } from '@/crypto/draw'
import { treeOf } from '@/crypto/draw-fixed'
import { secretOf } from '@/crypto/draw-party'
import type { ContactEvent, Panel } from '@/crypto/draw-rules'
import { type Outcome, outcomeOf, replayEvents } from '@/crypto/draw-transcript'
import { cosignatureLine } from '@/crypto/note'
import { draw, drawEvent } from '@/db/schema/trading/draw'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { next } from '~/shared/flow'
import { type DrawRules, drawFlow } from './draw'
import { invite } from './draw-contact.server'
import { readLists } from './draw-lists.server'
import { type DrawRow, lockDraw } from './draw-request.server'
import { declareInfeasible } from './draw-start.server'
import { announce, type DrawMessages, messagesOf } from './draw-store.server'
import { misfitsOf, noteMisconduct } from './misconduct.server'

/** Whether every party's secret is out. */
export const isRevealed = ({ prelude, shares }: DrawMessages) => {
  const published = shares.map(one => one.signed)
  return prelude.signed.msg.parties.every(({ party }) => secretOf(prelude.signed.msg, published, party) !== null)
}

// An outcome follows from what is logged and never changes; ranking thousands again for every answer would only cost time.
const outcomes = new Map<string, Outcome>()
const keptOutcomes = 16

function keep(id: string, outcome: Outcome): Outcome {
  for (const oldest of outcomes.keys()) if (outcomes.size >= keptOutcomes) outcomes.delete(oldest)
  outcomes.set(id, outcome)
  return outcome
}

/** Seed, selection and ranking from what stands in the log; null when no attempt seats a panel, 'waiting' while a share is missing. */
async function readOutcome(ctx: Ctx, row: DrawRow, messages: DrawMessages): Promise<Outcome | null | 'waiting'> {
  const known = outcomes.get(row.id)
  if (known) return known
  if (row.checkpointNote === null || !isRevealed(messages)) return 'waiting'
  const prelude = messages.prelude.signed.msg
  const line = cosignatureLine(row.checkpointNote, prelude.witness)
  if (line === null) return 'waiting'
  const lists = await readLists(ctx, row.id)
  // The seed is made of the prelude's hash: rows that are not what it names would seat somebody nobody can verify.
  if (!lists || hash('sha256', lists.eligible) !== prelude.eligible.hash)
    throw new Error(`lists of draw ${row.drawId} are damaged`)
  const eligible = JSON.parse(lists.eligible) as unknown[]
  const drawn = { rules: row.rules, eligible, shares: messages.shares.map(one => one.signed) }
  const outcome = outcomeOf(prelude, drawn, publicValue(treeOf(row.checkpointNote).root, line))
  return outcome && keep(row.id, outcome)
}

/** Seats the panel once every secret is out, and invites everybody it seats. Refusals later never draw again (crypto.md §4 step 9). */
export const seatPanel = command(
  'draw.request',
  async (ctx, { id }: { id: string }) => {
    const row = await lockDraw(ctx, id)
    if (row.state !== 'revealing') return { result: false, entry: null }
    const messages = await messagesOf(ctx, row)
    const outcome = await readOutcome(ctx, row, messages)
    if (outcome === 'waiting') return { result: false, entry: null }
    if (outcome === null) return declareInfeasible(ctx, row, { attempts: 1_000 })
    const { attempt, seated, alternates } = outcome.selection
    const state = next(drawFlow, row.state, 'seat')
    const change = { state, attempt, selected: seated, alternates, drawnAt: ctx.now }
    await ctx.db.update(draw).set(change).where(eq(draw.id, id))
    for (const party of misfitsOf(messages)) await noteMisconduct(ctx, row, { party, kind: 'commitment-misfit', about: '' })
    await announce(ctx, id)
    await invite(ctx, row, seated)
    const facts = { draw: row.drawId, attempt, selected: seated.map(({ c }) => c) }
    return { result: true, entry: { lotId: row.lotId, facts } }
  },
  'draw.seat',
)

/** Outcomes of contacts so far, in log order. */
export async function readEvents(ctx: Ctx, drawId: string): Promise<ContactEvent[]> {
  const rows = await ctx.db.select().from(drawEvent).where(eq(drawEvent.drawId, drawId)).orderBy(asc(drawEvent.seq))
  return rows.map(row => ({ c: row.c, outcome: row.outcome as ContactEvent['outcome'], at: row.at.toISOString() }))
}

/** A draw whose panel has been seated, ready to replay: its events so far, and the panel after any list of events. */
export type Replay = { events: ContactEvent[]; panelAfter(events: ContactEvent[]): Panel }

export async function readReplay(ctx: Ctx, row: DrawRow): Promise<Replay> {
  const events = await readEvents(ctx, row.id)
  const outcome = await readOutcome(ctx, row, await messagesOf(ctx, row))
  if (outcome === null || outcome === 'waiting') throw new Error(`draw ${row.drawId} cannot be replayed`)
  return { events, panelAfter: list => replayEvents(row.rules as DrawRules, outcome, list) }
}
