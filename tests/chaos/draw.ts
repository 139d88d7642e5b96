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

/** Kills fall into the first seconds after the bids are known: commitments, V, reveals, seating, calls and answers. */
const spanMs = 9_000
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
  atMs: number
  downMs: number
}

async function phaseOf({ arena }: Site, { id }: ChaosDraw): Promise<string> {
  const rows = await arena.query<{ state: string }>('select state from draw where id = $1', [id]).catch(() => [])
  return rows[0]?.state ?? 'unknown'
}

async function strike(site: Site, draw: ChaosDraw, start: number, { target, atMs, downMs }: Plan): Promise<Strike> {
  await pause(Math.max(0, start + atMs - Date.now()))
  const phase = await phaseOf(site, draw)
  if (target === 'queue') await site.arena.wipeQueue()
  else if (target === 'agency' || target === 'supervisor' || target === 'third') await site.agents.kill(target, downMs)
  else await site.arena.kill(target, downMs)
  return { what: target, atMs, downMs, phase }
}

/** One after the other: two at once on one process would be one. */
async function strikeAll(site: Site, draw: ChaosDraw, plans: Plan[]): Promise<Strike[]> {
  const start = Date.now()
  const strikes: Strike[] = []
  for (const plan of plans.toSorted((a, b) => a.atMs - b.atMs)) strikes.push(await strike(site, draw, start, plan))
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

/** Each draw is struck twice; every target has its turn. */
const plansOf = (index: number): Plan[] =>
  [0, 1].map(at => ({
    target: targets[(index * 2 + at) % targets.length]!,
    atMs: randomInt(0, spanMs),
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
