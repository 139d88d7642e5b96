// An expert's evaluation: findings and points for every bid, the sheet locked, the report signed.
import { createHash } from 'node:crypto'
import { canonical, type Json } from '../../crypto/jcs'
import { messageHash } from '../../crypto/messages'
import { isProblem } from './api'
import { readPublicLot } from './bid'
import type { Expert } from './expert'
import { type Keys, signText } from './keys'
import { readAnchors } from './release'

interface Mark {
  bidId: string
  item: string
}

/** tbid/evaluation.report@1, as far as a client needs it. */
export type ReportContent = { result?: { candidates: string[]; [field: string]: Json }; [field: string]: Json | undefined }

export interface Evaluation {
  lot: { id: string; state: string; round: number }
  scoring: {
    compliance: { code: string; text: string }[]
    items: { code: string; name: string; max: string }[]
  }
  me: string | null
  members: { expertId: string; lockedAt: string | null; answer: string | null }[]
  bids: { id: string; name: string; priceFen: string | null; files: { id: string; role: string; plainFileId: string | null }[] }[]
  compliance: Mark[]
  scores: Mark[]
  report: { hash: string; content: ReportContent; madeAt: string } | null
}

export const readEvaluation = ({ api, lotId }: Pick<Expert, 'api' | 'lotId'>): Promise<Evaluation> =>
  api.get<Evaluation>(`/lots/${lotId}/evaluation`)

const has = (marks: Mark[], bidId: string, item: string) => marks.some(mark => mark.bidId === bidId && mark.item === item)

/** Points between 70 and 98 percent of the maximum, the same each time for the same expert, bid and item; two places. */
function pointsOf(expert: string, bid: string, item: string, max: string): string {
  const share = 7_000 + (createHash('sha256').update(`${bid} ${item}`).digest().readUInt32BE() % 2_200)
  const own = createHash('sha256').update(`${expert} ${bid} ${item}`).digest().readUInt32BE() % 600
  return ((Number(max) * (share + own)) / 10_000).toFixed(2)
}

/** Looks at every file of a bid that is open, as the law asks of a committee member; gives the bytes seen. */
async function lookAt({ api }: Expert, bid: Evaluation['bids'][number]): Promise<number> {
  let seen = 0
  for (const file of bid.files.filter(one => one.plainFileId !== null)) seen += (await api.bytes(`/bid-files/${file.id}`)).length
  return seen
}

/** How a member goes about its sheet: whether it opens every file first, and why a bidder's bid does not pass; null: it does. */
export interface Manner {
  reads: boolean
  faultOf(bidder: string): string | null
}

const kindly: Manner = { reads: false, faultOf: () => null }

/** Fills what is missing in the own sheet. A bid with a fault fails the first compliance item and gets no points. */
export async function fillSheet(expert: Expert, evaluation: Evaluation, { reads, faultOf }: Manner): Promise<void> {
  const { api, lotId, name } = expert
  for (const bid of evaluation.bids) {
    if (reads) await lookAt(expert, bid)
    const fault = faultOf(bid.name)
    const items = evaluation.scoring.compliance.filter(one => !has(evaluation.compliance, bid.id, one.code))
    for (const [at, { code }] of items.entries()) {
      const finding = at === 0 && fault !== null ? { pass: false, reason: fault } : { pass: true }
      await api.put(`/lots/${lotId}/evaluation/compliance`, { bidId: bid.id, item: code, ...finding })
    }
    if (fault !== null) continue
    for (const { code, max } of evaluation.scoring.items.filter(one => !has(evaluation.scores, bid.id, one.code)))
      await api.put(`/lots/${lotId}/evaluation/scores`, { bidId: bid.id, item: code, score: pointsOf(name, bid.name, code, max) })
  }
}

export const lockSheet = ({ api, lotId }: Expert): Promise<unknown> => api.post(`/lots/${lotId}/evaluation/submission`)

/** Signs the report after finding that its content has the hash that is signed. */
export async function signReport(expert: Expert, keys: Keys, evaluation: Evaluation): Promise<void> {
  const { api, lotId } = expert
  const { report, lot } = evaluation
  if (!report || messageHash(canonical(report.content)) !== report.hash)
    throw new Error('evaluation: the report does not fit its hash')
  const [{ platform }, { project }] = [await readAnchors(expert), await readPublicLot(expert, lotId)]
  const scope = { platform, project: project.id, lot: lotId, round: lot.round }
  const word = canonical({ t: 'tbid/evaluation.sign@1', ...scope, reportHash: report.hash, answer: 'sign', reason: '' })
  const body = { answer: 'sign', reason: '', cms: await signText(keys, word) }
  await api.post(`/lots/${lotId}/evaluation/signatures`, body)
}

/** What this member has to do next, or null while others are at work. */
export async function evaluationStep(
  expert: Expert,
  keys: () => Promise<Keys>,
  manner = kindly,
): Promise<(() => Promise<unknown>) | null> {
  const evaluation = await readEvaluation(expert).catch((error: unknown) => {
    if (isProblem(error) && error.status === 404) return null
    throw error
  })
  const own = evaluation?.members.find(member => member.expertId === evaluation.me)
  if (!evaluation || !own) return null
  if (evaluation.report) return own.answer ? null : async () => signReport(expert, await keys(), evaluation)
  if (own.lockedAt) return null
  return async () => {
    await fillSheet(expert, evaluation, manner)
    await lockSheet(expert)
  }
}

/** The first candidate of the report, for whoever awards. */
export function firstCandidate({ report }: Pick<Evaluation, 'report'>): string {
  const first = report?.content.result?.candidates[0]
  if (!first) throw new Error('evaluation: the report names no candidate')
  return first
}
