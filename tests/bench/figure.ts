/** One measured figure. `ratio` > 1 means slower than the floor, `peerRatio` > 1 faster than the peer; both measured in the same run. */
export interface Figure {
  bench: string
  case: string
  unit: string
  ours: number
  floor?: number
  ratio?: number
  peer?: number
  peerRatio?: number
}

const round = (value: number) => Number(value.toPrecision(4))

/** A figure whose unit is a time: less is better. */
export function timed(
  bench: string,
  name: string,
  unit: string,
  ours: number,
  other: { floor?: number; peer?: number } = {},
): Figure {
  const { floor, peer } = other
  return {
    bench,
    case: name,
    unit,
    ours: round(ours),
    ...(floor === undefined ? {} : { floor: round(floor), ratio: round(ours / floor) }),
    ...(peer === undefined ? {} : { peer: round(peer), peerRatio: round(peer / ours) }),
  }
}

/** Milliseconds of one run. */
export async function milliseconds(run: () => unknown): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

export const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

/** Medians of two things run in turns, so that a busy machine slows both alike. */
export async function inTurns(times: number, a: () => unknown, b: () => unknown): Promise<[number, number]> {
  const [first, second]: [number[], number[]] = [[], []]
  for (let round = 0; round < times; round++) {
    first.push(await milliseconds(a))
    second.push(await milliseconds(b))
  }
  return [median(first), median(second)]
}
