import { eq } from 'drizzle-orm'
import { unbase64 } from '@/crypto/bytes'
import { sliceTree } from '@/crypto/merkle'
import { readMessage, type SubmitMessage } from '@/crypto/messages'
import { twinOf } from '@/crypto/seal'
import { nodeSuites } from '@/crypto/suite-node'
import { bidTwin } from '@/db/schema/trading/opening-act'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { authorise, personOf } from '~/platform/identity/authorise.server'
import { countAttempt } from '~/platform/identity/rate.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { formatInstant } from '~/shared/time'
import type { KeptStage } from '../bid/kept-stage.server'
import { readSealed, readUpload } from '../bid/upload.server'
import { findLot } from '../lot/find-lot.server'
import { actRules } from '../rules/opening-acts'
import { mostTwinRefusals } from '../rules/twin'
import { actText } from './acts.text'
import { type CountedBid, listCounted } from './count.server'
import { findOpening, type OpeningRow, say } from './event.server'
import { lockHall } from './hall.server'
import { whenResumed } from './opening.text'
import { givesTwins, type TwinFile, takesTwin, twinRuleOf } from './twin'
import { closeTwin } from './twin-window.server'

export type TwinInput = {
  lotId: string
  files: { fileId: string; twinSalt: string; uploadId: string; name: string; type: string }[]
}

type Own = { row: OpeningRow; one: CountedBid; stage: KeptStage }

/** The stage of this bid that the opening is about and that stayed closed. */
function stageOf({ stage }: OpeningRow, { bid }: CountedBid): KeptStage {
  const stages = JSON.parse(bid.stages) as KeptStage[]
  return stages.find(one => stage === null || one.stage === stage)!
}

/** The actor's own bid, if a twin of it may be handed in now. */
async function checkOwn(ctx: Ctx, lot: { openingTerms: unknown }, row: OpeningRow): Promise<Own> {
  const { organisationId } = personOf(ctx)
  const one = (await listCounted(ctx, row)).find(b => b.bid.organisationId === organisationId)
  refuseUnless(one && row.phase !== 'closing' && row.phase !== 'counting' && row.phase !== 'aborted', 'no-bid')
  refuseUnless(givesTwins(lot), 'remedy-not-offered', { remedy: actText.twin, article: actRules.twin.article })
  refuseUnless(row.phase !== 'adjourned', 'opening-adjourned', { when: whenResumed(row) })
  refuseUnless(one.bid.state === 'locked' || twinRuleOf(one.bid), 'twin-not-needed')
  const ended = row.twinEndsAt ?? row.releaseEndsAt
  refuseUnless(takesTwin(row, one.bid, ctx.now), 'twin-too-late', { endedAt: ended ? formatInstant(ended) : '' })
  return { row, one, stage: stageOf(row, one) }
}

async function rootOf(ctx: Ctx, uploadId: string, { suite }: KeptStage): Promise<Uint8Array> {
  const { hash, digest } = nodeSuites[suite]
  const tree = sliceTree(hash, digest)
  for await (const piece of readSealed(ctx, uploadId)) await tree.push(piece)
  return tree.root()
}

/** One file against the commitment in the bidder's own statement; null where it does not fit. */
async function fitting(ctx: Ctx, { stage }: Own, stated: SubmitMessage['files'][number], file: TwinInput['files'][number]) {
  const { size, root, offset } = await readUpload(ctx, file.uploadId)
  refuseUnless(root, 'upload-incomplete', { file: file.name, received: String(offset), size: String(size) })
  const twin = twinOf(nodeSuites[stage.suite], unbase64(file.twinSalt), await rootOf(ctx, file.uploadId, stage))
  return twin === stated.twin ? { ...file, role: stated.role, size } : null
}

const recordRefused = command(
  'opening.twin',
  async (ctx, { lotId, role }: { lotId: string; role: string }) => {
    const { found, row } = await lockHall(ctx, lotId)
    const { one } = await checkOwn(ctx, found.lot, row)
    const { organisationId: org, organisationName: by } = personOf(ctx)
    await say(ctx, row, ['twin-refused', { no: one.no, by, role }])
    return { result: null, entry: { lotId, facts: { org, by, statement: one.bid.statementHash, role } } }
  },
  'opening.refuse-twin',
)

/** A file that does not fit is refused, and everybody is told whose it was. */
async function refuseTwin(ctx: Ctx, lotId: string, role: string): Promise<never> {
  await recordRefused(ctx, { lotId, role })
  throw new Refusal('twin-differs', { role })
}

async function checkFiles(ctx: Ctx, { lotId, files }: TwinInput, own: Own): Promise<TwinFile[]> {
  const stated = readMessage('tbid/submit@1', own.one.bid.statement).files.filter(file => file.stage === own.stage.stage)
  const missing = stated.find(one => !files.some(file => file.fileId === one.fileId))
  refuseUnless(!missing && files.length === stated.length, 'twin-incomplete', { role: missing?.role ?? '' })
  const checked: TwinFile[] = []
  for (const one of stated) {
    const file = await fitting(ctx, own, one, files.find(given => given.fileId === one.fileId)!)
    checked.push(file ?? (await refuseTwin(ctx, lotId, one.role)))
  }
  return checked
}

const keep = command(
  'opening.twin',
  async (ctx, { lotId, files }: { lotId: string; files: TwinFile[] }) => {
    const { found, row } = await lockHall(ctx, lotId)
    const { one, stage } = await checkOwn(ctx, found.lot, row)
    const key = { bidId: one.bid.id, stage: stage.stage }
    const handed = {
      state: 'handed' as const,
      box: closeTwin(ctx, one.bid.id, stage.stage, files),
      handedBy: personOf(ctx).personId,
      handedAt: ctx.now,
      decidedAt: null,
    }
    const kept = await ctx.db
      .insert(bidTwin)
      .values({ ...key, lotId, round: row.round, ...handed })
      .onConflictDoUpdate({ target: [bidTwin.bidId, bidTwin.stage], set: handed, setWhere: eq(bidTwin.state, 'lapsed') })
      .returning({ bidId: bidTwin.bidId })
    if (kept.length === 0) return { result: one.no, entry: null }
    const told = files.map(({ role, size }) => ({ role, size }))
    await say(ctx, row, ['twin', { no: one.no, files: told }])
    return { result: one.no, entry: { lotId, facts: { statement: one.bid.statementHash, stage: stage.stage, files: told } } }
  },
  'opening.hand-in-twin',
)

/**
 * Takes the plaintext (补录) of every file of a bid whose key is missing or did not fit, after checking each against the hash
 * that the bidder committed before the deadline (crypto.md §10.5). It counts only once host and supervisor admit it. Handed in
 * twice it is handed in once. Refuses: opening-not-due, no-bid, remedy-not-offered, twin-not-needed, twin-too-late,
 * twin-incomplete, upload-incomplete, twin-differs.
 */
export async function handInTwin(ctx: Ctx, input: TwinInput): Promise<{ no: number }> {
  authorise(ctx.actor, 'opening.twin')
  const row = await findOpening(ctx, input.lotId)
  const { lot } = await findLot(ctx, input.lotId)
  if (!row) throw new Refusal('opening-not-due', { at: lot.biddingEndsAt ? formatInstant(lot.biddingEndsAt) : '待定' })
  const own = await checkOwn(ctx, lot, row)
  await countAttempt(ctx, `twin ${input.lotId} ${personOf(ctx).organisationId}`, mostTwinRefusals, 3_600)
  return { no: await keep(ctx, { lotId: input.lotId, files: await checkFiles(ctx, input, own) }) }
}
