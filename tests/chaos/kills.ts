// SIGKILL of web, worker or database at random instants inside openings.
import { randomInt } from 'node:crypto'
import { type Arena, makeArena, pause, type Victim, victims } from './arena'
import type { Case } from './case'
import { type Cast, type ChaosLot, makeCast } from './cast'
import { makeExperts } from './committee'
import { runOpenings, strike, untilAfter } from './run'

/** So many openings at a time, and as many kills, with those of second sittings more. */
export const lotsPerWave = 6
/** Kills fall between a second before the first deadline and this long after the last. */
const spanMs = 7_000

interface Plan {
  victim: Victim
  atMs: number
  downMs: number
}

/** Kills at random instants of so many milliseconds, in their order. */
const plansOf = (count: number, fromMs: number, toMs: number): Plan[] =>
  Array.from({ length: count }, () => ({
    victim: victims[randomInt(victims.length)]!,
    atMs: randomInt(fromMs, toMs),
    downMs: randomInt(0, 1_200),
  })).sort((a, b) => a.atMs - b.atMs)

/** Between the envelopes and in the second sitting: so many kills more for each lot in two, within this long of the first intermission. */
const secondKills = 2
const secondSpanMs = 8_000
const longestMs = 90_000

/** Waits until the first of these lots has closed its first sitting; gives that instant, or null where none does in time. */
async function intermission({ query }: Arena, lots: ChaosLot[]): Promise<Date | null> {
  const ids = lots.map(lot => lot.id)
  for (const until = Date.now() + longestMs; Date.now() < until; await pause(150)) {
    const past = `(phase = 'intermission' or stage = 'price')`
    const rows = await query(`select 1 from opening where lot_id = any($1::uuid[]) and ${past} limit 1`, [ids])
    if (rows.length > 0) return new Date()
  }
  return null
}

const wave = (arena: Arena, cast: Cast, count: number): Promise<Case[]> =>
  runOpenings(arena, cast, { count, fault: 'kills', isMixed: true }, async (lots, note) => {
    const killAll = async (from: Date, plans: Plan[]) => {
      for (const { victim, atMs, downMs } of plans) {
        await untilAfter(from, atMs)
        note(await strike(arena, lots, { what: victim, downMs, run: () => arena.kill(victim, downMs) }))
      }
    }
    const lastMs = lots.at(-1)!.endsAt.getTime() - lots[0]!.endsAt.getTime()
    await killAll(lots[0]!.endsAt, plansOf(count, -1_000, lastMs + spanMs))
    const two = lots.filter(lot => lot.envelopes === 2)
    const from = two.length > 0 ? await intermission(arena, two) : null
    if (from) await killAll(from, plansOf(two.length * secondKills, 0, secondSpanMs))
  })

/** `count` openings, a third of them in two envelopes (双信封), and more kills than that, which fall inside them. */
export async function* chaosKills(count: number): AsyncIterable<Case> {
  const arena = await makeArena()
  try {
    const cast = { ...(await makeCast(arena)), experts: await makeExperts(arena) }
    for (let left = count; left > 0; left -= lotsPerWave) yield* await wave(arena, cast, Math.min(left, lotsPerWave))
  } finally {
    await arena.stop()
  }
}
