// tbid-draw/1: does any panel exist? Decided exactly, before randomness, as a maximum flow
// employer (limit) → people of one kind → seat (n). An infeasible draw never reaches its seed (crypto.md §4 step 2).
import { type Candidate, fits, type Rules, type Seat } from './draw-rules.ts'

/** One change that alone makes a panel possible. `to` is the number or the shorter prefixes that would do. */
export type Relaxation =
  | { relax: 'employer-limit'; to: number }
  | { relax: 'region'; seat: string }
  | { relax: 'specialty'; seat: string; to: string[] }
  | { relax: 'count'; seat: string; to: number }

export type Feasibility =
  | { feasible: true }
  | { feasible: false; short: number; seats: { seat: string; need: number; fitting: number }[]; relax: Relaxation[] }

type Edge = { to: number; room: number; back: number }
type Graph = Edge[][]

function connect(graph: Graph, from: number, to: number, room: number) {
  graph[from]!.push({ to, room, back: graph[to]!.length })
  graph[to]!.push({ to: from, room: 0, back: graph[from]!.length - 1 })
}

/** People who share an employer and fit the same seats are interchangeable, which keeps the graph small. */
function kindsOf(rules: Rules, people: Candidate[]) {
  const kinds = new Map<string, { emp: string; seats: number[]; size: number }>()
  for (const person of people) {
    const seats = rules.seats.flatMap((seat, at) => (fits(person, seat) ? [at] : []))
    if (seats.length === 0) continue
    const key = `${person.emp} ${seats.join()}`
    const kind = kinds.get(key) ?? { emp: person.emp, seats, size: 0 }
    kinds.set(key, { ...kind, size: kind.size + 1 })
  }
  return [...kinds.values()]
}

const source = 0
const sink = 1

function graphOf(rules: Rules, people: Candidate[]): Graph {
  const kinds = kindsOf(rules, people)
  const employers = [...new Set(kinds.map(kind => kind.emp))]
  const seatAt = (at: number) => 2 + at
  const employerAt = (at: number) => 2 + rules.seats.length + at
  const graph: Graph = Array.from({ length: employerAt(employers.length) + kinds.length }, () => [])
  const places = new Map(employers.map((emp, at) => [emp, employerAt(at)]))
  for (const [at, seat] of rules.seats.entries()) connect(graph, seatAt(at), sink, seat.n)
  for (const place of places.values()) connect(graph, source, place, rules.maxPerEmployer)
  for (const [at, kind] of kinds.entries()) {
    const node = employerAt(employers.length) + at
    connect(graph, places.get(kind.emp)!, node, kind.size)
    for (const seat of kind.seats) connect(graph, node, seatAt(seat), kind.size)
  }
  return graph
}

/** Breadth-first search for one more unit of flow (Edmonds–Karp); false when there is none. */
function augment(graph: Graph): boolean {
  const cameBy = new Map<number, Edge>()
  const queue = [source]
  for (let head = 0; head < queue.length && !cameBy.has(sink); head++) {
    for (const edge of graph[queue[head]!]!) {
      if (edge.room === 0 || edge.to === source || cameBy.has(edge.to)) continue
      cameBy.set(edge.to, edge)
      queue.push(edge.to)
    }
  }
  if (!cameBy.has(sink)) return false
  for (let node = sink; node !== source; ) {
    const edge = cameBy.get(node)!
    const reverse = graph[node]![edge.back]!
    edge.room -= 1
    reverse.room += 1
    node = reverse.to
  }
  return true
}

/** The largest number of places that can be filled at once under the employer limit; never above the sum of all n. */
export function mostSeats(rules: Rules, people: Candidate[]): number {
  const graph = graphOf(rules, people)
  let filled = 0
  while (augment(graph)) filled += 1
  return filled
}

const placesOf = (rules: Rules) => rules.seats.reduce((all, seat) => all + seat.n, 0)
const isFeasible = (rules: Rules, people: Candidate[]) => mostSeats(rules, people) === placesOf(rules)

function withSeat(rules: Rules, name: string, change: Partial<Seat>): Rules {
  const seats = rules.seats.map(seat => (seat.seat === name ? { ...seat, ...change } : seat))
  return { ...rules, seats } as Rules
}

/** Each prefix one level up: `A080104` → `A0801` → `A08` → `A` (levels of 1, 2, 2, 2 characters). */
const wider = (disc: string[]): string[] => [
  ...new Set(disc.map(code => (code.length > 3 ? code.slice(0, -2) : code.slice(0, 1)))),
]

function* trials(rules: Rules): Generator<[Relaxation, Rules]> {
  const most = placesOf(rules)
  for (let to = rules.maxPerEmployer + 1; to <= most; to++)
    yield [
      { relax: 'employer-limit', to },
      { ...rules, maxPerEmployer: to },
    ]
  for (const seat of rules.seats) {
    if ('region' in seat && seat.region !== null)
      yield [{ relax: 'region', seat: seat.seat }, withSeat(rules, seat.seat, { region: null })]
    for (let to = wider(seat.disc), from = seat.disc; rules.v === 2 && to.join() !== from.join(); [from, to] = [to, wider(to)])
      yield [{ relax: 'specialty', seat: seat.seat, to }, withSeat(rules, seat.seat, { disc: to })]
    for (let to = seat.n - 1; to >= 1; to--)
      yield [{ relax: 'count', seat: seat.seat, to }, withSeat(rules, seat.seat, { n: to })]
  }
}

const kindOfTrial = (trial: Relaxation) => `${trial.relax} ${'seat' in trial ? trial.seat : ''}`

/** Whether a panel exists at all; if not, how many places stay empty and every mildest single change that would do. */
export function checkFeasible(rules: Rules, people: Candidate[]): Feasibility {
  const most = mostSeats(rules, people)
  if (most === placesOf(rules)) return { feasible: true }
  const relax: Relaxation[] = []
  for (const [trial, eased] of trials(rules)) {
    if (relax.some(found => kindOfTrial(found) === kindOfTrial(trial))) continue
    if (isFeasible(eased, people)) relax.push(trial)
  }
  const seats = rules.seats.map(seat => ({
    seat: seat.seat,
    need: seat.n,
    fitting: people.filter(person => fits(person, seat)).length,
  }))
  return { feasible: false, short: placesOf(rules) - most, seats, relax }
}
