import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { saveFile } from '~/platform/files/file.server'
import { formatFen } from '~/shared/money'
import { addSeconds, dayOf, formatDay } from '~/shared/time'
import { roleTextOf } from '../bid/bid.text'
import { moveLot } from '../lot/find-lot.server'
import { insertNotice } from '../notice/insert-notice.server'
import { listCounted } from './count.server'
import { envelopeOf } from './envelope'
import { findOpening, moveOpening, type OpeningRow, say } from './event.server'
import { lockHall } from './hall.server'
import { keepPaper, type NewPaper, sealedPdf } from './keep-paper.server'
import { bidStateText, envelopeText } from './opening.text'
import { type ReadOpening, readOpening } from './read.server'
import { recordFacts } from './record-facts.server'
import { type RecordFacts, recordBlocks } from './record-paper'
import { listSigners } from './record-signers.server'
import { keepLateRefusals } from './refused.server'

const envelopeTitle = ({ envelope }: RecordFacts) => (envelope ? envelopeText[envelope] : '')

function recordPaper(ctx: Ctx, { lot, opening }: ReadOpening, facts: RecordFacts): NewPaper {
  const { publicUrl } = ctx.platform.config
  const content = {
    title: `${envelopeTitle(facts)}开标记录`,
    number: lot.code,
    issuer: facts.agency,
    at: ctx.now,
    recordHash: opening.recordHash!,
    blocks: recordBlocks(facts),
    ...(publicUrl ? { verifyUrl: `${publicUrl}/lots/${lot.id}/opening` } : {}),
  }
  return { lotId: lot.id, kind: 'opening-record', audience: 'public', content }
}

/** The record as a notice, in words: who, how much, what became of it (《电子招标投标办法》32: published, but for what must be secret). */
function bodyOf({ lines, closedAt, lotCode }: RecordFacts): string {
  const rows = lines.map(l => {
    const held = l.contents ? `第一信封已开启（${l.contents.map(roleTextOf).join('、')}）` : bidStateText[l.state]
    const price = l.read ? `${formatFen(l.read.priceFen)} 元，工期 ${l.read.form.durationDays} 日` : held
    return `${l.no}. ${l.organisation}：${price}`
  })
  return [`标段编号 ${lotCode}，${formatDay(dayOf(closedAt))}开标。`, ...rows, '签章的开标记录见附件。'].join('\n')
}

const seal = command(
  'opening.host',
  async (ctx, input: { lotId: string; pdf: Uint8Array }) => {
    const { found, row } = await lockHall(ctx, input.lotId)
    if (row.phase !== 'recording') return { result: null, entry: null }
    const file = await saveFile(ctx, { name: 'record.pdf', type: 'application/pdf', audience: 'owner', content: input.pdf })
    const signEndsAt = addSeconds(ctx.now, found.edition.opening.signingSeconds)
    const signers = (await listSigners(ctx, found, row)).map(({ organisation, role }) => ({ organisation, role }))
    await moveOpening(ctx, row, 'seal-record', { recordFileId: file.id, recordVersion: 1, signEndsAt })
    await say(ctx, row, ['sealed', { endsAt: signEndsAt.toISOString(), sha256: file.sha256, signers }])
    return { result: null, entry: { lotId: input.lotId, facts: { recordHash: row.recordHash, sha256: file.sha256 } } }
  },
  'opening.seal-record',
)

/**
 * Makes the opening record (开标记录) from the rows and signs it with the paper seal; then host, bidders and supervisor may sign
 * it. Made outside the transaction, kept inside: a kill leaves either nothing or all of it.
 */
export async function sealRecord(ctx: Ctx, { lotId }: { lotId: string }): Promise<void> {
  const row = await findOpening(ctx, lotId)
  if (row?.phase !== 'recording') return
  await keepLateRefusals(ctx, row)
  const read = await readOpening(ctx, lotId)
  const paper = recordPaper(ctx, read, await recordFacts(ctx, read))
  await seal(ctx, { lotId, pdf: await sealedPdf(ctx, paper.content) })
}

type Publishing = { lotId: string; version: number; paper: NewPaper; pdf: Uint8Array; body: string }

type Published = { paperId: string; fileId: string; sha256: string; noticeId: string }

/** The opening is over, or, after the first of two envelopes (双信封), waits for its review. */
async function endSitting(ctx: Ctx, row: OpeningRow, { fileId, ...facts }: Published): Promise<void> {
  const isFirst = envelopeOf(row) === 1
  await moveOpening(ctx, row, isFirst ? 'publish-envelope' : 'publish-record', { recordFileId: fileId })
  if (!isFirst) return say(ctx, row, ['recorded', facts])
  const opened = (await listCounted(ctx, row)).filter(b => b.bid.state === 'decrypted')
  await say(ctx, row, ['intermission', { nos: opened.map(b => b.no), ...facts }])
}

const publish = command(
  'opening.host',
  async (ctx, { lotId, version, paper, pdf, body }: Publishing) => {
    const { found, row } = await lockHall(ctx, lotId)
    const isDue = row.phase === 'signing' && ctx.now >= row.signEndsAt! && row.recordVersion === version
    if (!isDue) return { result: null, entry: null }
    const kept = await keepPaper(ctx, paper, pdf)
    // A lot opened in two envelopes has been in evaluation since the first.
    const lot = found.lot.state === 'opening' ? await moveLot(ctx, found.lot, 'record') : found.lot
    const title = `${lot.name} ${paper.content.title}`
    const notice = await insertNotice(ctx, { lot, kind: 'opening', title, body, paperFileId: kept.fileId })
    await endSitting(ctx, row, { paperId: kept.id, fileId: kept.fileId, sha256: kept.sha256, noticeId: notice.id })
    const facts = { recordHash: row.recordHash, paper: kept.id, sha256: kept.sha256, signatures: version }
    return { result: null, entry: { lotId, facts } }
  },
  'opening.record',
)

/** Publishes the record with the signatures it has when its signing time is over, and hands the lot to evaluation. */
export async function publishRecord(ctx: Ctx, { lotId }: { lotId: string }): Promise<void> {
  const row = await findOpening(ctx, lotId)
  if (row?.phase !== 'signing' || ctx.now < row.signEndsAt!) return
  const read = await readOpening(ctx, lotId)
  const facts = await recordFacts(ctx, read)
  const pdf = await ctx.platform.store.read(row.recordFileId!)
  await publish(ctx, { lotId, version: row.recordVersion, paper: recordPaper(ctx, read, facts), pdf, body: bodyOf(facts) })
}
