import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { makeStamper, type Stamped } from './stamper.server'
import { completeSubtrees, growTree, type Node, rangeHashes, rootOfEdge, type Sql } from './tree.server'

/** Gives pending entries their indexes, one writer at a time over all processes (crypto.md §5). */
export interface Sequencer {
  /** Resolves when everything that was committed before this call has an index and a checkpoint. */
  flush(): Promise<void>
  /** Asks for a flush soon, without waiting. */
  nudge(): void
  /** Fills up with cover leaves to a multiple of 16 and signs a public checkpoint over everything so far; returns its size. */
  publish(): Promise<number>
  /** Gets time-stamps that checkpoints are still missing; how many came. */
  catchUpStamps(): Promise<number>
  /** Waits for work in flight. */
  close(): Promise<void>
}

export interface SequencerParts {
  pool: pg.Pool
  /** Signs a C2SP checkpoint note over (size, root). */
  signCheckpoint(size: number, root: Uint8Array): Promise<string>
  /** RFC 3161 token over the note, or null if the TSA does not answer in time: costs the token, never the receipt (§10.8). */
  timestamp(note: string): Promise<Uint8Array | null>
  /** Called when background work fails. */
  onError(error: unknown): void
}

/** Any constant: only one sequencer writes at a time. */
const sequencerLock = 7_203_812
const batchLimit = 5_000
const coverMultiple = 16

interface Pending {
  id: string
  leaf: Buffer
}

type Edge = { size: number; hashes: Map<number, Buffer> }

export function makeSequencer(parts: SequencerParts): Sequencer {
  const stamper = makeStamper(parts)
  let edge: Edge = { size: -1, hashes: new Map() }
  let running: Promise<void> | undefined
  let waiting: Promise<void> | undefined
  let nudged: NodeJS.Timeout | undefined

  /** `stamped` resolves when its checkpoint has its token, or need not be waited for any longer. */
  const sequence = async (isPublic: boolean) => {
    const done = await sequenceBatch(parts, edge, isPublic)
    edge = done.edge
    return { ...done, stamped: done.checkpoint ? stamper.stamp(done.checkpoint) : Promise.resolve() }
  }
  const round = async () => {
    const stamps: Promise<void>[] = []
    for (let more = true; more; ) {
      const { taken, stamped } = await sequence(false)
      stamps.push(stamped)
      more = taken === batchLimit
    }
    return { stamps }
  }
  /** The next round need not wait for this one's tokens; its callers do. */
  const start = async () => {
    const sequenced = round()
    running = sequenced
      .then(() => {})
      .finally(() => {
        running = undefined
      })
    running.catch(() => {})
    const { stamps } = await sequenced
    await Promise.all(stamps)
  }
  /** A caller's entry may be missed by the round under way, so callers share the next one: group commit. */
  const flush = (): Promise<void> => {
    if (!running) return start()
    waiting ??= running
      .catch(() => {})
      .then(() => {
        waiting = undefined
        return start()
      })
    return waiting
  }
  const nudge = () => {
    nudged ??= setTimeout(() => {
      nudged = undefined
      flush().catch(parts.onError)
    }, 50)
  }
  const publish = async () => {
    await flush()
    const { edge: published, stamped } = await sequence(true)
    await stamped
    return published.size
  }
  const close = async () => {
    clearTimeout(nudged)
    await running?.catch(() => {})
    await waiting?.catch(() => {})
    await stamper.close()
  }
  return { flush, nudge, publish, catchUpStamps: stamper.catchUp, close }
}

interface Sequenced {
  taken: number
  edge: Edge
  /** The new checkpoint, when there is one. */
  checkpoint: Stamped | null
}

/** One transaction: take pending entries (and cover leaves), append, checkpoint. */
async function sequenceBatch(parts: SequencerParts, known: Edge, isPublic: boolean): Promise<Sequenced> {
  const client = await parts.pool.connect()
  try {
    // What is read after it must be what the last writer left: the lock has a statement of its own.
    await client.query(`begin; select pg_advisory_xact_lock(${sequencerLock})`)
    const done = await writeBatch(parts, client, known, isPublic)
    await client.query('commit')
    return done
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

async function writeBatch(parts: SequencerParts, client: pg.PoolClient, known: Edge, isPublic: boolean): Promise<Sequenced> {
  const { size: first, pending } = await listPending(client)
  const edge = await edgeAt(client, known, first)
  const leaves = pending.map(p => p.leaf)
  const covers = isPublic ? (coverMultiple - ((first + leaves.length) % coverMultiple)) % coverMultiple : 0
  for (let i = 0; i < covers; i++) leaves.push(randomBytes(32) as Buffer<ArrayBuffer>)
  const nodes = growTree(edge.hashes, first, leaves)
  edge.size += leaves.length
  const grew = leaves.length > 0
  if (edge.size === 0 || (!grew && !isPublic)) return { taken: 0, edge, checkpoint: null }
  const root = rootOfEdge(edge.hashes)
  const note = await parts.signCheckpoint(edge.size, root)
  const isNew = await write(client, { first, pending, leaves, nodes, size: edge.size, root, note, isPublic })
  if (isPublic) await client.query(`select pg_notify('log_public', $1)`, [String(edge.size)])
  return { taken: pending.length, edge, checkpoint: isNew && grew ? { size: edge.size, note } : null }
}

/** Nobody else takes them: one sequencer writes at a time. Their boxes stay where they are. `size`: of the log so far. */
async function listPending(client: pg.PoolClient): Promise<{ size: number; pending: Pending[] }> {
  const { rows } = await client.query<{ size: string; id: string | null; leaf: Buffer | null }>(
    `select s.size, p.id, p.leaf from (select coalesce(max(idx) + 1, 0) as size from log_leaf) s
     left join (select id, leaf from log_pending order by id limit ${batchLimit}) p on true order by p.id`,
  )
  const pending = rows.flatMap(({ id, leaf }) => (id && leaf ? [{ id, leaf }] : []))
  return { size: Number(rows[0]!.size), pending }
}

/** Another process may have written since: the edge is kept only if the tree still has the size it was made for. */
async function edgeAt(client: pg.PoolClient, known: Edge, size: number): Promise<Edge> {
  if (known.size === size) return { size, hashes: new Map(known.hashes) }
  const subtrees = completeSubtrees(0, size)
  const hashes = await rangeHashes(
    client as Sql,
    subtrees.map(s => [s.idx * 2 ** s.level, (s.idx + 1) * 2 ** s.level]),
  )
  return { size, hashes: new Map(subtrees.map((s, i) => [s.level, hashes[i]!])) }
}

interface Batch {
  /** Index of the first new leaf. */
  first: number
  pending: Pending[]
  /** Of the pending entries, then covers. */
  leaves: Buffer[]
  nodes: Node[]
  /** Of the log with them. */
  size: number
  root: Buffer
  note: string
  isPublic: boolean
}

/**
 * Leaves, nodes, payloads and checkpoint in one statement. What pending entries hold moves inside the database; boxes are long, and this is
 * where a deadline's burst goes through. Whether there was no such checkpoint, or it has just become public.
 */
async function write(client: pg.PoolClient, batch: Batch): Promise<boolean> {
  const { first, pending, leaves, nodes, size, root, note, isPublic } = batch
  const { rows } = await client.query<{ moved: string; checkpoints: string }>(
    `with leaf as (insert into log_leaf (idx, leaf)
       select $1::bigint + i, substr($2::bytea, i * 32 + 1, 32) from generate_series(0, $3::int - 1) as i),
     node as (insert into log_node (level, idx, hash)
       select level, idx, substr($6::bytea, ((i - 1) * 32 + 1)::int, 32)
       from unnest($4::int[], $5::bigint[]) with ordinality as n(level, idx, i)),
     taken as (delete from log_pending where id = any($7::bigint[]) returning id, entry_id, box, lot_id, action),
     moved as (insert into log_payload (idx, entry_id, box, lot_id, action)
       select $1::bigint + n.i - 1, t.entry_id, t.box, t.lot_id, t.action
       from unnest($7::bigint[]) with ordinality as n(id, i) join taken t using (id) returning 1),
     checkpoint as (insert into log_checkpoint (size, root, note, is_public, signed_at) values ($8, $9, $10, $11, trade_clock())
       on conflict (size) do update set is_public = true where excluded.is_public and not log_checkpoint.is_public returning 1)
     select (select count(*) from moved) as moved, (select count(*) from checkpoint) as checkpoints`,
    [
      ...[first, Buffer.concat(leaves), leaves.length],
      ...[nodes.map(n => n.level), nodes.map(n => n.idx), Buffer.concat(nodes.map(n => n.hash))],
      ...[pending.map(p => p.id), size, root, note, isPublic],
    ],
  )
  if (Number(rows[0]!.moved) !== pending.length) throw new Error('a pending entry went away')
  return Number(rows[0]!.checkpoints) > 0
}
