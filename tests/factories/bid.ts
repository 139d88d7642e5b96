import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { concat, unbase64, utf8 } from '@/crypto/bytes'
import { messageHash, messageText, type SubmitMessage } from '@/crypto/messages'
import { type FileToSeal, type SealedFile, type StageToSeal, sealStage } from '@/crypto/seal'
import { nodeRandom, nodeSuites } from '@/crypto/suite-node'
import type { Recipient, UnwrapKey } from '@/crypto/wrap'
import { upload } from '@/db/schema/trading/bid'
import type { TestPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { commitBid } from '~/trading/bid/commit.server'
import { maskAt } from '~/trading/bid/sealed-mask.server'
import { completeUpload, uploadFolder, uploadTag } from '~/trading/bid/upload.server'
import { anActor } from './actor'
import { type ASigner, aSigner, signText } from './certificate'
import { kidOf, type SealingLot, unwrapWith } from './custody'

/** A bidder with a signing and an encryption certificate. */
export interface Bidder {
  actor: PersonActor
  signer: ASigner
  recipient: Recipient
  key: UnwrapKey
}

export async function aBidder(t: TestPlatform, { suite }: Pick<SealingLot, 'suite'>, name = '投标人'): Promise<Bidder> {
  const actor = await anActor(t, 'bidder', { name })
  const algorithm = suite === 'gm' ? ('sm2' as const) : ('p256' as const)
  const signer = await aSigner(t, actor, { algorithm })
  const encrypt = await aSigner(t, actor, { algorithm, use: 'encrypt' })
  const alg = suite === 'gm' ? ('SM2' as const) : ('HPKE-P256' as const)
  const recipient = { alg, kid: encrypt.fingerprint, spki: encrypt.keys.spki }
  return { actor, signer, recipient, key: await unwrapWith(suite, encrypt.fingerprint, encrypt.keys.pkcs8) }
}

/** Puts bytes where a finished upload of this organisation would lie. */
export async function anUpload(t: TestPlatform, actor: PersonActor, bytes: Uint8Array, size = bytes.length): Promise<string> {
  const ctx = await t.ctx(actor)
  const id = randomUUID()
  mkdirSync(uploadFolder(t.platform), { recursive: true })
  writeFileSync(join(uploadFolder(t.platform), id), maskAt(t.platform, id, 0, bytes))
  const ownerTag = uploadTag(t.platform, id, actor.organisationId)
  const [row] = await ctx.db.insert(upload).values({ id, ownerTag, size, createdAt: ctx.now }).returning()
  await completeUpload(ctx, row!)
  return id
}

export interface ContentFile extends Omit<FileToSeal, 'size'> {
  content: Uint8Array
}

/** The 开标一览表 of this price, and a technical file. */
export const bidFiles = (lotId: string, fen = 1_000_000_00n): ContentFile[] => [
  {
    role: 'price',
    name: '开标一览表.json',
    type: 'application/json',
    content: utf8(`{"lot":"${lotId}","priceFen":"${fen}"}`),
  },
  { role: 'technical', name: '技术标.pdf', type: 'application/pdf', content: utf8('%PDF-1.7\n%%EOF\n') },
]

export interface Sealed {
  files: SealedFile[]
  bytes: Map<string, Uint8Array>
}

/** Seals files for the lot under its policy; parts of the stage may be changed to seal wrongly. */
export async function sealFor(
  lot: SealingLot,
  bidder: Bidder,
  files: ContentFile[],
  change: Partial<StageToSeal> = {},
): Promise<Sealed> {
  const suite = nodeSuites[lot.suite]
  const { message, hash } = lot.policy
  const stage = message.stages[0]!
  const bind = {
    project: message.project,
    lot: message.lot,
    round: 1,
    stage: 'main',
    deadline: '2026-12-01T01:30:00Z',
    bidderCert: bidder.signer.fingerprint,
    policy: hash,
  }
  const lotKeys = stage.custodians.map(one => ({
    alg: bidder.recipient.alg,
    kid: kidOf(unbase64(one.lotKey)),
    spki: unbase64(one.lotKey),
  }))
  const bidderKeys = stage.mode === 'custody' ? [] : [bidder.recipient]
  const sealer = await sealStage({
    suite,
    random: nodeRandom,
    bind,
    mode: stage.mode,
    bidderKeys,
    lotKeys,
    k: stage.k,
    ...change,
  })
  const sealed: Sealed = { files: [], bytes: new Map() }
  for (const { content, ...file } of files) {
    const one = await sealer.file({ ...file, size: content.length })
    const pieces = await one.push(content)
    const { rest, file: stated } = await one.finish()
    sealed.files.push(stated)
    sealed.bytes.set(stated.fileId, concat(...pieces, ...rest))
  }
  return sealed
}

export async function uploadAll(t: TestPlatform, actor: PersonActor, sealed: Sealed): Promise<Record<string, string>> {
  const uploads: Record<string, string> = {}
  for (const [fileId, bytes] of sealed.bytes) uploads[fileId] = await anUpload(t, actor, bytes)
  return uploads
}

/** The canonical statement of a bid. */
export function statementOf(t: TestPlatform, lot: SealingLot, bidder: Bidder, change: Partial<SubmitMessage>): string {
  const { project, lot: lotId, round } = lot.policy.message
  return messageText({
    t: 'tbid/submit@1',
    platform: t.platform.config.platformId,
    project,
    lot: lotId,
    round,
    policy: lot.policy.hash,
    org: bidder.actor.organisationId,
    cert: bidder.signer.fingerprint,
    seq: 1,
    prev: null,
    files: [],
    ...change,
  })
}

export async function commitStatement(
  t: TestPlatform,
  lot: SealingLot,
  bidder: Bidder,
  statement: string,
  uploads: Record<string, string>,
) {
  return commitBid(await t.ctx(bidder.actor), {
    lotId: lot.lotId,
    statement,
    cms: await signText(statement, bidder.signer),
    uploads,
  })
}

/** A bid sealed, uploaded and committed; `after` is the statement it replaces. */
export async function aBid(
  t: TestPlatform,
  lot: SealingLot,
  wish: { bidder?: Bidder; fen?: bigint; files?: ContentFile[]; after?: { seq: number; statement: string } } = {},
) {
  const bidder = wish.bidder ?? (await aBidder(t, lot))
  const sealed = await sealFor(lot, bidder, wish.files ?? bidFiles(lot.lotId, wish.fen))
  const uploads = await uploadAll(t, bidder.actor, sealed)
  const seq = (wish.after?.seq ?? 0) + 1
  const prev = wish.after ? messageHash(wish.after.statement) : null
  const statement = statementOf(t, lot, bidder, { files: sealed.files, seq, prev })
  const receipt = await commitStatement(t, lot, bidder, statement, uploads)
  return { bidder, sealed, uploads, seq, statement, receipt }
}
