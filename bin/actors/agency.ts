import {
  archive,
  award,
  createLot,
  createProject,
  nameCustodians,
  publishCandidates,
  publishDocument,
  publishNotice,
  requestDraw,
  signPolicy,
} from '../client/agency'
import { firstCandidate, readEvaluation } from '../client/evaluation'
import { callEnvelope, readOpening } from '../client/opening'
import type { Party } from '../client/party'
import { type Act, livePrefix, type Memory, type Play } from './due'
import { drawWanted, liveLot, liveProject, noticeText, openingAheadMs } from './tender'

interface Listed {
  id: string
  name: string
}
interface LotLine {
  id: string
  name: string
  state: string
}

const ended = new Set(['archived', 'failed', 'terminated'])
/** So many live tenders follow each other at once in one data folder; then one an hour, for ended ones stay, as records must. */
const most = 20
const restMs = 3_600_000

const groupOf = (name: string) => (name.includes('监督') ? 'supervisor' : 'third')

/** The own archive, the supervisor's side and a notary: three interests. */
async function custodiansOf(party: Party) {
  const { custodians } = await party.api.get<{ custodians: { id: string; name: string }[] }>('/custodians')
  const outsiders = custodians.filter(({ name }) => /^演练市.*(监督管理处|公证处)$/.test(name))
  const others = outsiders.map(({ id, name }) => ({ organisationId: id, interestGroup: groupOf(name) }))
  return [{ organisationId: party.organisationId, interestGroup: 'tenderer-side' }, ...others]
}

async function start(party: Party, number: number): Promise<void> {
  const { id } = await createProject(party.api, liveProject(number))
  await createLot(party.api, id, liveLot(number))
}

async function announce(party: Party, lot: LotLine): Promise<void> {
  const { documents } = await party.api.get<{ documents: unknown[] }>(`/lots/${lot.id}/documents`)
  if (documents.length === 0) {
    const lines = ['本文件为演练用招标文件。', '投标人须按开标一览表报价，并提交技术标与商务标。']
    const { pdfOf } = await import('../client/documents')
    const bytes = await pdfOf({ title: `招标文件：${lot.name}`, lines, pages: 8 })
    await publishDocument(party.api, lot.id, '招标文件', { bytes, name: `招标文件（${lot.name}）.pdf` })
  }
  const biddingEndsAt = new Date(Math.ceil((Date.now() + openingAheadMs) / 1000) * 1000)
  const title = `${lot.name}招标公告`
  await publishNotice(party.api, lot.id, { title, body: noticeText(lot.name, biddingEndsAt), biddingEndsAt })
}

async function awardFirst(party: Party, lot: LotLine): Promise<void> {
  const evaluation = await readEvaluation({ api: party.api, lotId: lot.id })
  await award(party.api, lot.id, firstCandidate(evaluation))
}

async function hasDraw(party: Party, lotId: string): Promise<boolean> {
  const { draws } = await party.api.get<{ draws: { state: string }[] }>(`/lots/${lotId}/draws`)
  return draws.some(draw => !['void', 'infeasible'].includes(draw.state))
}

/** The one next step of a lot, or none while others are at work. */
async function stepOf(party: Party, lot: LotLine): Promise<Act[]> {
  const act = (what: string, run: () => Promise<unknown>): Act[] => [{ what: `${what} ${lot.name}`, run }]
  switch (lot.state) {
    case 'draft':
      return act('指定保管人', async () => nameCustodians(party.api, lot.id, await custodiansOf(party)))
    case 'keying':
      return (await isPolicyDue(party, lot.id)) ? act('签署密封策略', () => signPolicy(party, lot.id)) : []
    case 'ready':
      return act('发布招标公告', () => announce(party, lot))
    case 'opened':
      return (await hasDraw(party, lot.id))
        ? []
        : act('申请抽取专家', () => requestDraw(party.api, lot.id, drawWanted(new Date())))
    case 'evaluating':
      return (await isEnvelopeDue(party, lot.id)) ? act('提请开启第二信封', () => callEnvelope(party, lot.id)) : []
    case 'evaluated':
      return act('公示中标候选人', () => publishCandidates(party.api, lot.id))
    case 'publicity':
      return act('定标', () => awardFirst(party, lot))
    case 'awarded':
      return act('归档', () => archive(party.api, lot.id))
    default:
      return []
  }
}

/** All keys are in and nobody has signed yet. */
async function isPolicyDue(party: Party, lotId: string): Promise<boolean> {
  const isSigned = await party.api.find(`/lots/${lotId}/policy`)
  return !isSigned && (await party.api.find(`/lots/${lotId}/policy-draft`)) !== null
}

/** The first of two envelopes (双信封) is reviewed by all, and nobody has called the second yet. */
async function isEnvelopeDue({ api }: Party, lotId: string): Promise<boolean> {
  const { phase, hall } = await readOpening(api, lotId)
  if (phase !== 'intermission' || hall.proposal) return false
  const { members } = await readEvaluation({ api, lotId })
  return members.length > 0 && members.every(member => member.lockedAt !== null)
}

const numberOf = ({ name }: Listed) => Number(/第 (\d+) 期/.exec(name)?.[1] ?? 0)

/** Whether the stage has been empty for long enough. */
function isTime(count: number, { seen }: Memory): boolean {
  const since = (seen.get('empty since') as number | undefined) ?? Date.now()
  seen.set('empty since', since)
  return count < most || Date.now() - since >= restMs
}

/** Keeps a live tender going: moves each on, and starts the next when the last is archived or failed. */
export const playAgency: Play = async (party, memory: Memory) => {
  const { seen } = memory
  const { projects } = await party.api.get<{ projects: Listed[] }>('/projects')
  const live = projects.filter(({ name }) => name.startsWith(livePrefix)).sort((a, b) => numberOf(b) - numberOf(a))
  const acts: Act[] = []
  let isBusy = false
  for (const { id } of live.filter(project => !seen.has(project.id))) {
    const { lots } = await party.api.get<{ lots: LotLine[] }>(`/projects/${id}`)
    if (lots.length > 0 && lots.every(lot => ended.has(lot.state))) {
      seen.set(id, true)
      continue
    }
    isBusy = true
    for (const lot of lots) acts.push(...(await stepOf(party, lot)))
    if (lots.length === 0) acts.push({ what: '增加标段', run: () => createLot(party.api, id, liveLot(numberOf(live[0]!))) })
  }
  if (isBusy) seen.delete('empty since')
  if (isBusy || !isTime(live.length, memory)) return acts
  const number = numberOf(live[0] ?? { id: '', name: '' }) + 1
  return [...acts, { what: `第 ${number} 期开始`, run: () => start(party, number) }]
}
