import { randomUUID } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import { messageHash, type ReleaseMessage, readMessage } from '@/crypto/messages'
import { keyRelease, releaseMessage } from '@/db/schema/trading/opening'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { verifySigned } from '~/platform/identity/signature.server'
import { append } from '~/platform/log/append.server'
import { readCheckpoint } from '~/platform/log/read.server'
import { promise } from '~/platform/outbox/promise.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { formatInstant } from '~/shared/time'
import { findLot } from '../lot/find-lot.server'
import { type CountedBid, listCounted } from './count.server'
import { refuseEarly, refuseLate } from './early-release.server'
import { findOpening, type OpeningRow, say } from './event.server'
import { lockHall } from './hall.server'
import { whenResumed } from './opening.text'
import { type CheckedPart, checkParts, type RefusedPart } from './release-check.server'
import { settleLocked } from './settle-keys.server'
import { closePart, keepStageKey, listUnlocked, readParts, readStages, tryStage } from './stage.server'

export type ReleaseInput = { lotId: string; message: string; cms: Uint8Array }
export type ReleaseAnswer = { accepted: { statement: string; part: string }[]; refused: RefusedPart[] }

function read(text: string): ReleaseMessage {
  try {
    return readMessage('tbid/release@1', text)
  } catch (error) {
    throw new Refusal('bad-input', { reason: error instanceof Error ? error.message : 'tbid/release@1' })
  }
}

/** What was answered to this very message before, or null: the same message is one message. */
async function answerBefore(ctx: Ctx, hash: string): Promise<ReleaseAnswer | null> {
  const own = and(eq(releaseMessage.messageHash, hash), eq(releaseMessage.organisationId, personOf(ctx).organisationId))
  const [row] = await ctx.db.select({ answer: releaseMessage.answer }).from(releaseMessage).where(own)
  return row ? (row.answer as ReleaseAnswer) : null
}

/** The message must be about this lot and round, by the actor's organisation, and name a checkpoint of our log after the deadline's. */
async function checkScope(ctx: Ctx, message: ReleaseMessage, row: OpeningRow): Promise<void> {
  const { lot, project } = await findLot(ctx, row.lotId)
  const { platformId } = ctx.platform.config
  const isOurs =
    message.platform === platformId && message.project === project.id && message.lot === lot.id && message.round === row.round
  refuseUnless(isOurs, 'wrong-lot', { sealedFor: message.lot })
  refuseUnless(message.org === personOf(ctx).organisationId, 'not-allowed', { permission: 'opening.release' })
  const { size, root } = message.checkpoint
  const ours = await readCheckpoint(ctx, size).catch(() => null)
  const fits = ours && size >= (row.deadlineSize ?? 0) && Buffer.from(ours.root).toString('hex') === root
  refuseUnless(fits, 'bad-signature', { reason: '检查点与本平台日志不一致' })
}

function refuseOutside(ctx: Ctx, row: OpeningRow): void {
  refuseUnless(row.phase !== 'adjourned', 'opening-adjourned', { when: whenResumed(row) })
  refuseUnless(row.releaseEndsAt && row.releaseOpenedAt, 'release-not-open')
  refuseUnless(ctx.now < row.releaseEndsAt, 'release-window-closed', { endedAt: formatInstant(row.releaseEndsAt) })
}

async function keepParts(ctx: Ctx, lotId: string, messageId: string, parts: CheckedPart[]): Promise<void> {
  if (parts.length === 0) return
  const by = personOf(ctx).organisationId
  const rows = parts.map(part => {
    const { bidId, stage, part: name } = part
    return {
      id: randomUUID(),
      lotId,
      bidId,
      stage,
      part: name,
      byOrganisationId: by,
      box: closePart(ctx, part),
      messageId,
      receivedAt: ctx.now,
    }
  })
  // The bidder's part cannot be checked before the shares are there, so a later one replaces it until the bid opens.
  const change = { box: sql`excluded.box`, messageId: sql`excluded.message_id`, receivedAt: sql`excluded.received_at` }
  await ctx.db
    .insert(keyRelease)
    .values(rows)
    .onConflictDoUpdate({ target: [keyRelease.bidId, keyRelease.stage, keyRelease.part], set: change })
}

/** Opens what can be opened now, of the bids this message touched. */
async function unlock(ctx: Ctx, row: OpeningRow, bids: CountedBid[], touched: string[]): Promise<void> {
  const open = await listUnlocked(ctx, touched)
  const locked = bids.filter(b => touched.includes(b.bid.id) && !open.has(b.bid.id) && b.bid.state === 'locked')
  const ids = locked.map(b => b.bid.id)
  const parts = await readParts(ctx, ids)
  for (const stage of await readStages(ctx, ids)) {
    const verdict = tryStage(stage, parts)
    if (verdict?.state !== 'opened') continue
    await keepStageKey(ctx, stage.bidId, stage.stage, verdict.stageKey)
    await promise(ctx, 'trading.bid.decrypt-price', { bidId: stage.bidId })
    const one = locked.find(b => b.bid.id === stage.bidId)!
    const { subset, unfit, setAside, inconsistent } = verdict
    const facts = { statement: one.bid.statementHash, stage: stage.stage, subset, unfit, setAside, inconsistent }
    await append(ctx, 'opening.unlock', { lotId: row.lotId, facts })
    await say(ctx, row, ['unlocked', { nos: [one.no] }])
  }
}

type Checked = { lotId: string; text: string; hash: string; cms: Uint8Array; parts: CheckedPart[]; refused: RefusedPart[] }

/** The message as it came, its answer, and its entry in the log: hashes of the parts, never their bytes. */
async function keepMessage(
  ctx: Ctx,
  { lotId, text, hash, cms, parts, refused }: Checked,
  answer: ReleaseAnswer,
): Promise<string> {
  const { organisationId } = personOf(ctx)
  const id = randomUUID()
  const accepted = parts.map(({ statement, part, valueHash }) => ({ statement, part, valueHash }))
  const facts = { org: organisationId, message: hash, accepted, refused }
  const { entryId } = await append(ctx, 'key.release', { lotId, facts })
  const box = ctx.platform.vault.close(`release-message ${id}`, Buffer.from(text))
  const row = { id, lotId, organisationId, messageHash: hash, box, cms, entryId, answer, receivedAt: ctx.now }
  await ctx.db.insert(releaseMessage).values(row)
  return id
}

const keep = command(
  'opening.release',
  async (ctx, input: Checked) => {
    const { lotId, hash, parts, refused } = input
    const { found, row } = await lockHall(ctx, lotId)
    const before = await answerBefore(ctx, hash)
    if (before) return { result: before, entry: null }
    refuseOutside(ctx, row)
    const answer: ReleaseAnswer = { accepted: parts.map(({ statement, part }) => ({ statement, part })), refused }
    await keepParts(ctx, lotId, await keepMessage(ctx, input, answer), parts)
    const { role, organisationName: by } = personOf(ctx)
    const line = { by, role: role === 'custodian' ? ('custodian' as const) : ('bidder' as const) }
    await say(ctx, row, ['released', { releases: [{ ...line, accepted: parts.length, refused: refused.length }] }])
    await unlock(ctx, row, await listCounted(ctx, row), [...new Set(parts.map(p => p.bidId))])
    await settleLocked(ctx, found, row)
    return { result: answer, entry: null }
  },
  'key.release',
)

/**
 * Takes a signed release of key parts (tbid/release@1): each part is checked by itself, accepted or refused with its reason,
 * and what can be opened with it is opened at once. The same message again gets the same answer. Before the lot has closed it
 * is refused, recorded and alarmed; after the window it is refused (《电子招标投标办法》31).
 */
export async function releaseKeys(ctx: Ctx, { lotId, message: text, cms }: ReleaseInput): Promise<ReleaseAnswer> {
  const message = read(text)
  const hash = messageHash(text)
  const row = await findOpening(ctx, lotId)
  if (!row) return refuseEarly(ctx, lotId, hash)
  const before = await answerBefore(ctx, hash)
  if (before) return before
  if (row.releaseEndsAt && ctx.now >= row.releaseEndsAt) return refuseLate(ctx, lotId, hash, row.releaseEndsAt)
  refuseOutside(ctx, row)
  await checkScope(ctx, message, row)
  await verifySigned(ctx, { content: Buffer.from(text), cms, organisationId: message.org })
  const { parts, refused } = await checkParts(ctx, row, message)
  return keep(ctx, { lotId, text, hash, cms, parts, refused })
}
