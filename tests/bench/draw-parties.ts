// Many draws at once, unattended: web, worker, witness and three party agents, each a process of its own with its own keys, all over HTTP.
import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { createLot, createProject, requestDraw } from '@/bin/client/agency'
import { creditCode } from '@/bin/client/credit-code'
import { verifyDraw } from '@/crypto/verify/draw'
import { type Arena, makeArena, pause } from '@/tests/chaos/arena'
import { type DrawCast, lotWanted, makeDrawCast, project, seats, startAgents } from '@/tests/chaos/draw-cast'
import { closeJson, openVault } from '~/platform/vault/vault.server'
import { machineCpu } from './cpu'
import { type Figure, timed } from './figure'

const usualDraws = 500
/** So many evaluations begin in the same hour: their draws compete for the same people. */
const perHour = 50
const limitMs = 1_800_000

/** One request as the agency makes it and two persons let it through. */
async function askOne({ query }: Arena, cast: DrawCast): Promise<{ id: string; lotId: string }> {
  const { api } = cast.agency
  const tenderer = { name: '演练市水务局', creditCode: creditCode('350102', 900_000) }
  const { id: projectId } = await createProject(api, { ...project, name: '同时抽取', tenderer })
  const { id: lotId } = await createLot(api, projectId, lotWanted)
  await query(`update lot set state = 'bidding', bidding_ends_at = now() + interval '30 minutes' where id = $1`, [lotId])
  const evaluationAt = new Date(Date.now() + 7_200_000)
  const wanted = { size: 5, seats, avoid: [], evaluationAt, place: '评标室', hours: 1, answerSeconds: 3_600, revealSeconds: 120 }
  const { id } = await requestDraw(api, lotId, wanted as Parameters<typeof requestDraw>[2])
  for (const person of [cast.supervisor, cast.approver]) await person.api.post(`/draws/${id}/approval`)
  return { id, lotId }
}

/** The same request for as many lots more: what is measured begins where all are approved, and asking is measured by nobody. */
async function askAll(arena: Arena, cast: DrawCast, count: number): Promise<string[]> {
  const { query, folder } = arena
  const first = await askOne(arena, cast)
  const vault = openVault(join(dirname(folder), 'keys'))
  const [{ drawId, at } = { drawId: '', at: new Date() }] = await query<{ drawId: string; at: Date }>(
    `select draw_id as "drawId", evaluation_at as at from draw where id = $1`,
    [first.id],
  )
  const copies = Array.from({ length: count - 1 }, (_, n) => {
    const [id, lotId] = [randomUUID(), randomUUID()]
    const hour = new Date(at.getTime() + Math.floor((n + 1) / perHour) * 3_600_000)
    const box = Buffer.from(closeJson(vault, `draw avoid ${id}`, [])).toString('hex')
    const own = { id, lot_id: lotId, draw_id: drawId.replace(first.lotId, lotId), evaluation_at: hour, avoid_box: `\\x${box}` }
    return {
      draw: own,
      lot: { id: lotId, code: `${lotId.slice(0, 8)}`, name: `标段 ${n + 2}` },
      of: { draw_id: id, lot_id: lotId },
      approval: { draw_id: id },
    }
  })
  const copy = (table: string, key: string, from: string, what: keyof (typeof copies)[number]) =>
    query(
      `insert into ${table} select (jsonb_populate_record(t, x)).* from ${table} t, jsonb_array_elements($2::jsonb) x where t.${key} = $1`,
      [from, JSON.stringify(copies.map(one => one[what]))],
    )
  await copy('lot', 'id', first.lotId, 'lot')
  await copy('draw', 'id', first.id, 'draw')
  await copy('draw_lot', 'draw_id', first.id, 'of')
  await copy('draw_approval', 'draw_id', first.id, 'approval')
  return [first.id, ...copies.map(one => one.draw.id)]
}

/** The bids of every lot become known at one instant: from here on nobody does anything but the processes. */
async function openAll({ query }: Arena): Promise<void> {
  const bidders = await query<{ id: string }>(
    `select o.id from organisation o join membership m on m.organisation_id = o.id where m.role = 'bidder' order by o.id limit 3`,
  )
  for (const { id } of bidders)
    await query(
      `insert into bid (id, lot_id, round, organisation_id, seq, state, statement, statement_hash, cms, leaf_idx, committed_at)
       select gen_random_uuid(), d.lot_id, 1, $1::uuid, 1, 'locked', '{}', encode(sha256((d.id::text || $1)::bytea), 'hex'), '', 0, now() from draw d`,
      [id],
    )
  await query(`update lot set state = 'opening', closed_at = now() where id in (select lot_id from draw)`)
}

const one = async (arena: Arena, sql: string) => (await arena.query<{ n: number }>(sql))[0]?.n ?? 0

/** Until every draw has its panel; throws where one has not in time. */
async function untilSeated(arena: Arena, count: number): Promise<void> {
  const end = Date.now() + limitMs
  for (let seated = 0; seated < count; ) {
    if (Date.now() > end) throw new Error(`${seated} of ${count} draws seated in time`)
    await pause(250)
    seated = await one(arena, `select count(*)::int as n from draw where drawn_at is not null`)
  }
}

const overlaps = `select count(*)::int as n from draw_booking a join draw_booking b on a.expert_id = b.expert_id and a.contact_id < b.contact_id
  where a.during && b.during`

/** How many of these draws' public transcripts an outsider finds broken. */
async function brokenOf(cast: DrawCast, ids: string[]): Promise<number> {
  const { api } = cast.agency
  const anchors = await api.get<Parameters<typeof verifyDraw>[1]>('/anchors')
  let broken = 0
  for (const id of ids) {
    if (verifyDraw(await api.get<unknown>(`/draws/${id}/transcript`), anchors).broken.length > 0) broken++
  }
  return broken
}

const looked = 20

/** 500 draws (or `--draws N`) whose bids become known at once: all seated by agents in processes of their own, nobody held twice. */
export async function* benchParties({ draws = usualDraws }: { draws?: number }): AsyncIterable<Figure> {
  const arena = await makeArena()
  const agents = await startAgents(arena)
  try {
    const cast = await makeDrawCast(arena)
    const ids = await askAll(arena, cast, draws)
    const cpu = machineCpu()
    const start = performance.now()
    await openAll(arena)
    await untilSeated(arena, draws)
    const makespan = performance.now() - start
    const spent = machineCpu() - cpu
    yield timed('parties', `${draws} draws at once over HTTP, from bids known to the last panel`, 'ms', makespan)
    yield timed('parties', `of it the machine’s processor time, a draw`, 'ms', spent / draws)
    yield timed('parties', `makespan beside that processor time on ${availableParallelism()} cores`, 'ms', makespan, {
      floor: spent / availableParallelism(),
    })
    yield timed(
      'parties',
      'draws seated',
      'draws',
      await one(arena, 'select count(*)::int as n from draw where drawn_at is not null'),
    )
    yield timed('parties', 'people held', 'people', await one(arena, 'select count(*)::int as n from draw_booking'))
    yield timed(
      'parties',
      'passed over as held elsewhere',
      'people',
      await one(arena, `select count(*)::int as n from draw_contact where state = 'engaged'`),
    )
    const twice = await one(arena, overlaps)
    if (twice > 0) throw new Error(`${twice} pairs of overlapping bookings`)
    yield timed('parties', 'people held twice at a time', 'people', twice)
    yield timed('parties', `transcripts broken, of ${looked} looked at`, 'draws', await brokenOf(cast, ids.slice(0, looked)))
  } finally {
    await agents.stop()
    await arena.stop()
  }
}
