import { and, asc, eq, min } from 'drizzle-orm'
import { organisation } from '@/db/schema/platform/identity'
import { bid } from '@/db/schema/trading/bid'
import { keyRelease } from '@/db/schema/trading/opening'
import { lotCustodian } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { formatFen } from '~/shared/money'
import { dayOf, formatDay } from '~/shared/time'
import { moveLot } from '../lot/find-lot.server'
import { insertNotice } from '../notice/insert-notice.server'
import { listAnswers } from './answer.server'
import { findOpening, moveOpening, type OpeningRow, say } from './event.server'
import { lockHall } from './hall.server'
import { keepPaper, type NewPaper, sealedPdf } from './keep-paper.server'
import { bidStateText } from './opening.text'
import { type OpenedBid, type ReadOpening, readOpening } from './read.server'
import { type RecordFacts, type RecordLine, recordBlocks } from './record-paper'
import { keepLateRefusals, listRefused } from './refused.server'
import type { Failure, Fault } from './settle'

type Answers = Awaited<ReturnType<typeof listAnswers>>

function lineOf({ no, organisation: name, creditCode, bid: b, read }: OpenedBid, answers: Answers): RecordLine {
  return {
    no,
    organisation: name,
    creditCode,
    committedAt: b.committedAt,
    state: b.state,
    failure: b.reason as Failure | null,
    fault: b.faultParty as Fault | null,
    read: read && { priceFen: read.priceFen, form: read.form, flags: read.flags },
    answer: answers.find(a => a.organisationId === b.organisationId) ?? null,
  }
}

/** Bids that were replaced or withdrawn before the deadline. */
async function listEarlier(ctx: Ctx, { lotId, round }: OpeningRow): Promise<RecordFacts['earlier']> {
  const rows = await ctx.db
    .select({ organisation: organisation.name, state: bid.state, reason: bid.reason, committedAt: bid.committedAt })
    .from(bid)
    .innerJoin(organisation, eq(organisation.id, bid.organisationId))
    .where(and(eq(bid.lotId, lotId), eq(bid.round, round)))
    .orderBy(asc(bid.leafIdx))
  return rows.filter(row => row.state === 'replaced' || row.state === 'withdrawn-before' || row.reason === 'not-confirmed')
}

/** When each custodian first released a share. */
async function listCustodians(ctx: Ctx, { lotId, round }: OpeningRow): Promise<RecordFacts['custodians']> {
  const released = await ctx.db
    .select({ by: keyRelease.byOrganisationId, at: min(keyRelease.receivedAt) })
    .from(keyRelease)
    .where(eq(keyRelease.lotId, lotId))
    .groupBy(keyRelease.byOrganisationId)
  const rows = await ctx.db
    .select({ id: organisation.id, name: organisation.name })
    .from(lotCustodian)
    .innerJoin(organisation, eq(organisation.id, lotCustodian.organisationId))
    .where(and(eq(lotCustodian.lotId, lotId), eq(lotCustodian.round, round)))
    .orderBy(asc(lotCustodian.idx))
  return rows.map(row => ({ organisation: row.name, releasedAt: released.find(r => r.by === row.id)?.at ?? null }))
}

async function recordFacts(ctx: Ctx, read: ReadOpening): Promise<RecordFacts> {
  const { lot, project, opening, bids } = read
  const [agency] = await ctx.db
    .select({ name: organisation.name })
    .from(organisation)
    .where(eq(organisation.id, project.agencyId))
  const answers = await listAnswers(ctx, opening)
  return {
    projectName: project.name,
    projectCode: project.code,
    lotName: lot.name,
    lotCode: lot.code,
    tenderer: project.tendererName,
    agency: agency?.name ?? '',
    place: '网上开标大厅（不见面开标）',
    deadline: lot.biddingEndsAt!,
    closedAt: lot.closedAt!,
    ceilingFen: lot.ceilingFen,
    counted: opening.counted ?? bids.length,
    releaseBasis: opening.releaseBasis ?? 'cosignature',
    lines: bids.map(one => lineOf(one, answers)),
    earlier: await listEarlier(ctx, opening),
    refused: await listRefused(ctx, opening),
    custodians: await listCustodians(ctx, opening),
    closeIdx: opening.closeIdx!,
    deadlineSize: opening.deadlineSize!,
  }
}

function recordPaper(ctx: Ctx, { lot, opening }: ReadOpening, facts: RecordFacts): NewPaper {
  const { publicUrl } = ctx.platform.config
  const content = {
    title: '开标记录',
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
    const price = l.read ? `${formatFen(l.read.priceFen)} 元，工期 ${l.read.form.durationDays} 日` : bidStateText[l.state]
    return `${l.no}. ${l.organisation}：${price}`
  })
  return [`标段编号 ${lotCode}，${formatDay(dayOf(closedAt))}开标。`, ...rows, '签章的开标记录见附件。'].join('\n')
}

const publish = command(
  'opening.host',
  async (ctx, input: { lotId: string; paper: NewPaper; pdf: Uint8Array; body: string }) => {
    const { found, row } = await lockHall(ctx, input.lotId)
    if (row.phase !== 'recording') return { result: null, entry: null }
    const kept = await keepPaper(ctx, input.paper, input.pdf)
    const moved = await moveLot(ctx, found.lot, 'record')
    const title = `${found.lot.name} 开标记录`
    const notice = await insertNotice(ctx, { lot: moved, kind: 'opening', title, body: input.body, paperFileId: kept.fileId })
    await moveOpening(ctx, row, 'publish-record', { recordFileId: kept.fileId })
    await say(ctx, row, ['recorded', { paperId: kept.id, sha256: kept.sha256, noticeId: notice.id }])
    return {
      result: null,
      entry: { lotId: input.lotId, facts: { recordHash: row.recordHash, paper: kept.id, sha256: kept.sha256 } },
    }
  },
  'opening.record',
)

/**
 * Makes the opening record (开标记录) from the rows, signs it with the paper seal, publishes it as a notice and hands the lot to
 * evaluation. Made outside the transaction, kept inside: a kill leaves either nothing or all of it.
 */
export async function publishRecord(ctx: Ctx, { lotId }: { lotId: string }): Promise<void> {
  const row = await findOpening(ctx, lotId)
  if (row?.phase !== 'recording') return
  await keepLateRefusals(ctx, row)
  const read = await readOpening(ctx, lotId)
  const facts = await recordFacts(ctx, read)
  const paper = recordPaper(ctx, read, facts)
  const pdf = await sealedPdf(ctx, paper.content)
  await publish(ctx, { lotId, paper, pdf, body: bodyOf(facts) })
}
