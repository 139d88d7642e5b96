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

  const sequence = async (isPublic: boolean) => {
    const done = await sequenceBatch(parts, edge, isPublic)
    edge = done.edge
    if (done.checkpoint) await stamper.stamp(done.checkpoint)
    return done
  }
  const round = async () => {
    let more = true
    while (more) more = (await sequence(false)).taken === batchLimit
  }
  const start = () => {
    running = round().finally(() => {
      running = undefined
    })
    return running
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
    return (await sequence(true)).edge.size
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
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1)', [sequencerLock])
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

async function writeBatch(parts: SequencerParts, client: pg.PoolClient, known: Edge, isPublic: boolean) {
  const edge = await edgeAt(client, known)
  const pending = await listPending(client)
  const leaves = pending.map(p => p.leaf)
  const covers = isPublic ? (coverMultiple - ((edge.size + leaves.length) % coverMultiple)) % coverMultiple : 0
  for (let i = 0; i < covers; i++) leaves.push(randomBytes(32) as Buffer<ArrayBuffer>)
  const first = edge.size
  if (leaves.length > 0) {
    const nodes = growTree(edge.hashes, first, leaves)
    edge.size += leaves.length
    await insertLeaves(client, first, leaves, nodes)
    await movePayloads(client, first, pending)
  }
  const checkpoint = await insertCheckpoint(parts, client, edge, isPublic, leaves.length > 0)
  return { taken: pending.length, edge, checkpoint }
}

/** Another process may have written since: the edge is kept only if the tree still has the size it was made for. */
async function edgeAt(client: pg.PoolClient, known: Edge): Promise<Edge> {
  const { rows } = await client.query<{ size: string }>('select coalesce(max(idx) + 1, 0) as size from log_leaf')
  const size = Number(rows[0]!.size)
  if (known.size === size) return { size, hashes: new Map(known.hashes) }
  const subtrees = completeSubtrees(0, size)
  const hashes = await rangeHashes(
    client as Sql,
    subtrees.map(s => [s.idx * 2 ** s.level, (s.idx + 1) * 2 ** s.level]),
  )
  return { size, hashes: new Map(subtrees.map((s, i) => [s.level, hashes[i]!])) }
}

/** Nobody else takes them: one sequencer writes at a time. Their boxes stay where they are. */
async function listPending(client: pg.PoolClient): Promise<Pending[]> {
  const { rows } = await client.query<Pending>(`select id, leaf from log_pending order by id limit ${batchLimit}`)
  return rows
}

async function insertLeaves(client: pg.PoolClient, first: number, leaves: Buffer[], nodes: Node[]): Promise<void> {
  await client.query(
    `insert into log_leaf (idx, leaf)
     select $1::bigint + i, substr($2::bytea, i * 32 + 1, 32) from generate_series(0, $3::int - 1) as i`,
    [first, Buffer.concat(leaves), leaves.length],
  )
  await client.query(
    `insert into log_node (level, idx, hash)
     select level, idx, substr($3::bytea, ((i - 1) * 32 + 1)::int, 32)
     from unnest($1::int[], $2::bigint[]) with ordinality as n(level, idx, i)`,
    [nodes.map(n => n.level), nodes.map(n => n.idx), Buffer.concat(nodes.map(n => n.hash))],
  )
}

/** What pending entries hold moves inside the database; boxes are long, and this is where a deadline's burst goes through. */
async function movePayloads(client: pg.PoolClient, first: number, pending: Pending[]): Promise<void> {
  if (pending.length === 0) return
  const { rowCount } = await client.query(
    `with taken as (delete from log_pending where id = any($1::bigint[]) returning id, entry_id, box, lot_id, action)
     insert into log_payload (idx, entry_id, box, lot_id, action)
     select $2::bigint + n.i - 1, t.entry_id, t.box, t.lot_id, t.action
     from unnest($1::bigint[]) with ordinality as n(id, i) join taken t using (id)`,
    [pending.map(p => p.id), first],
  )
  if (rowCount !== pending.length) throw new Error('a pending entry went away')
}

async function insertCheckpoint(parts: SequencerParts, client: pg.PoolClient, edge: Edge, isPublic: boolean, grew: boolean) {
  if (edge.size === 0 || (!grew && !isPublic)) return null
  const root = rootOfEdge(edge.hashes)
  const note = await parts.signCheckpoint(edge.size, root)
  const { rowCount } = await client.query(
    `insert into log_checkpoint (size, root, note, is_public, signed_at) values ($1, $2, $3, $4, trade_clock())
     on conflict (size) do update set is_public = true where excluded.is_public and not log_checkpoint.is_public`,
    [edge.size, root, note, isPublic],
  )
  if (isPublic) await client.query(`select pg_notify('log_public', $1)`, [String(edge.size)])
  return rowCount && grew ? { size: edge.size, note } : null
}
