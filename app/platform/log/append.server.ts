import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { hex } from '@/crypto/bytes'
import type { Json } from '@/crypto/jcs'
import { nodeRandom, nodeSuites } from '@/crypto/suite-node'
import { ledgerLeaf } from '@/crypto/tlog'
import { packed } from '@/db/packed'
import type { Actor, Ctx } from '../ctx'
import { closeJson, closePadded } from '../vault/vault.server'

/** What a command leaves in the log. `sealed` hides lot and action in the row: acts on bids before opening (crypto.md §10.3). */
export interface LogEntry {
  lotId?: string
  sealed?: boolean
  /** Facts of the act; actor, time and address are added. */
  facts?: Record<string, Json>
  /** Or the whole payload, for messages with a schema of their own (lot.close, draw.*). */
  payload?: Record<string, Json>
}

export interface Appended {
  entryId: string
  salt: Uint8Array
  payload: Record<string, Json>
  leaf: Uint8Array
}

/** What `log_payload.box` holds. */
export interface PayloadBox {
  salt: string
  payload: Record<string, Json>
}

/** Pending rows of one statement at most. */
const rowsAtOnce = 2_000

/** An entry that is made but not written yet. */
export interface Prepared {
  appended: Appended
  row: { entryId: string; leaf: Uint8Array; box: Uint8Array; lotId: string | null; action: string | null }
}

/** Makes an entry; `appendPrepared` writes it. */
export function prepareEntry(ctx: Ctx, action: string, entry: LogEntry): Prepared {
  const payload = entry.payload ?? {
    t: 'tbid/act@1',
    platform: ctx.platform.config.platformId,
    action,
    actor: actorOf(ctx.actor),
    at: ctx.now.toISOString(),
    address: ctx.address,
    facts: entry.facts ?? {},
  }
  const salt = nodeRandom(32)
  const entryId = randomUUID()
  const leaf = ledgerLeaf(salt, payload, nodeSuites.intl.hash)
  const close = entry.sealed ? closePadded : closeJson
  const box = close(ctx.platform.vault, `log ${entryId}`, {
    salt: hex(salt),
    payload,
  } satisfies PayloadBox)
  const open = entry.sealed ? { lotId: null, action: null } : { lotId: entry.lotId ?? null, action }
  return { appended: { entryId, salt, payload, leaf }, row: { entryId, leaf, box, ...open } }
}

type PendingRow = Prepared['row']

/** A serial number follows the order of the rows: they are written in the order of `n`. */
async function insertPending(ctx: Ctx, rows: PendingRow[]): Promise<void> {
  const of = <T>(value: (row: PendingRow) => T) => sql.param(rows.map(value))
  const [leaves, boxes] = [packed(rows.map(row => row.leaf)), packed(rows.map(row => row.box))]
  await ctx.db.execute(sql`
    insert into log_pending (entry_id, leaf, box, lot_id, action)
    select e, substr(${leaves.bytes}::bytea, ls, lz), substr(${boxes.bytes}::bytea, bs, bz), t, a
    from unnest(${of(r => r.entryId)}::uuid[], ${sql.param(leaves.starts)}::int[], ${sql.param(leaves.sizes)}::int[],
      ${sql.param(boxes.starts)}::int[], ${sql.param(boxes.sizes)}::int[],
      ${of(r => r.lotId)}::uuid[], ${of(r => r.action)}::text[]) with ordinality as n(e, ls, lz, bs, bz, t, a, i)
    order by i`)
}

/** Writes prepared entries into this transaction, in this order; the sequencer gives them their indexes. */
export async function appendPrepared(ctx: Ctx, all: Prepared[]): Promise<void> {
  for (let at = 0; at < all.length; at += rowsAtOnce)
    await insertPending(
      ctx,
      all.slice(at, at + rowsAtOnce).map(one => one.row),
    )
}

/** Writes entries into this transaction, in this order; the sequencer gives them their indexes. */
export async function appendMany(ctx: Ctx, action: string, entries: LogEntry[]): Promise<Appended[]> {
  const all = entries.map(entry => prepareEntry(ctx, action, entry))
  await appendPrepared(ctx, all)
  return all.map(one => one.appended)
}

/** Writes one entry into this transaction; the sequencer gives it its index. */
export async function append(ctx: Ctx, action: string, entry: LogEntry): Promise<Appended> {
  const [one] = await appendMany(ctx, action, [entry])
  return one!
}

function actorOf(actor: Actor): Record<string, Json> {
  if (actor.kind !== 'person') return { kind: actor.kind, ...(actor.kind === 'system' ? { name: actor.name } : {}) }
  return { kind: 'person', person: actor.personId, organisation: actor.organisationId, role: actor.role }
}
