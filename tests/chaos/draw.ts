// SIGKILL of web, worker, database and party agents at random instants of draw and contact, and the queue wiped.
import { randomInt } from 'node:crypto'
import { until } from '@/bin/client/api'
import { creditCode } from '@/bin/client/credit-code'
import { type Arena, makeArena, pause, victims } from './arena'
import type { Case, Strike } from './case'
import {
  type Agents,
  aDraw,
  agentNames,
  answerCalls,
  type ChaosDraw,
  type DrawCast,
  makeDrawCast,
  openDraw,
  startAgents,
} from './draw-cast'
import { inspectDraw } from './draw-inspect'

/** Where kills fall: before the prelude, among commitments, among reveals, among calls and answers; so long after that state is first seen. */
const phases = ['approved', 'committing', 'revealing', 'contacting'] as const
const spanMs = 1_500
const limitSeconds = 120
const targets = [...victims, ...agentNames, 'queue'] as const
type Target = (typeof targets)[number]

interface Site {
  arena: Arena
  agents: Agents
  cast: DrawCast
}

interface Plan {
  target: Target
  phase: (typeof phases)[number]
  afterMs: number
  downMs: number
}

async function phaseOf({ arena }: Site, { id }: ChaosDraw): Promise<string> {
  const rows = await arena.query<{ state: string }>('select state from draw where id = $1', [id]).catch(() => [])
  return rows[0]?.state ?? 'unknown'
}

/** Waits until the draw has come so far, or past it. */
async function reached(site: Site, draw: ChaosDraw, phase: Plan['phase']): Promise<void> {
  const order: string[] = [...phases, 'complete']
  while (order.indexOf(await phaseOf(site, draw)) < order.indexOf(phase)) await pause(40)
}

async function strike(site: Site, draw: ChaosDraw, start: number, { target, phase, afterMs, downMs }: Plan): Promise<Strike> {
  await reached(site, draw, phase)
  await pause(afterMs)
  const at = { atMs: Date.now() - start, phase: await phaseOf(site, draw) }
  if (target === 'queue') await site.arena.wipeQueue()
  else if (target === 'agency' || target === 'supervisor' || target === 'third') await site.agents.kill(target, downMs)
  else await site.arena.kill(target, downMs)
  return { what: target, downMs, ...at }
}

/** One after the other: two at once on one process would be one. */
async function strikeAll(site: Site, draw: ChaosDraw, plans: Plan[]): Promise<Strike[]> {
  const start = Date.now()
  const strikes: Strike[] = []
  for (const plan of plans) strikes.push(await strike(site, draw, start, plan))
  return strikes
}

const complete = ({ agency }: DrawCast, { id }: ChaosDraw) =>
  until({ what: 'the committee to be complete', seconds: limitSeconds, everyMs: 300 }, async () => {
    const draw = await agency.api.get<{ state: string }>(`/draws/${id}`).catch(() => null)
    return draw?.state === 'complete' ? draw : null
  }).catch(() => null)

async function runCase(site: Site, index: number, plans: Plan[]): Promise<Case> {
  const draw = await aDraw(site.arena, site.cast, creditCode('350102', 800_000 + index), index)
  await openDraw(site.arena, draw)
  const start = Date.now()
  let isOver = false
  const answering = answerCalls(site.arena, site.cast, draw, () => isOver)
  const kills = await strikeAll(site, draw, plans)
  const end = await complete(site.cast, draw)
  const seconds = Number(((Date.now() - start) / 1000).toFixed(1))
  // A doubled call would come late: listen on a little.
  await pause(1_500)
  isOver = true
  const answers = await answering
  const problems = end ? await inspectDraw(site.arena, site.cast, draw, answers) : ['no committee in time']
  const phase = await phaseOf(site, draw)
  return {
    chaos: 'draw',
    case: index + 1,
    fault: 'kills',
    mode: 'draw',
    kills,
    phase,
    seconds,
    ok: problems.length === 0,
    problems,
  }
}

/** Each draw is struck twice, later the second time; every target has its turn in every phase. */
const plansOf = (index: number): Plan[] =>
  [0, 1].map(at => ({
    target: targets[(index * 2 + at) % targets.length]!,
    phase: phases[((index + Math.floor(index / targets.length)) % 2) + 2 * at]!,
    afterMs: randomInt(0, spanMs),
    downMs: randomInt(0, 1_500),
  }))

/** `count` draws, each with two kills. */
export async function* chaosDraw(count: number): AsyncIterable<Case> {
  const arena = await makeArena()
  const agents = await startAgents(arena)
  try {
    const cast = await makeDrawCast(arena)
    for (let index = 0; index < count; index++) yield await runCase({ arena, agents, cast }, index, plansOf(index))
  } finally {
    await agents.stop()
    await arena.stop()
  }
}
