/**
 * The committee that reviews the first of two envelopes (双信封). It is put in place by rows, as a finished draw leaves it, and its
 * members' accounts with it: a draw under kills takes four agents in processes of their own and is `npm run chaos -- draw`. From there on
 * everything goes over HTTP like everybody's: arrival, declaration, findings, sheets; nobody writes who passed.
 */
import { randomUUID } from 'node:crypto'
import { fillSheet, lockSheet, type Manner, readEvaluation } from '@/bin/client/evaluation'
import { arrive, declare, type Expert, readArrival } from '@/bin/client/expert'
import { demoPassword } from '@/bin/client/keys'
import { type Guest, guestOf } from '@/bin/client/party'
import { rulesOf } from '~/trading/draw/draw'
import type { Arena } from './arena'
import type { ChaosLot } from './cast'

const logins = ['chaos-expert-1', 'chaos-expert-2', 'chaos-expert-3']

/** Three experts of the seeded library with accounts, as accepting an invitation makes them, but with a password. */
export async function makeExperts({ query, url }: Arena): Promise<Guest[]> {
  await query(
    `insert into person (id, login, name, password_hash, created_at)
     select gen_random_uuid(), l, l, p.password_hash, now() from person p, unnest($1::text[]) l where p.login = 'agency'`,
    [logins],
  )
  await query(
    `insert into membership (id, person_id, organisation_id, role, created_at)
     select gen_random_uuid(), p.id, m.organisation_id, 'expert', now()
     from person p, membership m join person a on a.id = m.person_id and a.login = 'exchange' where p.login = any($1)`,
    [logins],
  )
  await query(
    `update expert e set person_id = p.id
     from (select id, row_number() over (order by login) as no from person where login = any($1)) p
     join (select id, row_number() over (order by code) as no from expert where state = 'active' limit 3) x using (no)
     where e.id = x.id`,
    [logins],
  )
  return Promise.all(logins.map(login => guestOf(url, login, demoPassword)))
}

/** The rows of a draw that is complete: everybody drawn has accepted. */
export async function seatCommittee({ query }: Arena, lotId: string): Promise<void> {
  const id = randomUUID()
  const rules = JSON.stringify(rulesOf([{ seat: '技术', disc: ['A08'], region: null, n: logins.length }]))
  await query(
    `insert into draw (id, lot_id, round, kind, number, draw_id, state, rules, avoid_box, evaluation_at, size, city, place, hours,
       answer_seconds, reveal_seconds, requested_by, created_at)
     select $2, l.id, l.round, 'committee', 1, l.code || '-committee-1', 'complete', $3::jsonb, '', now(), $4, '福州市', '评标室', 4,
       60, 60, p.agency_id, now()
     from lot l join project p on p.id = l.project_id where l.id = $1`,
    [lotId, id, rules, logins.length],
  )
  await query('insert into draw_lot (draw_id, lot_id, round) select $2, id, round from lot where id = $1', [lotId, id])
  await query(
    `insert into draw_contact (id, draw_id, expert_id, c, seat, code_hash, state, invited_at, expires_at, answered_at, reminded_at)
     select gen_random_uuid(), $1, e.id, e.leaf, '技术', encode(sha256(gen_random_uuid()::text::bytea), 'hex'), 'accepted',
       now(), now(), now(), now()
     from expert e join person p on p.id = e.person_id where p.login = any($2)`,
    [id, logins],
  )
}

const mannerOf = ({ failing }: ChaosLot): Manner => ({
  reads: false,
  faultOf: bidder => (bidder === failing?.name ? '投标函未签字，第 3 页' : null),
})

/** What an expert does, each to be tried again until it is done. */
export function expertActs({ api, name }: Guest, lot: ChaosLot): (() => Promise<unknown>)[] {
  const expert: Expert = { api, name, lotId: lot.id, token: api.token }
  const sit = async () => {
    const arrival = await readArrival(expert)
    if (arrival?.declaredAt) return true
    if (!arrival?.arrivedAt) await arrive(expert)
    else if (arrival.bidders.length > 0) await declare(expert, false)
    return null
  }
  const review = async () => {
    const evaluation = await readEvaluation(expert)
    if (evaluation.members.find(member => member.expertId === evaluation.me)?.lockedAt) return true
    await fillSheet(expert, evaluation, mannerOf(lot))
    await lockSheet(expert)
    return null
  }
  return [sit, review]
}
