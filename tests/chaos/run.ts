// One or more openings at a time, something done to the site meanwhile, and what became of them.
import { creditCode } from '@/bin/client/credit-code'
import { type Arena, pause } from './arena'
import type { Case, Strike } from './case'
import { announce, type Cast, type ChaosLot, handInBids, type Kind, modes, prepareLot } from './cast'
import { seatCommittee } from './committee'
import { inspect } from './inspect'
import { playOpening, recorded } from './play'

/** The rehearsal's least bidding time is 20 s; the bids of all lots must be in before the first deadline. */
const biddingSeconds = 26
/** How long the bids of one lot take; a slower machine finds out and gives itself more. */
let perLotSeconds = 3
const attempts = 3
const limitSeconds = 120

let made = 0

/** Every third lot of a mixed wave is opened in two envelopes, in each mode in turn. */
const kindAt = (i: number, isMixed: boolean): Kind => ({
  mode: modes[i % modes.length]!,
  envelopes: isMixed && i % 3 === 2 ? 2 : 1,
})

/** Of a lot in two envelopes: the committee, and whom it is going to find fault with, another bidder each time. */
async function prepareReview(arena: Arena, { bidders }: Cast, lot: ChaosLot, turn: number): Promise<void> {
  const { organisationId } = bidders[turn % bidders.length]!
  const [found] = await arena.query<{ name: string }>('select name from organisation where id = $1', [organisationId])
  lot.failing = { organisationId, name: found!.name }
  await seatCommittee(arena, lot.id)
}

type Wanted = Pick<Openings, 'count' | 'isMixed'>

/** Lots that close a second apart, their bids in; null where the machine was too slow for the deadline it chose. */
async function tryLots(arena: Arena, cast: Cast, { count, isMixed = false }: Wanted): Promise<ChaosLot[] | null> {
  const kinds = Array.from({ length: count }, (_, i) => kindAt(made + i, isMixed))
  const ids: string[] = []
  for (const kind of kinds) ids.push(await prepareLot(cast, creditCode('350102', 700_000 + ++made), kind))
  const began = Date.now()
  const first = Math.ceil(began / 1000 + Math.max(biddingSeconds, 10 + count * perLotSeconds))
  const lots: ChaosLot[] = []
  for (const [i, id] of ids.entries()) lots.push(await announce(cast, id, kinds[i]!, new Date((first + i) * 1000)))
  for (const [i, lot] of lots.entries()) if (lot.envelopes === 2) await prepareReview(arena, cast, lot, made + i)
  for (const lot of lots) await handInBids(cast, lot)
  perLotSeconds = Math.max(perLotSeconds, (1.5 * (Date.now() - began)) / 1000 / count)
  return Date.now() > first * 1000 - 1_000 ? null : lots
}

/** Lots that close a second apart, their bids in. */
async function someLots(arena: Arena, cast: Cast, wanted: Wanted): Promise<ChaosLot[]> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const lots = await tryLots(arena, cast, wanted)
    if (lots) return lots
  }
  throw new Error('the bids were not in before the first deadline: a slower machine needs fewer lots')
}

export interface Act {
  what: string
  downMs?: number
  run(): Promise<void>
}

/** Phases of a second sitting (双信封) say so. */
const phaseOf = (arena: Arena, lot: ChaosLot) =>
  arena
    .query<{ phase: string }>(
      `select case when stage = 'price' then '2nd ' || phase else phase end as phase from opening where lot_id = $1`,
      [lot.id],
    )
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

/** What fell into the time of one opening, or lasted into it: from a second before its deadline until its record. */
const strikesOn = (lot: ChaosLot, struck: Struck[]): Strike[] =>
  struck
    .filter(one => one.at + one.downMs > lot.endsAt.getTime() - 1_500 && !/recorded|aborted/.test(one.phases.get(lot.id)!))
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
      const mode = lot.envelopes === 2 ? `${lot.mode}, two envelopes` : lot.mode
      return { chaos: 'opening', case: 0, fault, mode, kills, phase, seconds, ok: problems.length === 0, problems }
    }),
  )
}

interface Openings {
  count: number
  fault: string
  /** Some of the lots are opened in two envelopes (双信封), which the cast's experts review. */
  isMixed?: boolean
  /** Who plays the parties; this process unless told. */
  play?: typeof playOpening
}

/** Plays the openings of `count` lots while `upset` does what it does; gives a case per lot. */
export async function runOpenings(
  arena: Arena,
  cast: Cast,
  { fault, play = playOpening, ...wanted }: Openings,
  upset: (lots: ChaosLot[], note: (struck: Struck) => void) => Promise<void>,
): Promise<Case[]> {
  const lots = await someLots(arena, cast, wanted)
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
