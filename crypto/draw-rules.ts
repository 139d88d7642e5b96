// tbid-draw/1, the rules: who fits which seat, whether a panel exists at all, who is seated, who fills a vacancy.
// Pure: no hash, no randomness. The ranking comes from draw.ts.

/** rules.v = 1: one code per expert, matched by equality. */
export type SeatV1 = { seat: string; disc: string[]; n: number }
export type RulesV1 = { v: 1; seats: SeatV1[]; maxPerEmployer: number; alternates: number }

/** rules.v = 2: an expert's codes match a seat by prefix, its region by equality (null: any). */
export type SeatV2 = { seat: string; disc: string[]; region: string[] | null; n: number }
export type RulesV2 = { v: 2; seats: SeatV2[]; maxPerEmployer: number; alternates: number }
export type Rules = RulesV1 | RulesV2
export type Seat = SeatV1 | SeatV2

export type RowV1 = [c: string, disc: string, emp: string]
export type RowV2 = [c: string, who: { disc: string[]; region: string; emp: string }]
export type EligibleRow = RowV1 | RowV2

/** One eligible person, whichever edition the row has. `c` is the commitment in hex. */
export type Candidate = { c: string; disc: string[]; region: string | null; emp: string }
export type Seated = { seat: string; c: string }
export type Selection = { attempt: number; seated: Seated[]; alternates: { seat: string; cs: string[] }[] }

export const maxAttempt = 999

const isCount = (value: unknown, least: number) => Number.isSafeInteger(value) && (value as number) >= least
const isText = (value: unknown): value is string => typeof value === 'string' && value.length >= 1 && value.length <= 128
const hasExactly = (value: object, keys: string[]) => Object.keys(value).sort().join() === [...keys].sort().join()
const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every(isText) && new Set(value).size === value.length

function isSeat(value: unknown, v: 1 | 2): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { seat, disc, region, n } = value as Partial<SeatV2>
  if (!hasExactly(value, v === 1 ? ['seat', 'disc', 'n'] : ['seat', 'disc', 'region', 'n'])) return false
  return isText(seat) && isTextList(disc) && isCount(n, 1) && (v === 1 || region === null || isTextList(region))
}

/** Reads draw rules exactly: unknown fields, empty prefixes, repeated seat names and counts below one throw. */
export function readRules(value: unknown): Rules {
  const rules = value as Rules
  if (typeof value !== 'object' || value === null || !hasExactly(value, ['v', 'seats', 'maxPerEmployer', 'alternates']))
    throw new Error('draw rules: fields')
  if (rules.v !== 1 && rules.v !== 2) throw new Error('draw rules: edition')
  if (!Array.isArray(rules.seats) || rules.seats.length === 0 || !rules.seats.every(seat => isSeat(seat, rules.v)))
    throw new Error('draw rules: seats')
  if (new Set(rules.seats.map(seat => seat.seat)).size !== rules.seats.length) throw new Error('draw rules: repeated seat')
  if (!isCount(rules.maxPerEmployer, 1) || !isCount(rules.alternates, 0)) throw new Error('draw rules: limits')
  return rules
}

const hex64 = /^[0-9a-f]{64}$/
const hex32 = /^[0-9a-f]{32}$/

/** Reads the eligible list: rows of the rules' edition, strictly ascending by commitment, codes ascending. Throws on anything else. */
export function readEligible(rows: unknown, v: 1 | 2): Candidate[] {
  if (!Array.isArray(rows)) throw new Error('eligible list: not a list')
  const people = rows.map(row => (v === 1 ? candidateV1(row) : candidateV2(row)))
  people.forEach((person, at) => {
    if (at > 0 && person.c <= people[at - 1]!.c) throw new Error('eligible list: not ascending')
  })
  return people
}

function candidateV1(row: unknown): Candidate {
  const [c, disc, emp] = Array.isArray(row) && row.length === 3 ? row : []
  if (!hex64.test(c) || !isText(disc) || !hex32.test(emp)) throw new Error('eligible list: row')
  return { c, disc: [disc], region: null, emp }
}

function candidateV2(row: unknown): Candidate {
  const [c, who] = Array.isArray(row) && row.length === 2 ? row : []
  if (!hex64.test(c) || typeof who !== 'object' || who === null || !hasExactly(who, ['disc', 'region', 'emp']))
    throw new Error('eligible list: row')
  const { disc, region, emp } = who as RowV2[1]
  if (!isTextList(disc) || disc.some((code, at) => at > 0 && code <= disc[at - 1]!)) throw new Error('eligible list: codes')
  if (!isText(region) || !hex32.test(emp)) throw new Error('eligible list: row')
  return { c, disc, region, emp }
}

/** Whether a person may sit there: v1 by equal code, v2 by a code beginning with a prefix and an equal region. */
export function fits(person: Candidate, seat: Seat): boolean {
  if (!('region' in seat)) return person.disc.some(code => seat.disc.includes(code))
  if (seat.region !== null && (person.region === null || !seat.region.includes(person.region))) return false
  return person.disc.some(code => seat.disc.some(prefix => code.startsWith(prefix)))
}

/** Walks one ranking: the first fitting seat with room, unless the employer's limit is reached; null when seats are left over. */
export function seatRanking(rules: Rules, ranking: Candidate[], attempt: number): Selection | null {
  const room = rules.seats.map(seat => seat.n)
  const held = new Map<string, number>()
  const picked = rules.seats.map((): string[] => [])
  const spare = rules.seats.map((): string[] => [])
  const isDone = () => room.every(left => left === 0) && spare.every(list => list.length >= rules.alternates)
  for (const person of ranking) {
    if (isDone()) break
    const fitting = rules.seats.flatMap((seat, at) => (fits(person, seat) ? [at] : []))
    const at = fitting.find(place => room[place]! > 0)
    if (at === undefined || (held.get(person.emp) ?? 0) >= rules.maxPerEmployer) {
      // v1 lists a person once, v2 beside every seat it fits (crypto.md §10.11).
      for (const place of rules.v === 1 ? fitting.slice(0, 1) : fitting)
        if (spare[place]!.length < rules.alternates) spare[place]!.push(person.c)
      continue
    }
    room[at]! -= 1
    picked[at]!.push(person.c)
    held.set(person.emp, (held.get(person.emp) ?? 0) + 1)
  }
  if (room.some(left => left > 0)) return null
  return {
    attempt,
    seated: rules.seats.flatMap((seat, at) => picked[at]!.map(c => ({ seat: seat.seat, c }))),
    alternates: rules.seats.map((seat, at) => ({ seat: seat.seat, cs: spare[at]! })),
  }
}

export const contactOutcomes = ['accepted', 'refused', 'no-answer', 'engaged', 'avoid'] as const
export type ContactOutcome = (typeof contactOutcomes)[number]
export type ContactEvent = { c: string; outcome: ContactOutcome; at: string }

/** The panel as contacts go on: every place with its holder (null: open), who was ever contacted, who has accepted. */
export type Panel = { places: { seat: string; c: string | null }[]; contacted: string[]; accepted: string[] }

export const panelOf = (selection: Selection): Panel => ({
  places: selection.seated.map(({ seat, c }) => ({ seat, c })),
  contacted: selection.seated.map(({ c }) => c),
  accepted: [],
})

/** Applies one contact event; a seat that empties is filled at once by the vacancy rule of §10.11. Throws if the person holds no seat. */
export function applyEvent(rules: Rules, ranking: Candidate[], panel: Panel, event: Pick<ContactEvent, 'c' | 'outcome'>): Panel {
  const at = panel.places.findIndex(place => place.c === event.c)
  if (at < 0) throw new Error('contact event: holds no seat')
  if (!contactOutcomes.includes(event.outcome)) throw new Error('contact event: outcome')
  if (event.outcome === 'accepted') {
    if (panel.accepted.includes(event.c)) throw new Error('contact event: accepted twice')
    return { ...panel, accepted: [...panel.accepted, event.c] }
  }
  const accepted = panel.accepted.filter(c => c !== event.c)
  const open = panel.places.map((place, index) => (index === at ? { seat: place.seat, c: null } : place))
  const next = successor(rules, ranking, { ...panel, places: open }, open[at]!.seat)
  if (next === null) return { places: open, contacted: panel.contacted, accepted }
  return {
    places: open.map((place, index) => (index === at ? { seat: place.seat, c: next } : place)),
    contacted: [...panel.contacted, next],
    accepted,
  }
}

/** The first in the ranking who fits the seat, was never contacted and stays within the employer's limit among those now seated. */
function successor(rules: Rules, ranking: Candidate[], panel: Panel, seatName: string): string | null {
  const seat = rules.seats.find(({ seat: name }) => name === seatName)
  const holders = new Set(panel.places.map(place => place.c))
  const contacted = new Set(panel.contacted)
  const held = new Map<string, number>()
  for (const person of ranking) if (holders.has(person.c)) held.set(person.emp, (held.get(person.emp) ?? 0) + 1)
  const isFree = (person: Candidate) => !contacted.has(person.c) && (held.get(person.emp) ?? 0) < rules.maxPerEmployer
  return ranking.find(person => seat !== undefined && isFree(person) && fits(person, seat))?.c ?? null
}
