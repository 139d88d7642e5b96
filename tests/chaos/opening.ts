// SIGKILL of web, worker or database at random instants inside openings: every lot must end as if nothing had happened.
import { randomInt } from 'node:crypto'
import { creditCode } from '@/bin/client/credit-code'
import { type Arena, makeArena, type Victim, victims } from './arena'
import type { Case } from './case'
import { aLot, type Cast, type ChaosLot, makeCast, playOpening, recorded } from './cast'
import { inspect } from './inspect'

/** The rehearsal's least bidding time is 20 s, and four bids must be in. */
const biddingSeconds = 24
/** Kills fall between a second before the deadline and this long after it. */
const spanMs = 7_000
const limitSeconds = 90

interface Plan {
  victim: Victim
  /** Milliseconds after the deadline. */
  atMs: number
  downMs: number
}

const modes = ['custody', 'both'] as const

async function killOnTime(arena: Arena, lot: ChaosLot, { victim, atMs, downMs }: Plan): Promise<void> {
  const wait = lot.endsAt.getTime() + atMs - Date.now()
  await new Promise(resolve => setTimeout(resolve, Math.max(0, wait)))
  await arena.kill(victim, downMs)
}

async function runCase(arena: Arena, cast: Cast, index: number, plan: Plan): Promise<Case> {
  const mode = modes[index % modes.length]!
  const lot = await aLot(cast, creditCode('350102', 700_000 + index), mode, biddingSeconds)
  let isOver = false
  const playing = playOpening(cast, lot, mode, () => isOver)
  const killing = killOnTime(arena, lot, plan)
  await killing
  const end = await recorded(cast, lot, limitSeconds)
  const seconds = Number(((Date.now() - lot.endsAt.getTime()) / 1000).toFixed(1))
  isOver = true
  await playing
  const problems = end ? await inspect(arena, cast, lot) : ['no record in time']
  return {
    chaos: 'opening',
    case: index + 1,
    mode,
    kill: plan.victim,
    atMs: plan.atMs,
    downMs: plan.downMs,
    phase: end?.phase ?? 'unknown',
    seconds,
    ok: problems.length === 0,
    problems,
  }
}

const planOf = (index: number): Plan => ({
  victim: victims[index % victims.length]!,
  atMs: randomInt(-1_000, spanMs),
  downMs: randomInt(0, 1_500),
})

/** `count` openings, each with one kill. */
export async function* chaosOpening(count: number): AsyncIterable<Case> {
  const arena = await makeArena()
  try {
    const cast = await makeCast(arena)
    for (let index = 0; index < count; index++) yield await runCase(arena, cast, index, planOf(index))
  } finally {
    await arena.stop()
  }
}
