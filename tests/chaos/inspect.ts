// What must be true of an opening, whatever was killed while it ran.
import { provenClose, readAnchors } from '@/bin/client/release'
import { unhex } from '@/crypto/bytes'
import { verifyConsistency } from '@/crypto/merkle'
import { readCheckpoint } from '@/crypto/note'
import { type Arena, pause } from './arena'
import { type Cast, type ChaosLot, readable } from './cast'
import { inspectEnvelopes } from './inspect-envelopes'

interface LotRow {
  state: string
  early: boolean
  lag_ms: number
}

/** A lot in two envelopes (双信封) is in evaluation from its first record on. */
async function lotProblems({ query }: Arena, { id, envelopes }: ChaosLot): Promise<string[]> {
  const [lot] = await query<LotRow>(
    `select state, closed_at < bidding_ends_at as early, extract(epoch from closed_at - bidding_ends_at) * 1000 as lag_ms from lot where id = $1`,
    [id],
  )
  const [keys] = await query<{ n: number }>(
    `select count(*)::int as n from stage_key k join bid b on b.id = k.bid_id join lot l on l.id = b.lot_id where l.id = $1 and k.opened_at < l.closed_at`,
    [id],
  )
  return [
    ...(lot?.state === (envelopes === 2 ? 'evaluating' : 'opened') ? [] : [`lot is ${lot?.state}`]),
    ...(lot?.early ? ['closed early'] : []),
    ...(keys?.n ? ['a key was opened before the close'] : []),
  ]
}

async function readOutProblems({ query }: Arena, lot: ChaosLot): Promise<string[]> {
  const rows = await query<{ org: string; price: string; state: string }>(
    `select b.organisation_id as org, r.price_fen::text as price, b.state from read_out r join bid b on b.id = r.bid_id where b.lot_id = $1`,
    [lot.id],
  )
  const prices = readable(lot)
  const wrong = rows.filter(row => prices.get(row.org) !== row.price || row.state !== 'decrypted')
  return [
    ...(rows.length === prices.size ? [] : [`${rows.length} of ${prices.size} prices`]),
    ...wrong.map(row => `wrong price or state of ${row.org}`),
  ]
}

const drainMs = 30_000

/** Entries that were committed with their acts stand in the log once the sequencer has given them their places; it comes to everyone in time. */
async function drained({ query }: Arena, { id }: ChaosLot): Promise<string[]> {
  for (const until = Date.now() + drainMs; Date.now() < until; await pause(500)) {
    const [left] = await query<{ n: number }>('select count(*)::int as n from log_pending where lot_id = $1', [id])
    if (left?.n === 0) return []
  }
  return ['entries wait for their place in the log']
}

/** Entries of which an opening has one, or one for each of its sittings. */
const once = ['lot.close', 'opening.count']
const onceEachSitting = ['opening.read-out', 'opening.confirmed', 'opening.seal-record', 'opening.record']

async function countProblems({ query }: Arena, lot: ChaosLot): Promise<string[]> {
  const { id, envelopes: sittings } = lot
  const prices = readable(lot)
  const entries = await query<{ action: string; n: number }>(
    'select action, count(*)::int as n from log_payload where lot_id = $1 group by action',
    [id],
  )
  const many = (action: string) => entries.find(e => e.action === action)?.n ?? 0
  const [events] = await query<{ n: number; last: number; reads: number }>(
    `select count(*)::int as n, max(seq) as last,
       coalesce(sum(jsonb_array_length(facts -> 'bids')) filter (where kind = 'read'), 0)::int as reads
     from opening_event where lot_id = $1`,
    [id],
  )
  const papers = await query(`select 1 from paper where lot_id = $1 and kind = 'opening-record'`, [id])
  const notices = await query(`select 1 from notice where lot_id = $1 and kind = 'opening'`, [id])
  return [
    ...once.filter(action => many(action) !== 1).map(action => `${many(action)} entries ${action}`),
    ...onceEachSitting.filter(action => many(action) !== sittings).map(action => `${many(action)} entries ${action}`),
    // An entry tells of all bids that one transaction read; which they were, the events say.
    ...(many('opening.read') >= 1 && many('opening.read') <= prices.size ? [] : [`${many('opening.read')} entries opening.read`]),
    ...(events && events.n === events.last ? [] : ['events with gaps']),
    ...(events?.reads === prices.size ? [] : [`${events?.reads} prices read out`]),
    ...(papers.length === sittings ? [] : [`${papers.length} records`]),
    ...(notices.length === sittings ? [] : [`${notices.length} notices of the record`]),
  ]
}

/** Each release message is one row and one line in the hall, however often it was sent; those taken together share an entry. */
async function messageProblems({ query }: Arena, { id }: ChaosLot): Promise<string[]> {
  const [found] = await query<{ rows: number; last: number; entries: number; told: number }>(
    `select count(*)::int as rows, coalesce(max(no), 0)::int as last,
       (select count(*)::int from log_payload p where p.lot_id = $1 and p.action = 'key.release') as entries,
       (select coalesce(sum(jsonb_array_length(facts -> 'releases')), 0)::int from opening_event where lot_id = $1 and kind = 'released') as told
     from release_message where lot_id = $1`,
    [id],
  )
  const { rows = 0, last, entries = 0, told } = found ?? {}
  const isOnce = rows > 0 && last === rows && told === rows && entries > 0 && entries <= rows
  return isOnce ? [] : [`release messages: ${JSON.stringify(found)}`]
}

/** The close is proven and cosigned, and the log of now extends the log of then. */
async function proofProblems(cast: Cast, { id }: ChaosLot): Promise<string[]> {
  const { api } = cast.agency
  const served = await api.get<Parameters<typeof provenClose>[0]>(`/lots/${id}/close`)
  const { checkpoint } = provenClose(served, await readAnchors(cast.agency))
  const now = readCheckpoint(await api.text('/log/checkpoint'))
  if (now.size === checkpoint.size) return []
  const { proof } = await api.get<{ proof: string[] }>(`/log/consistency?from=${checkpoint.size}&to=${now.size}`)
  const trees = {
    size1: checkpoint.size,
    size2: now.size,
    root1: unhex(checkpoint.root),
    root2: unhex(now.root),
    proof: proof.map(unhex),
  }
  return verifyConsistency(trees) ? [] : ['the log does not extend itself']
}

/** Everything that is wrong with an opening; empty when nothing was lost, doubled or early. */
export async function inspect(arena: Arena, cast: Cast, lot: ChaosLot): Promise<string[]> {
  const proofs = await proofProblems(cast, lot).catch((error: unknown) => [String(error)])
  return [
    ...(await drained(arena, lot)),
    ...(await lotProblems(arena, lot)),
    ...(await readOutProblems(arena, lot)),
    ...(await countProblems(arena, lot)),
    ...(await messageProblems(arena, lot)),
    ...(lot.envelopes === 2 ? await inspectEnvelopes(arena, cast, lot) : []),
    ...proofs,
  ]
}
