import { and, desc, eq, inArray } from 'drizzle-orm'
import { base64 } from '@/crypto/bytes'
import { priceRole } from '@/crypto/frame'
import { canonical } from '@/crypto/jcs'
import { drawParameters, type ParameterPart, type ParameterScope, type ParameterTranscript } from '@/crypto/parameter'
import { fileKeyOf } from '@/crypto/seal'
import { nodeSuites } from '@/crypto/suite-node'
import { bidFile } from '@/db/schema/trading/bid'
import { openingEvent } from '@/db/schema/trading/opening'
import { openingParameter } from '@/db/schema/trading/opening-act'
import type { Ctx } from '~/platform/ctx'
import { append } from '~/platform/log/append.server'
import { noteOf, readCheckpoint } from '~/platform/log/read.server'
import { refuseUnless } from '~/shared/refusal'
import { readHead } from '../bid/upload.server'
import { type FoundLot, findLot } from '../lot/find-lot.server'
import { openingTermsOf } from '../lot/opening-terms'
import { readDrawn, readParameterTranscript } from './act.read.server'
import { type CountedBid, listCounted } from './count.server'
import { findOpening, type OpeningRow, say } from './event.server'
import type { Drawn } from './hall-acts'
import { readStageKey } from './stage.server'

/** The checkpoint on which keys were given out, as it stood in the hall then. */
async function releaseNote(ctx: Ctx, row: OpeningRow): Promise<Pick<ParameterScope, 'note' | 'token'>> {
  const [told] = await ctx.db
    .select({ facts: openingEvent.facts })
    .from(openingEvent)
    .where(and(eq(openingEvent.lotId, row.lotId), eq(openingEvent.kind, 'releasable')))
    .orderBy(desc(openingEvent.seq))
    .limit(1)
  const checkpoint = await readCheckpoint(ctx, (told!.facts as { size: number }).size)
  const isByStamp = row.releaseBasis === 'timestamp'
  return {
    note: isByStamp ? checkpoint.note : noteOf(checkpoint),
    token: isByStamp ? base64(checkpoint.tsaToken!) : null,
  }
}

/** The key of each opened price file. */
async function partsOf(ctx: Ctx, { lot }: FoundLot, bids: CountedBid[]): Promise<ParameterPart[]> {
  const ids = bids.map(b => b.bid.id)
  const files = await ctx.db
    .select()
    .from(bidFile)
    .where(and(inArray(bidFile.bidId, ids), eq(bidFile.role, priceRole)))
  const suite = nodeSuites[lot.suite === 'gm' ? 'gm' : 'intl']
  const parts: ParameterPart[] = []
  for (const { bidId, stage, fileId } of files) {
    const stageKey = await readStageKey(ctx, bidId, stage)
    const statement = bids.find(b => b.bid.id === bidId)!.bid.statementHash
    if (stageKey) parts.push({ statement, fileId, key: base64(fileKeyOf(suite, stageKey, fileId)) })
  }
  return parts
}

/**
 * Draws the parameters the tender document names (下浮率, K, 公式号), in front of all, once: what was drawn before an opening
 * was restarted stands. Inside the command that ends the read-out; the caller holds the opening's lock.
 */
export async function drawAtOpening(ctx: Ctx, found: FoundLot, row: OpeningRow, bids: CountedBid[]): Promise<Drawn[]> {
  const { parameters } = openingTermsOf(found.lot)
  const before = await readDrawn(ctx, row)
  if (parameters.length === 0 || before.length > 0) return before
  const parts = await partsOf(ctx, found, bids)
  if (parts.length === 0) return []
  const { lotId, round } = row
  const ids = { platform: ctx.platform.config.platformId, project: found.project.id, lot: lotId, round }
  const transcript = drawParameters({ ...ids, ...(await releaseNote(ctx, row)) }, parts, parameters)
  const { entryId } = await append(ctx, 'opening.parameter', { lotId, payload: { ...transcript } })
  const text = canonical(transcript)
  await ctx.db.insert(openingParameter).values({ lotId, round, transcript: text, entryId, drawnAt: ctx.now })
  const { drawn, seed } = transcript
  await say(ctx, row, ['parameter', { drawn, seed }])
  return drawn
}

/** The draw with all it takes to compute it again (tbid/parameter.proof@1); not-found before it was drawn, or where none is. */
export async function readParameterProof(ctx: Ctx, lotId: string) {
  const row = await findOpening(ctx, lotId)
  const text = row ? await readParameterTranscript(ctx, row) : null
  refuseUnless(row && text, 'not-found')
  await findLot(ctx, lotId)
  const transcript = JSON.parse(text) as ParameterTranscript
  const bids = await listCounted(ctx, row)
  const proven = []
  for (const { statement, fileId } of transcript.parts) {
    const one = bids.find(b => b.bid.statementHash === statement)!
    const [file] = await ctx.db
      .select({ uploadId: bidFile.uploadId })
      .from(bidFile)
      .where(and(eq(bidFile.bidId, one.bid.id), eq(bidFile.fileId, fileId)))
    proven.push({ statement: one.bid.statement, head: base64(await readHead(ctx, file!.uploadId)) })
  }
  return { t: 'tbid/parameter.proof@1' as const, transcript, bids: proven }
}
