// SIGKILL of web, worker or database at random instants inside openings.
import { randomInt } from 'node:crypto'
import { type Arena, makeArena, victims } from './arena'
import type { Case } from './case'
import { type Cast, type ChaosLot, makeCast } from './cast'
import { runOpenings, strike, untilAfter } from './run'

/** So many openings at a time, and as many kills. */
export const lotsPerWave = 6
/** Kills fall between a second before the first deadline and this long after the last. */
const spanMs = 7_000

const plansOf = (lots: ChaosLot[]) => {
  const length = lots.at(-1)!.endsAt.getTime() - lots[0]!.endsAt.getTime() + spanMs
  return lots
    .map(() => ({ victim: victims[randomInt(victims.length)]!, atMs: randomInt(-1_000, length), downMs: randomInt(0, 1_200) }))
    .sort((a, b) => a.atMs - b.atMs)
}

const wave = (arena: Arena, cast: Cast, count: number): Promise<Case[]> =>
  runOpenings(arena, cast, { count, fault: 'kills' }, async (lots, note) => {
    for (const { victim, atMs, downMs } of plansOf(lots)) {
      await untilAfter(lots[0]!.endsAt, atMs)
      note(await strike(arena, lots, { what: victim, downMs, run: () => arena.kill(victim, downMs) }))
    }
  })

/** `count` openings, and as many kills that fall inside them. */
export async function* chaosKills(count: number): AsyncIterable<Case> {
  const arena = await makeArena()
  try {
    const cast = await makeCast(arena)
    for (let left = count; left > 0; left -= lotsPerWave) yield* await wave(arena, cast, Math.min(left, lotsPerWave))
  } finally {
    await arena.stop()
  }
}
