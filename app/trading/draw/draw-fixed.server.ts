import { and, eq } from 'drizzle-orm'
import type { FixedDraw, ProvenEntry } from '@/crypto/draw-fixed'
import type { DrawMessage } from '@/crypto/draw-message'
import { isCommitted } from '@/crypto/draw-party'
import { draw } from '@/db/schema/trading/draw'
import type { Ctx } from '~/platform/ctx'
import {
  noteOf,
  proveConsistency,
  proveInclusion,
  readCheckpoint,
  readCosignedBefore,
  readCosignedCovering,
  readEntryById,
} from '~/platform/log/read.server'
import type { DrawRow } from './draw-request.server'
import { type DrawMessages, indexesOf, type Kept } from './draw-store.server'

const hexOf = (nodes: Uint8Array[]) => nodes.map(node => Buffer.from(node).toString('hex'))

/** Whether every commit and every acknowledgement has been logged. */
export const isComplete = ({ prelude, commits, acks }: DrawMessages): boolean =>
  isCommitted({ prelude: prelude.signed.msg, commits: commits.map(one => one.signed), acks: acks.map(one => one.signed) })

const entriesBeforeV = ({ prelude, commits, acks }: DrawMessages) => [prelude, ...commits, ...acks]

/** Once all is committed: notes the index of the last entry, which a public checkpoint must then cover. */
export async function noteLastIndex(ctx: Ctx, row: DrawRow, messages: DrawMessages): Promise<void> {
  if (row.lastIdx !== null || !isComplete(messages)) return
  const entryIds = entriesBeforeV(messages).map(one => one.entryId)
  let indexes = await indexesOf(ctx, entryIds)
  if (indexes.size !== entryIds.length) {
    await ctx.platform.sequencer.flush()
    indexes = await indexesOf(ctx, entryIds)
  }
  if (indexes.size !== entryIds.length) return
  const lastIdx = Math.max(...indexes.values())
  await ctx.db
    .update(draw)
    .set({ lastIdx })
    .where(and(eq(draw.id, row.id), eq(draw.state, 'committing')))
}

async function proven<M extends DrawMessage>(ctx: Ctx, kept: Kept<M>, size: number): Promise<ProvenEntry<M>> {
  const entry = await readEntryById(ctx, kept.entryId)
  if (!entry) throw new Error(`log entry ${kept.entryId} of a draw is gone`)
  const proof = hexOf(await proveInclusion(ctx.platform, entry.idx, size))
  return { payload: kept.signed, salt: entry.salt, index: entry.idx, proof }
}

export type Committed = Omit<FixedDraw, 'v'>

/** The two checkpoints around the last commit entry: the named ones once V is named, else the first cosigned after and the last before it. */
async function checkpointsOf(ctx: Ctx, row: DrawRow) {
  if (row.lastIdx === null) return null
  if (row.checkpointNote !== null && row.checkpointSize !== null) {
    const previous = row.previousSize ? await readCheckpoint(ctx, row.previousSize) : null
    return { previous, size: row.checkpointSize, note: row.checkpointNote }
  }
  const after = await readCosignedCovering(ctx, row.lastIdx)
  return after && { previous: await readCosignedBefore(ctx, row.lastIdx), size: after.size, note: noteOf(after) }
}

/** Everything that is fixed before anybody reveals, with its proofs; null until a cosigned checkpoint covers it. */
export async function readCommitted(ctx: Ctx, row: DrawRow, messages: DrawMessages): Promise<Committed | null> {
  const around = await checkpointsOf(ctx, row)
  if (!around) return null
  const { previous, size, note } = around
  // One after the other: inside a transaction there is only one connection.
  const each = async <M extends DrawMessage>(list: Kept<M>[]) => {
    const entries: ProvenEntry<M>[] = []
    for (const one of list) entries.push(await proven(ctx, one, size))
    return entries
  }
  return {
    prelude: await proven(ctx, messages.prelude, size),
    commits: await each(messages.commits),
    acks: await each(messages.acks),
    previous: previous && noteOf(previous),
    checkpoint: note,
    consistency: previous ? hexOf(await proveConsistency(ctx.platform, previous.size, size)) : [],
  }
}

/** As `readCommitted`, with the supervisor's naming of V; null before it. */
export async function readFixed(ctx: Ctx, row: DrawRow, messages: DrawMessages): Promise<FixedDraw | null> {
  const committed = messages.v && (await readCommitted(ctx, row, messages))
  return committed && messages.v ? { ...committed, v: messages.v.signed } : null
}
