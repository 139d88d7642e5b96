import { and, asc, eq } from 'drizzle-orm'
import { canonicalize } from '@/crypto/jcs'
import { lotCustodian, sealingPolicy } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import {
  type Checkpoint,
  noteOf,
  proveInclusion,
  readCheckpointCovering,
  readCosignedCovering,
  readEntryAt,
  readEntryById,
} from '~/platform/log/read.server'
import { refuseUnless } from '~/shared/refusal'
import { committedHead } from '../bid/committed-head.server'
import type { KeptStage } from '../bid/kept-stage.server'
import { findLot, readLot } from '../lot/find-lot.server'
import { type CountedBid, listCounted } from './count.server'
import { findOpening, type OpeningRow } from './event.server'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** The `lot.close` entry with all that proves it; `tsa` where the release was allowed on the time-stamp alone. */
export type ServedClose = { payload: string; salt: string; idx: number; proof: string[]; checkpoint: string; tsa: string | null }

/** The checkpoint on which keys may be released: cosigned, or by the supervisor's recorded act time-stamped (crypto.md §10.8). */
async function releaseCheckpoint(ctx: Ctx, row: OpeningRow, idx: number | null): Promise<Checkpoint | null> {
  if (idx === null) return null
  const cosigned = await readCosignedCovering(ctx, idx)
  return cosigned ?? (row.releaseBasis === 'timestamp' ? readCheckpointCovering(ctx, idx) : null)
}

type Entry = { entryId: string | null; idx: number | null }
const closeOf = ({ closeEntryId: entryId, closeIdx: idx }: OpeningRow): Entry => ({ entryId, idx })
const envelopeOf = ({ envelopeEntryId: entryId, envelopeIdx: idx }: OpeningRow): Entry => ({ entryId, idx })

async function provenEntry(ctx: Ctx, row: OpeningRow, { entryId, idx }: Entry): Promise<ServedClose> {
  const checkpoint = await releaseCheckpoint(ctx, row, idx)
  const entry = entryId ? await readEntryById(ctx, entryId) : null
  refuseUnless(checkpoint && entry, 'not-found')
  const proof = await proveInclusion(ctx.platform, entry.idx, checkpoint.size)
  const tsa = checkpoint.cosignature || !checkpoint.tsaToken ? null : Buffer.from(checkpoint.tsaToken).toString('base64')
  return {
    payload: canonicalize(entry.payload),
    salt: entry.salt,
    idx: entry.idx,
    proof: proof.map(hex),
    checkpoint: noteOf(checkpoint),
    tsa,
  }
}

/**
 * The close of a lot with its proof; not-found until a checkpoint over it is cosigned. Where too few bids came only the
 * number is public, so its list of leaves is for the agency and the supervisor (crypto.md §10.12).
 */
export async function readClose(ctx: Ctx, lotId: string): Promise<ServedClose> {
  const row = await findOpening(ctx, lotId)
  refuseUnless(row, 'not-found')
  if (row.abortReason === 'submitted') await readLot(ctx, lotId)
  return provenEntry(ctx, row, closeOf(row))
}

async function readPolicy(ctx: Ctx, row: OpeningRow) {
  const ofRound = and(eq(sealingPolicy.lotId, row.lotId), eq(sealingPolicy.round, row.round))
  const rows = await ctx.db.select().from(sealingPolicy).where(ofRound).orderBy(asc(sealingPolicy.version))
  const policy = rows.findLast(p => p.completedAt !== null)
  refuseUnless(policy, 'not-found')
  return { payload: policy.payload, hash: policy.hash }
}

async function isCustodian(ctx: Ctx, row: OpeningRow): Promise<boolean> {
  const own = and(
    eq(lotCustodian.lotId, row.lotId),
    eq(lotCustodian.round, row.round),
    eq(lotCustodian.organisationId, personOf(ctx).organisationId),
  )
  return (await ctx.db.select({ id: lotCustodian.id }).from(lotCustodian).where(own)).length > 0
}

/**
 * The first bytes of a bid's files. A file whose head the platform has lost is left out: one such file must not keep the holders
 * from releasing the keys of all the others.
 */
async function headsOf(ctx: Ctx, { stage: turn }: OpeningRow, { bid }: CountedBid) {
  const stages = (JSON.parse(bid.stages) as KeptStage[]).filter(({ stage }) => turn === null || stage === turn)
  const files = stages.flatMap(({ stage, files }) => files.map(file => ({ stage, ...file })))
  const heads = await Promise.all(files.map(async file => ({ ...file, head: await committedHead(ctx, file) })))
  return heads
    .sort((a, b) => (a.role < b.role ? -1 : 1))
    .flatMap(({ fileId, role, stage, head }) =>
      head ? [{ fileId, role, stage, head: Buffer.from(head).toString('base64') }] : [],
    )
}

/** What a key holder needs of a bid, and nothing of its content: statement, its leaf, and the first bytes of its files. */
async function bundleOf(ctx: Ctx, row: OpeningRow, one: CountedBid) {
  const { bid } = one
  const entry = await readEntryAt(ctx, bid.leafIdx)
  return {
    statementHash: bid.statementHash,
    statement: bid.statement,
    leaf: entry && { idx: entry.idx, salt: entry.salt, payload: canonicalize(entry.payload) },
    files: await headsOf(ctx, row, one),
  }
}

/**
 * What a custodian or bidder needs to release its keys: the proven close, the policy, and of each counted bid the statement and
 * the heads; a bidder gets only its own. Refuses not-found before release is allowed, and to anybody else.
 */
export async function readReleaseBundle(ctx: Ctx, lotId: string) {
  const actor = personOf(ctx)
  const row = await findOpening(ctx, lotId)
  refuseUnless(row?.releaseOpenedAt && row.phase !== 'aborted', 'not-found')
  await findLot(ctx, lotId)
  const mayOpen = (id: string) => row.passedBidIds === null || row.passedBidIds.includes(id)
  const counted = (await listCounted(ctx, row)).filter(b => b.bid.state !== 'refused' && mayOpen(b.bid.id))
  const own =
    actor.role === 'custodian'
      ? (await isCustodian(ctx, row))
        ? counted
        : []
      : counted.filter(b => b.bid.organisationId === actor.organisationId)
  refuseUnless(own.length > 0, 'not-found')
  const bids = []
  for (const one of own) bids.push(await bundleOf(ctx, row, one))
  const envelope = row.envelopeEntryId ? await provenEntry(ctx, row, envelopeOf(row)) : null
  const close = await provenEntry(ctx, row, closeOf(row))
  return { close, envelope, policy: await readPolicy(ctx, row), releaseEndsAt: row.releaseEndsAt, bids }
}
