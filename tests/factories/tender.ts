import { generateKeyPairSync, randomUUID, sign as signWith } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { base64, hex, unbase64 } from '@/crypto/bytes'
import { scalarOfPkcs8 } from '@/crypto/ec-key'
import { type Bundle, giveOut, proveClose } from '@/crypto/give-out'
import { p256FromPkcs8 } from '@/crypto/hpke'
import { canonical } from '@/crypto/jcs'
import { messageHash, messageText, type PolicyMessage, readMessage } from '@/crypto/messages'
import { cosignNote, noteKeyType, parseNote, verifierKeyOf } from '@/crypto/note'
import { type FileToSeal, type SealedFile, sealStage } from '@/crypto/seal'
import { nodeRandom, nodeSuites } from '@/crypto/suite-node'
import { hpkeUnwrap, sm2Unwrap, type UnwrapKey } from '@/crypto/wrap'
import { upload } from '@/db/schema/trading/bid'
import type { TestPlatform } from '@/tests/setup/platform'
import { readAnchors } from '~/platform/anchor/anchor.server'
import { registerWitness } from '~/platform/anchor/witness.server'
import type { PersonActor } from '~/platform/ctx'
import { cosign } from '~/platform/log/cosign.server'
import { readPublicCheckpoint } from '~/platform/log/read.server'
import { capitalFen } from '~/shared/money'
import { addSeconds } from '~/shared/time'
import { commitBid } from '~/trading/bid/commit.server'
import { maskAt } from '~/trading/bid/sealed-mask.server'
import { uploadFolder, uploadTag } from '~/trading/bid/upload.server'
import { registerLotKey } from '~/trading/custody/custody-key.server'
import { cosignPolicy, readPolicyDraft, signPolicy } from '~/trading/custody/policy.server'
import { findLot } from '~/trading/lot/find-lot.server'
import { publishNotice } from '~/trading/notice/notice.server'
import { readReleaseBundle } from '~/trading/opening/proof.read.server'
import { releaseKeys } from '~/trading/opening/release.server'
import { anActor } from './actor'
import { type ASigner, aSigner, signText } from './certificate'
import { aDocument, aLot, type LotWish } from './lot'

type Suite = 'intl' | 'gm'
const algorithmOf = (suite: Suite) => (suite === 'gm' ? 'sm2' : 'p256')
const algOf = (suite: Suite) => (suite === 'gm' ? 'SM2' : 'HPKE-P256')
const kidOf = (spki: Uint8Array) => hex(nodeSuites.intl.hash(spki))

interface ALock {
  key: UnwrapKey
  spki: Uint8Array
  /** The encryption certificate with its key, where there is one. */
  certified?: ASigner
}

export interface AKeyHolder extends ALock {
  actor: PersonActor
  signer: ASigner
  /** A second encryption certificate of the same bidder (备用证书), to which it seals as well. */
  spare?: ALock
}

async function unwrapKey(suite: Suite, kid: string, pkcs8: Uint8Array): Promise<UnwrapKey> {
  if (suite === 'intl') return hpkeUnwrap(kid, await p256FromPkcs8(pkcs8))
  return sm2Unwrap(kid, scalarOfPkcs8(pkcs8).secret)
}

/** What a bidder keeps of one file, to hand in its twin (补录). */
export interface AKept {
  fileId: string
  role: string
  stage: string
  bytes: Uint8Array
  twinSalt: string
}

export interface ABid {
  kept: AKept[]
  bidder: AKeyHolder
  statement: string
  seq: number
}

export interface ATender {
  lotId: string
  agency: PersonActor
  agencySigner: ASigner
  custodians: AKeyHolder[]
  policy: { hash: string; message: PolicyMessage }
  suite: Suite
  deadline: Date
}

async function aCustodian(t: TestPlatform, lotId: string, suite: Suite, actor: PersonActor): Promise<AKeyHolder> {
  const signer = await aSigner(t, actor, { algorithm: algorithmOf(suite) })
  const pair = generateKeyPairSync('ec', { namedCurve: suite === 'gm' ? 'SM2' : 'P-256' })
  const spki = new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }))
  const pkcs8 = new Uint8Array(pair.privateKey.export({ type: 'pkcs8', format: 'der' }))
  const ctx = await t.ctx(actor)
  const { lot, project } = await findLot(ctx, lotId)
  const message = messageText({
    t: 'tbid/lotkey@1',
    platform: t.platform.config.platformId,
    project: project.id,
    lot: lotId,
    round: lot.round,
    org: actor.organisationId,
    spki: base64(spki),
  })
  await registerLotKey(ctx, { lotId, message, cms: await signText(message, signer), wrappedKey: base64(nodeRandom(64)) })
  return { actor, signer, spki, key: await unwrapKey(suite, kidOf(spki), pkcs8) }
}

/** A lot in bidding whose keys, policy and notice were made by the real commands. */
export async function aTender(t: TestPlatform, wish: Omit<LotWish, 'state'> = {}): Promise<ATender> {
  const suite: Suite = wish.lot?.suite === 'gm' ? 'gm' : 'intl'
  const { agency, lotId, custodians: named } = await aLot(t, { ...wish, state: 'keying' })
  const agencySigner = await aSigner(t, agency, { algorithm: algorithmOf(suite) })
  const custodians: AKeyHolder[] = []
  for (const actor of named) custodians.push(await aCustodian(t, lotId, suite, actor))
  const ctx = await t.ctx(agency)
  const { payload, hash } = await readPolicyDraft(ctx, lotId)
  await signPolicy(ctx, { lotId, payload, cms: await signText(payload, agencySigner) })
  for (const one of custodians) await cosignPolicy(await t.ctx(one.actor), { lotId, cms: await signText(payload, one.signer) })
  await aDocument(t, agency, lotId)
  const { now } = await t.ctx()
  const deadline = addSeconds(new Date(Math.ceil(now.getTime() / 1000) * 1000), wish.seconds ?? 60)
  await publishNotice(await t.ctx(agency), { lotId, title: '招标公告', body: '现对本标段公开招标。', biddingEndsAt: deadline })
  return {
    lotId,
    agency,
    agencySigner,
    custodians,
    policy: { hash, message: readMessage('tbid/policy@1', payload) },
    suite,
    deadline,
  }
}

async function aLock(t: TestPlatform, actor: PersonActor, suite: Suite): Promise<ALock> {
  const lock = await aSigner(t, actor, { algorithm: algorithmOf(suite), use: 'encrypt' })
  return { certified: lock, spki: lock.keys.spki, key: await unwrapKey(suite, lock.fingerprint, lock.keys.pkcs8) }
}

/** The same bidder with a spare lock. */
export const withSpare = async (t: TestPlatform, bidder: AKeyHolder, suite: Suite): Promise<AKeyHolder> => {
  return { ...bidder, spare: await aLock(t, bidder.actor, suite) }
}

/** A bidder with keys of its own for signing and for its lock. */
export async function aBidder(
  t: TestPlatform,
  suite: Suite = 'intl',
  name = `投标人 ${randomUUID().slice(0, 4)}`,
): Promise<AKeyHolder> {
  const actor = await anActor(t, 'bidder', { name })
  const signer = await aSigner(t, actor, { algorithm: algorithmOf(suite) })
  return { actor, signer, ...(await aLock(t, actor, suite)) }
}

export const priceText = (lotId: string, wish: Record<string, unknown> = {}): string => {
  const priceFen = BigInt((wish.priceFen as string | undefined) ?? '1000000000')
  return canonical({
    t: 'tbid/price@1',
    lot: lotId,
    priceFen: priceFen.toString(),
    priceWords: capitalFen(priceFen),
    currency: 'CNY',
    durationDays: 180,
    quality: '合格',
    manager: '王建国',
    note: '',
    ...wish,
  })
}

export interface Content {
  role: string
  bytes: Uint8Array
}

const nameOf = (role: string): FileToSeal => ({ role, name: `${role}.bin`, type: 'application/octet-stream', size: 0 })

function sealerOf(tender: Sealing, bidder: AKeyHolder, stage: PolicyMessage['stages'][number]) {
  const suite = nodeSuites[tender.suite]
  const alg = algOf(tender.suite)
  const { project, lot, round } = tender.policy.message
  const locks = bidder.spare ? [bidder, bidder.spare] : [bidder]
  return sealStage({
    suite,
    random: nodeRandom,
    mode: stage.mode,
    k: stage.k,
    bind: {
      project,
      lot,
      round,
      stage: stage.stage,
      deadline: `${tender.deadline.toISOString().slice(0, 19)}Z`,
      bidderCert: bidder.signer.fingerprint,
      policy: tender.policy.hash,
    },
    bidderKeys: stage.mode === 'custody' ? [] : locks.map(({ key, spki }) => ({ alg, kid: key.kid, spki })),
    lotKeys: stage.custodians.map(({ lotKey }) => ({ alg, kid: kidOf(unbase64(lotKey)), spki: unbase64(lotKey) })),
  })
}

/** What sealing needs to know of a tender. */
export type Sealing = Pick<ATender, 'policy' | 'suite' | 'deadline'>

/** The sealed files of one bid. */
export async function sealFiles(tender: Sealing, bidder: AKeyHolder, contents: Content[]) {
  const { stages } = tender.policy.message
  const sealers = new Map<string, Awaited<ReturnType<typeof sealerOf>>>()
  for (const stage of stages) sealers.set(stage.stage, await sealerOf(tender, bidder, stage))
  const files: { file: SealedFile; bytes: Uint8Array; kept: AKept }[] = []
  for (const { role, bytes } of contents) {
    const { stage } = stages.find(({ roles }) => roles.includes(role))!
    const one = await sealers.get(stage)!.file({ ...nameOf(role), size: bytes.length })
    const pieces = await one.push(bytes)
    const { rest, file, twinSalt } = await one.finish()
    const kept = { fileId: file.fileId, role, stage, bytes, twinSalt: base64(twinSalt) }
    files.push({ file, kept, bytes: new Uint8Array(Buffer.concat([...pieces, ...rest])) })
  }
  return files
}

/** Puts sealed bytes where a finished upload would have put them. */
export async function anUpload(t: TestPlatform, bidder: AKeyHolder, bytes: Uint8Array): Promise<string> {
  const id = randomUUID()
  mkdirSync(uploadFolder(t.platform), { recursive: true })
  writeFileSync(join(uploadFolder(t.platform), id), maskAt(t.platform, id, 0, bytes))
  const { now } = await t.ctx()
  const ownerTag = uploadTag(t.platform, id, bidder.actor.organisationId)
  await t.platform.database.db.insert(upload).values({ id, ownerTag, size: bytes.length, createdAt: now })
  return id
}

export interface BidWish {
  bidder?: AKeyHolder
  price?: Record<string, unknown>
  contents?: Content[]
  former?: ABid
  /** Changes the sealed bytes of a role before they are committed, statement and all. */
  damage?: (role: string, sealed: Uint8Array) => Uint8Array
  withdraws?: boolean
}

async function stated(tender: ATender, files: { file: SealedFile; bytes: Uint8Array }[], damage: BidWish['damage']) {
  if (!damage) return files
  const suite = nodeSuites[tender.suite]
  const { sliceTree } = await import('@/crypto/merkle')
  return Promise.all(
    files.map(async ({ file, bytes }) => {
      const changed = damage(file.role, bytes)
      const tree = sliceTree(suite.hash)
      await tree.push(changed)
      return { file: { ...file, root: hex(await tree.root()) }, bytes: changed }
    }),
  )
}

export function statementOf(tender: Sealing, bidder: AKeyHolder, files: SealedFile[], former: ABid | undefined): string {
  const { platform, project, lot, round } = tender.policy.message
  return messageText({
    t: 'tbid/submit@1',
    platform,
    project,
    lot,
    round,
    policy: tender.policy.hash,
    org: bidder.actor.organisationId,
    cert: bidder.signer.fingerprint,
    seq: (former?.seq ?? 0) + 1,
    prev: former ? messageHash(former.statement) : null,
    files,
  })
}

/** Seals, uploads and commits a bid (or its replacement or withdrawal) through the real service. */
export async function aSealedBid(t: TestPlatform, tender: ATender, wish: BidWish = {}): Promise<ABid> {
  const bidder = wish.former?.bidder ?? wish.bidder ?? (await aBidder(t, tender.suite))
  const price = new Uint8Array(Buffer.from(priceText(tender.lotId, wish.price)))
  const contents = wish.contents ?? [
    { role: 'price', bytes: price },
    { role: 'technical', bytes: nodeRandom(3_000) },
  ]
  const made = wish.withdraws ? [] : await sealFiles(tender, bidder, contents)
  const sealed = await stated(tender, made, wish.damage)
  const files = sealed.map(one => one.file)
  const statement = statementOf(tender, bidder, files, wish.former)
  const uploads: Record<string, string> = {}
  for (const { file, bytes } of sealed) uploads[file.fileId] = await anUpload(t, bidder, bytes)
  await commitBid(await t.ctx(bidder.actor), {
    lotId: tender.lotId,
    statement,
    cms: await signText(statement, bidder.signer),
    uploads,
  })
  return { bidder, statement, kept: made.map(one => one.kept), seq: (wish.former?.seq ?? 0) + 1 }
}

export interface AWitness {
  actor: PersonActor
  /** Cosigns the newest public checkpoint. */
  cosign(): Promise<void>
}

/** A witness with its own registered key. */
export async function aWitness(t: TestPlatform): Promise<AWitness> {
  const actor = await anActor(t, 'witness', { name: '监督方见证' })
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32))
  const name = `witness-${randomUUID().slice(0, 8)}`
  await registerWitness(await t.ctx(actor), { vkey: verifierKeyOf(name, raw, noteKeyType.cosignature) })
  return {
    actor,
    cosign: async () => {
      const ctx = await t.ctx(actor)
      const checkpoint = await readPublicCheckpoint(ctx)
      const { text } = parseNote(checkpoint!.note)
      const sign = (message: Uint8Array) => new Uint8Array(signWith(null, message, privateKey))
      const line = await cosignNote(text, { name, publicKey: raw }, BigInt(Math.floor(Date.now() / 1000)), sign)
      await cosign(ctx, `${checkpoint!.note}${line}\n`)
    },
  }
}

/** What this holder would send: the release message and its signature. */
export async function aRelease(
  t: TestPlatform,
  tender: ATender,
  holder: AKeyHolder,
  change: (message: string) => string = m => m,
) {
  const ctx = await t.ctx(holder.actor)
  const bundle: Bundle = await readReleaseBundle(ctx, tender.lotId)
  const close = proveClose(bundle, await readAnchors(ctx))
  const given = await giveOut(nodeSuites, { bundle, close, org: holder.actor.organisationId, keys: [holder.key] })
  const message = change(given.message!)
  return { lotId: tender.lotId, message, cms: unbase64(await signText(message, holder.signer)) }
}

/** Releases this holder's keys as its client would. */
export async function release(t: TestPlatform, tender: ATender, holder: AKeyHolder) {
  return releaseKeys(await t.ctx(holder.actor), await aRelease(t, tender, holder))
}

/** Sets the clock to just after the deadline. */
export const afterDeadline = (t: TestPlatform, tender: ATender, ms = 50) => t.at(new Date(tender.deadline.getTime() + ms))
