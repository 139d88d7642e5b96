// npm run demo: one complete tender through the public HTTP API, as separate clients with their own keys and accounts.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { newDataDir } from '@/db/embedded'
import { type Kept, keepAlive } from '../actors/keep'
import { partyPart, watchingParts } from '../actors/parts'
import type { Made } from '../client/agency'
import { until } from '../client/api'
import { startSite } from '../launch'
import { bringLate, type DemoBid, takeBids, writeBids } from './bidding'
import { type Cast, makeCast } from './cast'
import { type DemoDraw, requestDraws, seatCommittees, takeSeats } from './committee'
import { finish } from './finish'
import { openLot } from './hall'
import { announce, type DemoLot, prepareProject, signPolicies } from './prepare'
import { newStory, type Story, step } from './story'

const usage = `npm run demo -- [--json] [--url URL] [--out DIR]
  --json   one JSON object at the end (the steps go to the error stream)
  --url    a running sandbox server; without it the demo starts its own on free ports with a temporary data folder
  --out    where the papers are put (default: a new temporary folder)
  --bidding  seconds from the notice to the deadline (default: by the machine's speed; the rehearsal edition asks for at least 20)`

/** The rehearsal edition asks for 20 seconds of bidding; a slow or busy machine, told by how long its first step took, gets more for the 63 MB. */
const biddingSecondsFor = (firstStepSeconds: number): number => Math.min(150, Math.max(23, 14 + 2.5 * firstStepSeconds))

interface Running {
  url: string
  stop(): Promise<void>
}

async function serverFor(url: string | undefined, folder: string, story: Story): Promise<Running> {
  if (url) return { url: url.replace(/\/+$/, ''), stop: async () => {} }
  const env = {
    ...process.env,
    DATABASE_URL: '',
    REDIS_URL: '',
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
  }
  const site = await startSite({ env, say: line => story.say(`  ${line}`) })
  const stop = async () => {
    await site.stop()
    // Its papers stay; a database that nobody asks any more does not.
    rmSync(env.DATA_DIR, { recursive: true, force: true })
  }
  return { url: site.url, stop }
}

/** Whether a witness already watches this server's log. */
async function isWatched(url: string): Promise<boolean> {
  const anchors = (await (await fetch(`${url}/anchors.json`)).json()) as { witnesses: unknown[] }
  return anchors.witnesses.length > 0
}

async function startParties(cast: Cast, folder: string): Promise<Kept[]> {
  const keys = join(folder, 'party')
  const { api } = cast.agency
  const own = partyPart(cast.url, { role: 'agency', name: 'agency', token: api.token, keys: join(keys, 'agency') })
  const watching = (await isWatched(cast.url)) ? [] : await watchingParts(cast.url, keys)
  return [...watching, own].map(part => keepAlive(part, join(folder, 'log')))
}

/** Taken before anything happens, as whoever will check must have done; the witness must have given its key by then. */
async function keepAnchors(url: string, out: string): Promise<string> {
  await until({ what: 'the witness to register', seconds: 120 }, () => isWatched(url))
  const path = join(out, 'anchors.json')
  writeFileSync(path, await (await fetch(`${url}/anchors.json`)).text())
  return path
}

function factsOf(project: Made, lots: DemoLot[], draws: DemoDraw[], bids: DemoBid[]) {
  return {
    project,
    lots: lots.map(({ id, code, scene, biddingEndsAt }) => ({
      id,
      code,
      mode: scene.releaseMode,
      envelopes: scene.envelopes,
      biddingEndsAt,
      drawId: draws.find(draw => draw.lot.id === id)?.drawId,
      bids: bids
        .filter(bid => bid.lot.id === id)
        .map(({ scene: bidder, versions }) => ({
          bidder: bidder.organisation,
          versions: versions.map(({ seq, statementHash, receipt }) => ({
            seq,
            statement: statementHash,
            index: receipt.index,
            at: receipt.at,
          })),
        })),
    })),
  }
}

interface Setting {
  url: string
  folder: string
  out: string
  /** Null: as the machine allows. */
  biddingSeconds: number | null
}

async function play(story: Story, { url, folder, out, biddingSeconds }: Setting): Promise<void> {
  const cast = await step(story, '各方注册、登录、领取证书', () => makeCast(url, folder))
  const parties = await startParties(cast, folder)
  try {
    const anchors = await keepAnchors(url, out)
    const { project, lots } = await step(story, '建项目、分标段、定保管人', () => prepareProject(story, cast))
    await step(story, '登记标段密钥，签署并会签密封策略', () => signPolicies(story, cast, lots))
    await step(story, '编制投标文件', () => writeBids(story, lots))
    await step(story, '发布招标公告', () =>
      announce(story, cast, lots, biddingSeconds ?? biddingSecondsFor(story.steps[1]!.seconds)),
    )
    const draws = await step(story, '申请抽取评标专家', () => requestDraws(story, cast, lots))
    const bids = await step(story, '七家投标人密封、递交、替换、撤回', () => takeBids(story, cast, lots))
    const late = await bringLate(story, cast, lots[0]!)
    await step(
      story,
      '等待投标截止',
      () => new Promise(resolve => setTimeout(resolve, Math.max(0, lots[0]!.biddingEndsAt.getTime() - Date.now() + 400))),
    )
    await late()
    const seated = seatCommittees(story, cast, draws)
    seated.catch(() => {})
    await step(story, '开标', () => Promise.all(lots.map(lot => openLot(story, cast, lot, bids))))
    const experts = await step(story, '抽取并通知专家', () => seated)
    await step(story, '专家报到、回避声明', () => takeSeats(story, experts))
    story.facts = factsOf(project, lots, draws, bids)
    await finish({ story, cast, project, lots, draws, bids, experts, folder, out, anchors })
  } finally {
    await Promise.all(parties.map(one => one.stop()))
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      url: { type: 'string' },
      out: { type: 'string' },
      bidding: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const story = newStory(values.json === true)
  const folder = newDataDir('demo')
  const out = values.out ?? join(folder, 'papers')
  mkdirSync(out, { recursive: true })
  const server = await step(story, values.url ? '连接平台' : '启动平台', () => serverFor(values.url, folder, story))
  try {
    await play(story, {
      url: server.url,
      folder,
      out,
      biddingSeconds: values.bidding === undefined ? null : Number(values.bidding),
    })
  } finally {
    await server.stop()
  }
  const isVerified = story.outputs.every(output => output.verified)
  const seconds = Number(((Date.now() - story.startedAt) / 1000).toFixed(1))
  const { steps, refusals, outputs, facts } = story
  if (values.json)
    console.log(JSON.stringify({ url: server.url, ...facts, steps, refusals, outputs, seconds, verified: isVerified }))
  return isVerified && outputs.length > 0 ? 0 : 1
}

process.exitCode = await main().catch(error => {
  console.error(error)
  return 1
})
process.exit()
