import { messageHash, readMessage } from '@/crypto/messages'
import type { Receipt } from '@/crypto/receipt'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'
import { findLot } from '../lot/find-lot.server'
import { isAnnounced } from '../lot/lot'
import { latestNotice } from '../notice/insert-notice.server'
import { unfinishedOf } from './begun'
import { takesBids } from './bid'
import { receiptOf } from './receipt.server'
import { listOwnActs, type OwnAct, type Owner } from './sealed-act.server'

export interface BidVersion {
  seq: number
  statement: string
  statementHash: string
  at: string
  isWithdrawal: boolean
  files: { fileId: string; role: string; stage: string; size: number; root: string }[]
  receipt: Receipt
}

async function versionOf(ctx: Ctx, act: Extract<OwnAct, { kind: 'submit' }>): Promise<BidVersion> {
  const { files } = readMessage('tbid/submit@1', act.statement)
  const { seq, statement, at } = act
  const shown = files.map(({ fileId, role, stage, size, root }) => ({ fileId, role, stage, size, root }))
  const facts = { statementHash: messageHash(statement), isWithdrawal: files.length === 0, files: shown }
  return { seq, statement, at, ...facts, receipt: await receiptOf(ctx, act) }
}

/** The actor's own bid on a lot: every version with its receipt, confirmations, and what was refused. Nobody else's. */
export async function readMyBid(ctx: Ctx, lotId: string) {
  const { lot } = await findLot(ctx, lotId)
  refuseUnless(isAnnounced(lot.state), 'not-found')
  const own = { lotId, round: lot.round, organisationId: personOf(ctx).organisationId }
  await ctx.platform.sequencer.flush()
  const versions: BidVersion[] = []
  for (const act of await listOwnActs(ctx, own, 'submit')) versions.push(await versionOf(ctx, act))
  const confirmations = []
  for (const act of await listOwnActs(ctx, own, 'confirm'))
    confirmations.push({ termsVersion: act.termsVersion, at: act.at, receipt: await receiptOf(ctx, act) })
  const acts = await listOwnActs(ctx, own, 'refused')
  const refused = acts.map(({ at, address, code, text, statementHash }) => ({ at, address, code, text, statementHash }))
  const needsConfirmation = await confirmationDue(ctx, own, lot.termsVersion)
  return { versions, confirmations, refused, needsConfirmation, unfinished: await readUnfinished(ctx, own, versions, lot) }
}

/** Sending that began and has not ended in a delivered bid: before the deadline still under way, after it withdrawn by law. */
async function readUnfinished(ctx: Ctx, own: Owner, versions: BidVersion[], lot: Parameters<typeof takesBids>[0]) {
  const begun = (await listOwnActs(ctx, own, 'begun')).map(act => ({ ...act, at: new Date(act.at) }))
  const last = unfinishedOf(
    begun,
    versions.map(one => ({ ...one, at: new Date(one.at) })),
  )
  return last && { at: last.at.toISOString(), isWithdrawn: !takesBids(lot, ctx.now) }
}

export type MyBid = Awaited<ReturnType<typeof readMyBid>>

/** The change notice a bid must be confirmed under, or null when the bid is current (or there is none). */
async function confirmationDue(ctx: Ctx, own: { lotId: string; round: number; organisationId: string }, termsVersion: number) {
  const last = (await listOwnActs(ctx, own, 'submit')).at(-1)
  if (!last || last.termsVersion >= termsVersion || readMessage('tbid/submit@1', last.statement).files.length === 0) return null
  const confirmed = await listOwnActs(ctx, own, 'confirm')
  if (confirmed.some(act => act.termsVersion === termsVersion && act.statementHash === messageHash(last.statement))) return null
  const change = await latestNotice(ctx, own.lotId, 'correction')
  return change && { notice: change.id, noticeHash: change.bodyHash, title: change.title }
}
