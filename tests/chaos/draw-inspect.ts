// What must be true of a draw, whatever was killed while it ran.
import { createHash } from 'node:crypto'
import { type Anchors, readAnchors } from '@/crypto/anchors'
import { verifyDraw } from '@/crypto/verify/draw'
import type { Arena } from './arena'
import type { Answers, ChaosDraw, DrawCast } from './draw-cast'

const once = async ({ query }: Arena, sql: string, values: unknown[]): Promise<number> =>
  (await query<{ n: number }>(sql, values))[0]?.n ?? -1

/** No second seed: one prelude, one V, one seating, no share said twice with other bytes. */
async function seedProblems(arena: Arena, { id, lotId }: ChaosDraw): Promise<string[]> {
  const said = (t: string) => once(arena, 'select count(*)::int as n from draw_message where draw_id = $1 and t = $2', [id, t])
  const logged = (action: string) =>
    once(arena, 'select count(*)::int as n from log_payload where lot_id = $1 and action = $2', [lotId, action])
  const wanted: [string, number, number][] = [
    ['preludes', await said('tbid/draw.prelude@1'), 1],
    ['commits', await said('tbid/draw.commit@1'), 4],
    ['V', await said('tbid/draw.v@1'), 1],
    ['shares', await said('tbid/draw.share@1'), 12],
    ['logged V', await logged('draw.v'), 1],
    ['logged shares', await logged('draw.share'), 12],
    ['seatings', await logged('draw.seat'), 1],
  ]
  return wanted.filter(([, found, due]) => found !== due).map(([what, found, due]) => `${found} ${what}, not ${due}`)
}

/** No doubled call, no lost answer. */
async function contactProblems({ query }: Arena, { id }: ChaosDraw, answers: Answers): Promise<string[]> {
  const rows = await query<{ code_hash: string; state: string }>('select code_hash, state from draw_contact where draw_id = $1', [
    id,
  ])
  const stateOf = (code: string) => rows.find(row => row.code_hash === createHash('sha256').update(code).digest('hex'))?.state
  const called = rows.filter(row => row.state !== 'engaged').length
  const [{ n: events } = { n: -1 }] = await query<{ n: number }>('select count(*)::int as n from draw_event where draw_id = $1', [
    id,
  ])
  return [
    ...(new Set(answers.calls).size === answers.calls.length ? [] : ['somebody was called twice']),
    ...(answers.calls.length === called ? [] : [`${answers.calls.length} calls for ${called} people`]),
    ...[...answers.accepted].filter(code => stateOf(code) !== 'accepted').map(() => 'an acceptance was lost'),
    ...[...answers.declined].filter(code => stateOf(code) !== 'refused').map(() => 'a refusal was lost'),
    ...(events === rows.length ? [] : [`${events} events for ${rows.length} people`]),
  ]
}

async function bookingProblems(arena: Arena, { id }: ChaosDraw): Promise<string[]> {
  const held = await once(
    arena,
    'select count(*)::int as n from draw_booking b join draw_contact c on c.id = b.contact_id where c.draw_id = $1',
    [id],
  )
  const double = await once(
    arena,
    `select count(*)::int as n from draw_booking a join draw_booking b
     on a.expert_id = b.expert_id and a.contact_id < b.contact_id and a.during && b.during`,
    [],
  )
  return [...(held === 5 ? [] : [`${held} people held, not 5`]), ...(double === 0 ? [] : [`${double} doubled bookings`])]
}

async function proofProblems({ agency }: DrawCast, { id }: ChaosDraw): Promise<string[]> {
  const transcript = await agency.api.get<unknown>(`/draws/${id}/transcript`)
  const anchors: Anchors = readAnchors(await agency.api.get<unknown>('/anchors'))
  const { broken, unproven } = verifyDraw(transcript, anchors)
  return [...broken, ...unproven]
}

/** Everything that is wrong with a draw; empty when nothing was lost, doubled or drawn again. */
export async function inspectDraw(arena: Arena, cast: DrawCast, draw: ChaosDraw, answers: Answers): Promise<string[]> {
  return [
    ...(await seedProblems(arena, draw)),
    ...(await contactProblems(arena, draw, answers)),
    ...(await bookingProblems(arena, draw)),
    ...(await proofProblems(cast, draw).catch((error: unknown) => [String(error)])),
  ]
}
