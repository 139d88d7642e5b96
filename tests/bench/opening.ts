import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { count, eq } from 'drizzle-orm'
import { unbase64, utf8 } from '@/crypto/bytes'
import { checkDetached } from '@/crypto/cms-verify'
import { type Head, parseHead } from '@/crypto/header'
import { readMessage } from '@/crypto/messages'
import { openBody } from '@/crypto/open'
import { combineStage } from '@/crypto/stage'
import { nodeSuites } from '@/crypto/suite-node'
import { ledgerLeaf } from '@/crypto/tlog'
import { bid, bidFile } from '@/db/schema/trading/bid'
import { readOut } from '@/db/schema/trading/opening'
import { type ABid, type ATender, afterDeadline, aRelease, aSealedBid, aTender, aWitness } from '@/tests/factories/tender'
import type { TestPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { uploadFolder } from '~/trading/bid/upload.server'
import { releaseKeys } from '~/trading/opening/release.server'
import { type Figure, milliseconds, timed } from './figure'
import { benchPlatform } from './platform'

// A fiftieth of the later size, which is 1,000 lots due in one second.
const lots = 20
const bidsPerLot = 20
const atOnce = 8

interface Posted {
  actor: PersonActor
  lotId: string
  message: string
  cms: Uint8Array
}

interface Hall {
  tender: ATender
  bids: ABid[]
}

/** Runs `act` over a list, a few at a time, as callers over HTTP would come. */
async function each<T>(list: T[], act: (one: T) => Promise<unknown>): Promise<void> {
  const left = [...list]
  const next = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await act(one)
  }
  await Promise.all(Array.from({ length: atOnce }, next))
}

async function prepare(t: TestPlatform): Promise<Hall[]> {
  const halls: Hall[] = []
  for (let i = 0; i < lots; i++) {
    const tender = await aTender(t, { lot: { releaseMode: 'both', releaseSeconds: 3_600 } })
    const bids: ABid[] = []
    for (let n = 0; n < bidsPerLot; n++) bids.push(await aSealedBid(t, tender))
    halls.push({ tender, bids })
  }
  return halls
}

/** What all clients would send: unwrapped and signed on their side. */
async function releasesOf(t: TestPlatform, halls: Hall[]): Promise<Posted[]> {
  const posted: Posted[] = []
  await each(halls, async ({ tender, bids }) => {
    for (const holder of [...tender.custodians, ...bids.map(one => one.bidder)])
      posted.push({ actor: holder.actor, ...(await aRelease(t, tender, holder)) })
  })
  return posted
}

const readOutRows = async (t: TestPlatform) => (await t.platform.database.db.select({ n: count() }).from(readOut))[0]!.n

interface Sealed {
  heads: Head[]
  priceHead: Head
  price: Uint8Array
}

/** Heads and price files of every bid, read beforehand: the floor measures cryptography alone. */
async function sealedOf(t: TestPlatform): Promise<Map<string, Sealed>> {
  const { db } = t.platform.database
  const rows = await db.select({ bid, file: bidFile }).from(bid).innerJoin(bidFile, eq(bidFile.bidId, bid.id))
  const found = new Map<string, Sealed>()
  for (const { bid: own, file } of rows) {
    const bytes = new Uint8Array(readFileSync(join(uploadFolder(t.platform), file.uploadId)))
    const head = parseHead(nodeSuites, bytes)
    const known = found.get(own.statementHash) ?? { heads: [], priceHead: head, price: bytes }
    known.heads.push(head)
    if (file.role === 'price') Object.assign(known, { priceHead: head, price: bytes.subarray(head.bytes.length) })
    found.set(own.statementHash, known)
  }
  return found
}

/** The cryptography that the server itself must do: signatures, share and key commitments, price decryption, log hashing. */
async function floor(posted: Posted[], sealed: Map<string, Sealed>): Promise<void> {
  const parts = new Map<string, { shares: (Uint8Array | null)[]; partB: Uint8Array | null }>()
  for (const { message, cms } of posted) {
    if (!checkDetached(cms, utf8(message)).ok) throw new Error('signature')
    for (const { statement, part, value } of readMessage('tbid/release@1', message).releases) {
      const own = parts.get(statement) ?? { shares: [], partB: null }
      if (part === 'b') own.partB = unbase64(value)
      else own.shares[Number(part.slice(1))] = unbase64(value)
      parts.set(statement, own)
    }
    ledgerLeaf(new Uint8Array(32), { message })
  }
  for (const [statement, { heads, priceHead, price }] of sealed) {
    const verdict = combineStage({ heads, ...parts.get(statement)! })
    const opener = verdict.state === 'opened' ? await openBody(priceHead, verdict.stageKey) : null
    if (!opener) throw new Error('does not open')
    await opener.push(price)
    await opener.finish()
  }
}

/** 20 lots × 20 bids due at once, mode both, 2 of 3: from the deadline to the last read-out row, through the services. */
export async function* benchOpening(): AsyncIterable<Figure> {
  const t = await benchPlatform()
  try {
    const witness = await aWitness(t)
    const halls = await prepare(t)
    const last = halls.reduce((a, b) => (a.tender.deadline > b.tender.deadline ? a : b))
    await afterDeadline(t, last.tender)
    const closing = await milliseconds(() => t.tick())
    await witness.cosign()
    const allowing = await milliseconds(() => t.tick())
    const sealed = await sealedOf(t)
    let posted: Posted[] = []
    const clients = await milliseconds(async () => {
      posted = await releasesOf(t, halls)
    })
    const releasing = await milliseconds(async () => {
      await each(posted, async ({ actor, ...release }) => releaseKeys(await t.ctx(actor), release))
      await t.tick()
    })
    const rows = await readOutRows(t)
    if (rows !== lots * bidsPerLot) throw new Error(`${rows} of ${lots * bidsPerLot} bids were read out`)
    const bare = await milliseconds(() => floor(posted, sealed))
    yield timed('opening', 'intl, deadline to last read-out row', 'ms', closing + allowing + releasing, { floor: bare })
    yield timed('opening', 'closing and list', 'ms', closing + allowing)
    yield timed('opening', 'releases to last read-out row', 'ms', releasing, { floor: bare })
    yield timed('opening', 'clients unwrap and sign', 'ms', clients)
  } finally {
    await t.close()
  }
}
