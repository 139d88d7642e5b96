// One or more openings at a time, something done to the site meanwhile, and what became of them.
import { creditCode } from '@/bin/client/credit-code'
import { type Arena, pause } from './arena'
import type { Case, Strike } from './case'
import { announce, type Cast, type ChaosLot, handInBids, modes, playOpening, prepareLot, recorded } from './cast'
import { inspect } from './inspect'

/** The rehearsal's least bidding time is 20 s; the bids of all lots must be in before the first deadline. */
const biddingSeconds = 26
/** How long the bids of one lot take; a slower machine finds out and gives itself more. */
let perLotSeconds = 3
const attempts = 3
const limitSeconds = 120

let made = 0

/** Lots that close a second apart, their bids in; null where the machine was too slow for the deadline it chose. */
async function tryLots(cast: Cast, count: number): Promise<ChaosLot[] | null> {
  const wanted = Array.from({ length: count }, (_, i) => modes[(made + i) % modes.length]!)
  const ids: string[] = []
  for (const mode of wanted) ids.push(await prepareLot(cast, creditCode('350102', 700_000 + ++made), mode))
  const began = Date.now()
  const first = Math.ceil(began / 1000 + Math.max(biddingSeconds, 10 + count * perLotSeconds))
  const lots: ChaosLot[] = []
  for (const [i, id] of ids.entries()) lots.push(await announce(cast, id, wanted[i]!, new Date((first + i) * 1000)))
  for (const lot of lots) await handInBids(cast, lot)
  perLotSeconds = Math.max(perLotSeconds, (1.5 * (Date.now() - began)) / 1000 / count)
  return Date.now() > first * 1000 - 1_000 ? null : lots
}

/** Lots that close a second apart, their bids in. */
export async function someLots(cast: Cast, count: number): Promise<ChaosLot[]> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const lots = await tryLots(cast, count)
    if (lots) return lots
  }
  throw new Error('the bids were not in before the first deadline: a slower machine needs fewer lots')
}

export interface Act {
  what: string
  downMs?: number
  run(): Promise<void>
}

const phaseOf = (arena: Arena, lot: ChaosLot) =>
  arena
    .query<{ phase: string }>('select phase from opening where lot_id = $1', [lot.id])
    .then(([row]) => row?.phase ?? 'bidding')
    .catch(() => 'unknown')

type Struck = { what: string; downMs: number; at: number; phases: Map<string, string> }

/** Does one thing to the site and remembers where each opening stood. */
export async function strike(arena: Arena, lots: ChaosLot[], act: Act): Promise<Struck> {
  const phases = new Map<string, string>()
  for (const lot of lots) phases.set(lot.id, await phaseOf(arena, lot))
  const at = Date.now()
  await act.run()
  return { what: act.what, downMs: act.downMs ?? Date.now() - at, at, phases }
}

/** What fell into the time of one opening: from a second before its deadline until its record. */
const strikesOn = (lot: ChaosLot, struck: Struck[]): Strike[] =>
  struck
    .filter(one => one.at > lot.endsAt.getTime() - 1_500 && !['recorded', 'aborted'].includes(one.phases.get(lot.id)!))
    .map(({ what, downMs, at, phases }) => ({ what, downMs, atMs: at - lot.endsAt.getTime(), phase: phases.get(lot.id)! }))

/** Waits for every record and looks into each opening. */
async function outcomes(arena: Arena, cast: Cast, lots: ChaosLot[], fault: string, struck: () => Struck[]): Promise<Case[]> {
  return Promise.all(
    lots.map(async lot => {
      const end = await recorded(cast, lot, limitSeconds)
      const seconds = Number(((Date.now() - lot.endsAt.getTime()) / 1000).toFixed(1))
      const problems = end ? await inspect(arena, cast, lot) : ['no record in time']
      const kills = strikesOn(lot, struck())
      const { phase } = end ?? { phase: 'unknown' }
      return { chaos: 'opening', case: 0, fault, mode: lot.mode, kills, phase, seconds, ok: problems.length === 0, problems }
    }),
  )
}

interface Openings {
  count: number
  fault: string
  /** Who plays the parties; this process unless told. */
  play?: typeof playOpening
}

/** Plays the openings of `count` lots while `upset` does what it does; gives a case per lot. */
export async function runOpenings(
  arena: Arena,
  cast: Cast,
  { count, fault, play = playOpening }: Openings,
  upset: (lots: ChaosLot[], note: (struck: Struck) => void) => Promise<void>,
): Promise<Case[]> {
  const lots = await someLots(cast, count)
  const struck: Struck[] = []
  let isOver = false
  const playing = Promise.all(lots.map(lot => play(cast, lot, () => isOver)))
  await upset(lots, one => struck.push(one))
  const cases = await outcomes(arena, cast, lots, fault, () => struck)
  isOver = true
  await playing
  return cases
}

/** Sleeps until so many ms after an instant. */
export const untilAfter = (instant: Date, ms: number) => pause(Math.max(0, instant.getTime() + ms - Date.now()))
