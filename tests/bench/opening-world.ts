import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { type Bytes, base64, concat, hex, xor } from '@/crypto/bytes'
import { bodySize, chunkSealer } from '@/crypto/chunked'
import { frameHead, priceFrameBytes } from '@/crypto/frame'
import { headerBytes, parseHead, releaseOf, type SealParts } from '@/crypto/header'
import { sliceTree } from '@/crypto/merkle'
import { messageHash, messageText } from '@/crypto/messages'
import { fileKeyOf, shareCommit } from '@/crypto/seal'
import { deal } from '@/crypto/shamir'
import { nodeRandom, nodeSuites } from '@/crypto/suite-node'
import { bidAct, upload } from '@/db/schema/trading/bid'
import { lot } from '@/db/schema/trading/project'
import { signText } from '@/tests/factories/certificate'
import {
  type ABid,
  type AKeyHolder,
  type ATender,
  aBidder,
  aSealedBid,
  aTender,
  priceText,
  sealFiles,
  statementOf,
} from '@/tests/factories/tender'
import type { TestPlatform } from '@/tests/setup/platform'
import { appendMany } from '~/platform/log/append.server'
import { closePadded } from '~/platform/vault/vault.server'
import { keptStageOf } from '~/trading/bid/kept-stage.server'
import type { ActBox } from '~/trading/bid/sealed-act.server'
import { maskAt } from '~/trading/bid/sealed-mask.server'
import { uploadFolder, uploadTag } from '~/trading/bid/upload.server'

type SuiteId = 'intl' | 'gm'

/** A sealed bid as its clients know it: what each will release. */
export interface PreparedBid {
  lotId: string
  bidder: AKeyHolder
  statement: string
  statementHash: string
  uploadId: string
  partB: Uint8Array
  shares: Uint8Array[]
}

export interface World {
  tender: ATender
  lotIds: string[]
  bids: PreparedBid[]
  /** Bids of the first lot, sealed and committed as their pages do; the others are written in the same form. */
  own: ABid[]
}

/** Lots like the first, with their custodians and keys: what 1,000 lots due at nine o'clock are to the database. */
async function cloneLots(t: TestPlatform, { lotId }: ATender, count: number): Promise<string[]> {
  const { db } = t.platform.database
  const ids = Array.from({ length: count }, () => randomUUID())
  const cloned = sql`unnest(${sql.param(ids)}::uuid[]) as n(id)`
  await db.execute(sql`
    insert into lot select l.* from ${cloned} cross join lateral (
      select (jsonb_populate_record(null::lot, to_jsonb(o) || jsonb_build_object('id', n.id, 'code', 'B' || n.id))).*
      from lot o where o.id = ${lotId}) l`)
  await db.execute(sql`
    insert into lot_custodian select c.* from ${cloned} cross join lateral (
      select (jsonb_populate_record(null::lot_custodian, to_jsonb(o) || jsonb_build_object('id', gen_random_uuid(), 'lot_id', n.id))).*
      from lot_custodian o where o.lot_id = ${lotId}) c`)
  return ids
}

/** Wraps are taken over from one bid that was sealed as its page seals: the server never opens one, and making them is the clients' work. */
async function wrapsOf(tender: ATender, bidder: AKeyHolder): Promise<SealParts> {
  const [one] = await sealFiles(tender, bidder, [{ role: 'price', bytes: new Uint8Array(100) }])
  return parseHead(nodeSuites, one!.bytes).header.parts
}

async function sealPrice(tender: ATender, lotId: string, bidder: AKeyHolder, wraps: SealParts) {
  const suite = nodeSuites[tender.suite]
  const { project, round, stages } = tender.policy.message
  const stage = stages[0]!
  const [key, partB] = [nodeRandom(suite.keyBytes), nodeRandom(suite.keyBytes)]
  const shares = deal(xor(key, partB), stage.k, stage.custodians.length, nodeRandom)
  const fileId = hex(nodeRandom(16))
  const c = { k: stage.k, shares: wraps.c!.shares.map((wrap, i) => ({ ...wrap, commit: shareCommit(suite, shares[i]!) })) }
  const deadline = `${tender.deadline.toISOString().slice(0, 19)}Z`
  const bind = { project, lot: lotId, round, stage: stage.stage, deadline, bidderCert: bidder.signer.fingerprint }
  const before = headerBytes({
    v: 'tbid-seal/1',
    suite: suite.id,
    release: releaseOf.both,
    parts: { b: wraps.b!, c },
    bind: { ...bind, policy: tender.policy.hash, fileId, role: 'price' },
  })
  const body = await chunkSealer(suite, fileKeyOf(suite, key, fileId), nodeRandom(24), suite.hash(before))
  const price = priceText(lotId, { priceFen: String(900_000_000 + Math.floor(Math.random() * 1e8)) })
  const content = new Uint8Array(Buffer.from(price))
  const framed = frameHead({ name: 'price.json', type: 'application/json', size: content.length, twinSalt: nodeRandom(32) })
  const frame = new Uint8Array(priceFrameBytes)
  frame.set(concat(framed, content))
  const bytes: Bytes = concat(before, body.head, ...(await body.push(frame)), ...(await body.finish()))
  if (bytes.length !== before.length + bodySize(priceFrameBytes)) throw new Error('size')
  const tree = sliceTree(suite.hash)
  await tree.push(bytes)
  const head = parseHead(nodeSuites, bytes)
  const stated = { fileId, role: 'price', stage: stage.stage, size: bytes.length, root: hex(await tree.root()), head: head.hash }
  return { bytes, head, stated: { ...stated, twin: hex(nodeRandom(32)) }, partB, shares }
}

async function prepareBid(t: TestPlatform, tender: ATender, lotId: string, bidder: AKeyHolder, wraps: SealParts) {
  const { bytes, head, stated, partB, shares } = await sealPrice(tender, lotId, bidder, wraps)
  const uploadId = randomUUID()
  writeFileSync(join(uploadFolder(t.platform), uploadId), maskAt(t.platform, uploadId, 0, bytes))
  const message = { ...tender.policy.message, lot: lotId }
  const own = { ...tender, policy: { ...tender.policy, message } }
  const statement = statementOf(own, bidder, [stated], undefined)
  const cms = await signText(statement, bidder.signer)
  const stages = [keptStageOf(stated.stage, [{ stated, head, uploadId }])]
  const bid = { lotId, bidder, statement, statementHash: messageHash(statement), uploadId, partB, shares }
  return { bid, cms, stages, uploads: { [stated.fileId]: uploadId }, size: bytes.length }
}

type Made = Awaited<ReturnType<typeof prepareBid>>

/** Acts on bids as commits leave them: sealed entries of the log, boxes, uploads. */
async function writeActs(t: TestPlatform, made: Made[]): Promise<void> {
  const ctx = await t.ctx()
  const at = ctx.now.toISOString()
  const entries = made.map(({ bid: { statement }, cms }) => ({
    sealed: true,
    payload: { t: 'tbid/entry.submit@1', statement, cms, at, termsVersion: 1 },
  }))
  const appended = await appendMany(ctx, 'bid.submit', entries)
  const rows = made.map(({ bid, cms, stages, uploads }, i) => {
    const { organisationId, personId } = bid.bidder.actor
    const common = { lotId: bid.lotId, round: 1, organisationId, personId, at, entryId: appended[i]!.entryId, termsVersion: 1 }
    const box: ActBox = { kind: 'submit', ...common, seq: 1, statement: bid.statement, cms, uploads, stages }
    const id = randomUUID()
    return { id, ownerTag: nodeRandom(32), box: closePadded(t.platform.vault, `bid act ${id}`, box) }
  })
  await ctx.db.insert(bidAct).values(rows)
  const { platform } = t
  await ctx.db.insert(upload).values(
    made.map(({ bid, size }) => {
      const ownerTag = uploadTag(platform, bid.uploadId, bid.bidder.actor.organisationId)
      return { id: bid.uploadId, ownerTag, size, completedAt: ctx.now, createdAt: ctx.now }
    }),
  )
}

const bidders = (count: number) => Math.min(1_000, Math.max(20, count / 5))

/** Lots in bidding with sealed bids, mode both, 2 of 3, price file of 64 KiB. The deadline is set later. */
export async function makeWorld(t: TestPlatform, lots: number, bidsPerLot: number, suite: SuiteId): Promise<World> {
  const tender = await aTender(t, { lot: { releaseMode: 'both', releaseSeconds: 3_600, suite }, seconds: 86_400 })
  const lotIds = await cloneLots(t, tender, lots)
  const own: ABid[] = []
  for (let i = 0; i < 3; i++) own.push(await aSealedBid(t, tender))
  const pool: AKeyHolder[] = []
  for (let i = 0; i < bidders(lots * bidsPerLot); i++) pool.push(await aBidder(t, suite))
  const wraps = await wrapsOf(tender, pool[0]!)
  mkdirSync(uploadFolder(t.platform), { recursive: true })
  const bids: PreparedBid[] = []
  for (let at = 0; at < lots; at += 25) {
    const made: Made[] = []
    for (const [i, lotId] of lotIds.slice(at, at + 25).entries())
      for (let n = 0; n < bidsPerLot; n++)
        made.push(await prepareBid(t, tender, lotId, pool[((at + i) * bidsPerLot + n) % pool.length]!, wraps))
    await writeActs(t, made)
    bids.push(...made.map(one => one.bid))
  }
  for (let left = true; left; ) {
    await t.platform.sequencer.flush()
    left = ((await t.platform.database.pool.query('select 1 from log_pending limit 1')).rowCount ?? 0) > 0
  }
  return { tender, lotIds, bids, own }
}

/** Gives all lots of a world one deadline. */
export async function setDeadline(t: TestPlatform, { tender, lotIds }: World, at: Date): Promise<void> {
  const own = [tender.lotId, ...lotIds]
  await t.platform.database.db
    .update(lot)
    .set({ biddingEndsAt: at })
    .where(and(eq(lot.state, 'bidding'), inArray(lot.id, own)))
}

/** One message as a client posts it. */
export interface Posted {
  holder: number
  lotId: string
  message: string
  cms: string
}

/** What custodians and bidders of all lots post, signed; `holders` are those that `Posted.holder` counts. */
export async function releasesOf({ tender, lotIds, bids }: World, checkpoint: { size: number; root: string }) {
  const { platform, project, round, stages } = tender.policy.message
  const holders = [...tender.custodians, ...new Set(bids.map(bid => bid.bidder))]
  const place = new Map(holders.map((holder, i) => [holder, i]))
  const byLot = grouped(bids)
  const common = { t: 'tbid/release@1' as const, platform, project, round, stage: stages[0]!.stage, checkpoint }
  const post = async (holder: AKeyHolder, lotId: string, releases: { statement: string; part: string; value: string }[]) => {
    const message = messageText({ ...common, lot: lotId, org: holder.actor.organisationId, releases } as never)
    return { holder: place.get(holder)!, lotId, message, cms: await signText(message, holder.signer) }
  }
  const posted: Posted[] = []
  for (const lotId of lotIds) {
    const own = byLot.get(lotId)!
    for (const [i, custodian] of tender.custodians.entries()) {
      const parts = own.map(bid => ({ statement: bid.statementHash, part: `c${i}`, value: base64(bid.shares[i]!) }))
      posted.push(await post(custodian, lotId, parts))
    }
    for (const bid of own)
      posted.push(await post(bid.bidder, lotId, [{ statement: bid.statementHash, part: 'b', value: base64(bid.partB) }]))
  }
  return { posted: shuffled(posted), actors: holders.map(holder => holder.actor) }
}

function grouped(bids: PreparedBid[]): Map<string, PreparedBid[]> {
  const lots = new Map<string, PreparedBid[]>()
  for (const bid of bids) lots.set(bid.lotId, [...(lots.get(bid.lotId) ?? []), bid])
  return lots
}

function shuffled<T>(list: T[]): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const at = Math.floor(Math.random() * (i + 1))
    ;[list[i], list[at]] = [list[at]!, list[i]!]
  }
  return list
}
