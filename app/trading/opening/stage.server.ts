import { and, asc, eq, inArray } from 'drizzle-orm'
import { type Head, parseHead } from '@/crypto/header'
import { combineStage, type StageVerdict } from '@/crypto/stage'
import { nodeSuites } from '@/crypto/suite-node'
import { bidFile } from '@/db/schema/trading/bid'
import { keyRelease, stageKey } from '@/db/schema/trading/opening'
import type { Ctx } from '~/platform/ctx'
import { readHead } from '../bid/upload.server'

export type BidFileRow = typeof bidFile.$inferSelect

/** Heads are written once and read at every release of a bid; a few thousand of them stay at hand. */
const heads = new Map<string, Head>()
const mostHeads = 4_000

async function headOf(ctx: Ctx, uploadId: string): Promise<Head> {
  const known = heads.get(uploadId)
  if (known) return known
  const head = parseHead(nodeSuites, await readHead(ctx, uploadId))
  if (heads.size >= mostHeads) heads.delete(heads.keys().next().value!)
  heads.set(uploadId, head)
  return head
}

/** Files of a bid in the order of their roles. */
export const listFiles = (ctx: Ctx, bidId: string): Promise<BidFileRow[]> =>
  ctx.db.select().from(bidFile).where(eq(bidFile.bidId, bidId)).orderBy(asc(bidFile.role))

export type Stage = {
  bidId: string
  stage: string
  files: BidFileRow[]
  heads: Head[]
  /** A head can no longer be read: the platform's fault, for commits are refused unless every head is sound. */
  isDamaged: boolean
}

/** The stages of these bids: files and their heads, in the order of their roles. */
export async function readStages(ctx: Ctx, bidIds: string[]): Promise<Stage[]> {
  if (bidIds.length === 0) return []
  const files = await ctx.db.select().from(bidFile).where(inArray(bidFile.bidId, bidIds)).orderBy(asc(bidFile.role))
  const stages = new Map<string, Stage>()
  for (const file of files) {
    const name = `${file.bidId} ${file.stage}`
    const stage = stages.get(name) ?? { bidId: file.bidId, stage: file.stage, files: [], heads: [], isDamaged: false }
    stages.set(name, stage)
    stage.files.push(file)
    const head = await headOf(ctx, file.uploadId).catch(() => null)
    if (head) stage.heads.push(head)
    else stage.isDamaged = true
  }
  return [...stages.values()]
}

const partBox = (bidId: string, stage: string, part: string) => `release ${bidId} ${stage} ${part}`
const keyBox = (bidId: string, stage: string) => `stage-key ${bidId} ${stage}`

export type Part = { bidId: string; stage: string; part: string; value: Uint8Array }

/** A released part's bytes in a box: values are for the server and the supervisor alone (crypto.md §10.12). */
export const closePart = (ctx: Ctx, { bidId, stage, part, value }: Part) =>
  ctx.platform.vault.close(partBox(bidId, stage, part), value)

/** What was released for these bids so far. */
export async function readParts(ctx: Ctx, bidIds: string[]): Promise<Part[]> {
  if (bidIds.length === 0) return []
  const rows = await ctx.db.select().from(keyRelease).where(inArray(keyRelease.bidId, bidIds))
  return rows.map(({ bidId, stage, part, box }) => ({
    bidId,
    stage,
    part,
    value: ctx.platform.vault.open(partBox(bidId, stage, part), box),
  }))
}

/** Tries to open a stage with what was released (crypto.md §10.7): the key fits only if the commitments of all its files do. Null when damaged. */
export function tryStage({ bidId, stage, heads: all, isDamaged }: Stage, parts: Part[]): StageVerdict | null {
  if (isDamaged) return null
  const own = parts.filter(p => p.bidId === bidId && p.stage === stage)
  const shares: (Uint8Array | null)[] = []
  for (const { part, value } of own) if (part !== 'b') shares[Number(part.slice(1))] = value
  return combineStage({ heads: all, shares, partB: own.find(p => p.part === 'b')?.value ?? null })
}

/** Keeps K_stage in a box; opening a stage twice keeps the first. */
export async function keepStageKey(ctx: Ctx, bidId: string, stage: string, key: Uint8Array): Promise<void> {
  const box = ctx.platform.vault.close(keyBox(bidId, stage), key)
  await ctx.db.insert(stageKey).values({ bidId, stage, box, openedAt: ctx.now }).onConflictDoNothing()
}

/** K_stage of an opened stage, or null. */
export async function readStageKey(ctx: Ctx, bidId: string, stage: string): Promise<Uint8Array | null> {
  const [row] = await ctx.db
    .select({ box: stageKey.box })
    .from(stageKey)
    .where(and(eq(stageKey.bidId, bidId), eq(stageKey.stage, stage)))
  return row ? ctx.platform.vault.open(keyBox(bidId, stage), row.box) : null
}

/** Of these bids, those whose keys are all known. */
export async function listUnlocked(ctx: Ctx, bidIds: string[]): Promise<Set<string>> {
  if (bidIds.length === 0) return new Set()
  const rows = await ctx.db.selectDistinct({ bidId: stageKey.bidId }).from(stageKey).where(inArray(stageKey.bidId, bidIds))
  return new Set(rows.map(row => row.bidId))
}
