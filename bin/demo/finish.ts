// From the evaluation to the archive, and every paper checked without the server.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { archive, award, type Made, publishCandidates, waitForState } from '../client/agency'
import { type Api, codeOf, until } from '../client/api'
import { readMyBid } from '../client/bid'
import { evaluationStep, firstCandidate, readEvaluation } from '../client/evaluation'
import type { Expert } from '../client/expert'
import { keysFor } from '../client/keys'
import { root } from '../processes'
import type { DemoBid } from './bidding'
import type { Cast } from './cast'
import type { DemoDraw } from './committee'
import { openSecond } from './hall'
import type { DemoLot } from './prepare'
import { bidderScenes } from './scene'
import { type Story, step } from './story'

export interface Tender {
  story: Story
  cast: Cast
  project: Made
  lots: DemoLot[]
  draws: DemoDraw[]
  bids: DemoBid[]
  experts: Expert[]
  /** Where the parties keep their keys, and where the papers go. */
  folder: string
  out: string
  anchors: string
}

/** One expert's evaluation: reads every file, fills and locks its sheet, signs the report when it is there. */
async function evaluate({ story, folder }: Tender, { scene }: DemoLot, expert: Expert): Promise<void> {
  const faulty = bidderScenes.find(({ login }) => login === scene.faulty?.login)?.organisation
  const faultOf = (bidder: string) => (faulty && bidder.startsWith(faulty) ? scene.faulty!.why : null)
  const keys = () => keysFor(expert.api, join(folder, 'keys'), `expert-${expert.name.replace(/\W+/g, '').toLowerCase()}`)
  const isSigned = async () => {
    const { me, members } = await readEvaluation(expert)
    return members.some(member => member.expertId === me && member.answer !== null)
  }
  await until({ what: `${expert.name} to sign the report`, seconds: 300, everyMs: 400 }, async () => {
    const run = await evaluationStep(expert, keys, { reads: true, faultOf })
    await run?.()
    return isSigned()
  })
  story.say(`  ${expert.name} 已评审并签署报告`)
}

async function evaluateLot(tender: Tender, lot: DemoLot): Promise<void> {
  const { api } = tender.cast.agency
  await waitForState(api, lot.id, ['evaluating'], 180)
  const { story, cast, bids } = tender
  const members = tender.experts.filter(({ lotId }) => lotId === lot.id)
  const second = lot.scene.envelopes === 2 ? [openSecond(story, cast, lot, bids)] : []
  await Promise.all([...members.map(expert => evaluate(tender, lot, expert)), ...second])
  await waitForState(api, lot.id, ['evaluated'], 180)
  const { report } = await readEvaluation({ api, lotId: lot.id })
  tender.story.say(`  ${lot.code} 评标报告 ${report?.hash}`)
}

/** Publicity, award and archive of one lot; the award is refused until the publicity has ended. */
async function awardLot({ story, cast }: Tender, lot: DemoLot): Promise<void> {
  const { api } = cast.agency
  const bidId = firstCandidate(await readEvaluation({ api, lotId: lot.id }))
  await publishCandidates(api, lot.id)
  story.say(`  ${lot.code} 中标候选人公示`)
  const tryAward = async () => {
    try {
      return (await award(api, lot.id, bidId)) ?? true
    } catch (error) {
      if (codeOf(error) !== 'publicity-running') throw error
      return null
    }
  }
  await until({ what: 'the publicity to end', seconds: 120, everyMs: 500 }, tryAward)
  story.say(`  ${lot.code} 已定标，发出中标通知书与结果公告`)
  await archive(api, lot.id)
  await until({ what: 'the archive to be packed', seconds: 300, everyMs: 500 }, async () => {
    const { sealedAt } = await api.get<{ sealedAt: string | null }>(`/lots/${lot.id}/archive`)
    return sealedAt !== null
  })
  story.say(`  ${lot.code} 已归档`)
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function keep(tender: Tender, lot: DemoLot, kind: string, name: string, bytes: Uint8Array): Promise<void> {
  const path = resolve(tender.out, `${lot.scene.key}-${name}`)
  writeFileSync(path, bytes)
  tender.story.outputs.push({ kind, lot: lot.code, path, sha256: sha256(bytes), verified: false, verdict: '' })
}

const utf8 = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

interface PaperLine {
  id: string
  kind: string
  title: string
}

/** Receipt, transcript, papers and archive of one lot, each fetched by whoever may have it. */
async function fetchLot(tender: Tender, lot: DemoLot): Promise<void> {
  const { cast, bids, draws } = tender
  const { api } = cast.agency
  const bid = bids.find(one => one.lot === lot && one.scene.login === 'b1')!
  // Asked for again: by now the bid's own signature has its time-stamp (CAdES-T).
  const { versions } = await readMyBid(bid.party, lot.id)
  await keep(tender, lot, 'receipt', 'receipt.json', utf8(versions.at(-1)!.receipt))
  await keep(tender, lot, 'receipt-paper', 'receipt.pdf', await bid.party.api.bytes(`/lots/${lot.id}/my-bid/receipt.pdf`))
  const draw = draws.find(one => one.lot === lot)!
  await keep(tender, lot, 'draw-transcript', 'draw.json', utf8(await api.get(`/draws/${draw.drawId}/transcript`)))
  const papers = await api.get<PaperLine[]>(`/lots/${lot.id}/papers`)
  for (const [at, paper] of papers.entries()) {
    // Two envelopes have a record each.
    const before = papers.slice(0, at).filter(({ kind }) => kind === paper.kind).length
    await keep(tender, lot, paper.kind, `${paper.kind}${before === 0 ? '' : `-${before + 1}`}.pdf`, await paperBytes(api, paper))
  }
  await keep(tender, lot, 'archive', 'archive.zip', await api.bytes(`/lots/${lot.id}/archive.zip`))
}

const paperBytes = (api: Api, { id }: PaperLine) => api.bytes(`/papers/${id}/file`)

interface Verified {
  reports: { file: string; exitCode: number }[]
}

const verdicts: Record<number, string> = { 0: 'holds', 1: 'broken', 3: 'unproven' }

/** `npm run verify -- --anchors ANCHORS FILE…`, in a process that knows nothing but these files. */
async function verifyAll({ story, anchors }: Tender): Promise<void> {
  const args = ['bin/run.mjs', 'crypto/verify/main.ts', '--anchors', anchors, '--json', ...story.outputs.map(({ path }) => path)]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', chunk => (text += chunk))
  await new Promise(done => child.on('close', done))
  const { reports } = JSON.parse(text) as Verified
  for (const output of story.outputs) {
    const exitCode = reports.find(({ file }) => file === output.path)?.exitCode ?? 1
    output.verified = exitCode === 0
    output.verdict = verdicts[exitCode] ?? 'broken'
    story.say(`  ${output.verified ? '✓' : '✗'} ${output.kind} ${output.path}`)
  }
}

export async function finish(tender: Tender): Promise<void> {
  const { story, lots } = tender
  await step(story, '评标：初步评审、打分、签署报告', () => Promise.all(lots.map(lot => evaluateLot(tender, lot))))
  await step(story, '公示、定标、归档', () => Promise.all(lots.map(lot => awardLot(tender, lot))))
  await step(story, '取回文书', async () => {
    for (const lot of lots) await fetchLot(tender, lot)
  })
  await step(story, `逐件核验（npm run verify -- --anchors ${tender.anchors}）`, () => verifyAll(tender))
}
