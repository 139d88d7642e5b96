import { createHash, randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { digestOf } from '@/crypto/algorithm'
import { hex } from '@/crypto/bytes'
import { parseSigned, withTimeStamp } from '@/crypto/cms'
import { coveredBytes, embedSignature, preparePdf } from '@/crypto/pdfsign'
import { recordRoom, recordSignature } from '@/db/schema/trading/opening-act'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { saveFile } from '~/platform/files/file.server'
import { personOf } from '~/platform/identity/authorise.server'
import { countAttempt } from '~/platform/identity/rate.server'
import { verifySigned } from '~/platform/identity/signature.server'
import { timestamp } from '~/platform/log/timestamp.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { formatInstant } from '~/shared/time'
import { findLot } from '../lot/find-lot.server'
import { signerText } from './acts.text'
import { sittingOf } from './envelope'
import { changeOpening, findOpening, type OpeningRow, say } from './event.server'
import { lockHall } from './hall.server'
import type { SignerRole } from './hall-acts'
import { openingPhaseText } from './opening.text'
import { isFullySigned, listRecordSignatures, type RecordSignatureRow, signerRoleOf } from './record-signers.server'

/** What is to be signed: the digest of the PDF with room for this signature, or, for SM2, of the PDF as it is (crypto.md §7). */
export type RecordRoom = { room: string; version: number; sha256: string; sm3: string }
export type RecordSigned = { version: number; form: 'pdf' | 'detached' }
type RoomRow = typeof recordRoom.$inferSelect

function refuseUnlessSigning(ctx: Ctx, row: OpeningRow | null): asserts row is OpeningRow {
  const isOpen = row?.phase === 'signing' && ctx.now < row.signEndsAt!
  refuseUnless(isOpen, 'signing-closed', { phase: row ? openingPhaseText[row.phase] : '未开标' })
}

async function ownSignature(ctx: Ctx, row: OpeningRow): Promise<RecordSignatureRow | undefined> {
  const { organisationId } = personOf(ctx)
  return (await listRecordSignatures(ctx, row)).find(s => s.organisationId === organisationId)
}

const doneAlready = ({ at }: RecordSignatureRow) => new Refusal('already-done', { what: '签署开标记录', at: formatInstant(at) })

const ownRooms = (row: OpeningRow, organisationId: string) =>
  and(eq(recordRoom.lotId, row.lotId), eq(recordRoom.round, row.round), eq(recordRoom.organisationId, organisationId))

const keepRoom = command(
  'opening.sign',
  async (ctx, { row, role, pdf }: { row: OpeningRow; role: SignerRole; pdf: Uint8Array }) => {
    const { organisationId, organisationName, personId } = personOf(ctx)
    const name = `${signerText[role]} ${organisationName}`
    const prepared = await preparePdf(pdf, { name, reason: '签署开标记录', at: ctx.now })
    const file = await saveFile(ctx, { name: 'record.pdf', type: 'application/pdf', audience: 'owner', content: prepared })
    const digest = createHash('sha256').update(coveredBytes(prepared)).digest('hex')
    const { lotId, round, recordVersion: version } = row
    const made = {
      id: randomUUID(),
      lotId,
      round,
      version,
      organisationId,
      personId,
      fileId: file.id,
      baseFileId: row.recordFileId!,
      digest,
      createdAt: ctx.now,
    }
    await ctx.db.delete(recordRoom).where(ownRooms(row, organisationId))
    await ctx.db.insert(recordRoom).values(made)
    return { result: { room: made.id, version, sha256: digest, sm3: hex(digestOf('sm3', pdf)) }, entry: null }
  },
  'opening.prepare-record',
)

/**
 * Makes room for the actor's signature at the end of the record as it now is, and says what is to be signed. Asking again
 * gives a new room and forgets the old one. Refuses who is not to sign, who has signed, and outside the signing time.
 */
export async function prepareRecord(ctx: Ctx, { lotId }: { lotId: string }): Promise<RecordRoom> {
  const [found, row] = [await findLot(ctx, lotId), await findOpening(ctx, lotId)]
  refuseUnlessSigning(ctx, row)
  const role = await signerRoleOf(ctx, found, row)
  const before = await ownSignature(ctx, row)
  if (before) throw doneAlready(before)
  await countAttempt(ctx, `record-room ${lotId} ${personOf(ctx).organisationId}`, 60, 60)
  return keepRoom(ctx, { row, role, pdf: await ctx.platform.store.read(row.recordFileId!) })
}

async function readRoom(ctx: Ctx, row: OpeningRow, roomId: string): Promise<RoomRow> {
  const own = and(eq(recordRoom.id, roomId), ownRooms(row, personOf(ctx).organisationId))
  const [room] = await ctx.db.select().from(recordRoom).where(own)
  if (room) return room
  throw new Refusal('record-moved', { signatures: String(row.recordVersion) })
}

type Made = {
  form: RecordSigned['form']
  pdf: Uint8Array | null
  fileId: string
  size: number
  cms: Uint8Array
  fingerprint: string
}

/** Checks the signature over the room's bytes and puts it in, time-stamped; an SM2 one stays beside the record as it was. */
async function made(ctx: Ctx, room: RoomRow, cms: Uint8Array): Promise<Made> {
  const { organisationId } = personOf(ctx)
  const isDetached = readDigest(cms) === 'sm3'
  const fileId = isDetached ? room.baseFileId : room.fileId
  const bytes = await ctx.platform.store.read(fileId)
  const content = isDetached ? bytes : coveredBytes(bytes)
  const { fingerprint } = await verifySigned(ctx, { content, cms, organisationId })
  const token = await timestamp(ctx.platform, parseSigned(cms).signature)
  const stamped = token ? withTimeStamp(cms, token) : cms
  if (isDetached) return { form: 'detached', pdf: null, fileId, size: bytes.length, cms: stamped, fingerprint }
  const pdf = embedSignature(bytes, stamped)
  return { form: 'pdf', pdf, fileId, size: pdf.length, cms: stamped, fingerprint }
}

function readDigest(cms: Uint8Array): 'sha256' | 'sm3' {
  try {
    return parseSigned(cms).digest
  } catch {
    throw new Refusal('bad-signature', { reason: '签名格式有误' })
  }
}

async function keepFile(ctx: Ctx, { pdf, fileId }: Made): Promise<string> {
  if (!pdf) return fileId
  return (await saveFile(ctx, { name: 'record.pdf', type: 'application/pdf', audience: 'owner', content: pdf })).id
}

const keepSignature = command(
  'opening.sign',
  async (ctx, { lotId, version, ...one }: Made & { lotId: string; version: number }) => {
    const { found, row } = await lockHall(ctx, lotId)
    refuseUnlessSigning(ctx, row)
    const { organisationId, organisationName, personId } = personOf(ctx)
    const before = await ownSignature(ctx, row)
    if (before) throw doneAlready(before)
    const isInTurn = one.form === 'detached' || row.recordVersion === version
    refuseUnless(isInTurn, 'record-moved', { signatures: String(row.recordVersion) })
    const role = await signerRoleOf(ctx, found, row)
    const fileId = await keepFile(ctx, one)
    const after = one.form === 'pdf' ? row.recordVersion + 1 : row.recordVersion
    const { form, size, cms, fingerprint } = one
    const ids = { id: randomUUID(), lotId, round: row.round, stage: sittingOf(row), organisationId, personId }
    await ctx.db
      .insert(recordSignature)
      .values({ ...ids, role, form, version: after, fileId, size, fingerprint, cms, at: ctx.now })
    await ctx.db.delete(recordRoom).where(ownRooms(row, organisationId))
    const isLast = await isFullySigned(ctx, found, row)
    const change = form === 'pdf' ? { recordVersion: after, recordFileId: fileId } : {}
    await changeOpening(ctx, row, { ...change, ...(isLast ? { signEndsAt: ctx.now } : {}) })
    await say(ctx, row, ['signed', { organisation: organisationName, role, form, version: after }])
    const facts = { org: organisationId, role, form, version: after, fingerprint, size }
    return { result: { version: after, form }, entry: { lotId, facts } }
  },
  'opening.sign-record',
)

/**
 * Takes a signature on the record. Signers queue: each signs the record with the signatures before it, so who comes second
 * with the same version is refused record-moved and signs again. The same signature again gets the same answer.
 */
export async function signRecord(
  ctx: Ctx,
  { lotId, room: roomId, cms }: { lotId: string; room: string; cms: Uint8Array },
): Promise<RecordSigned> {
  const row = await findOpening(ctx, lotId)
  refuseUnlessSigning(ctx, row)
  const before = await ownSignature(ctx, row)
  if (before && Buffer.from(parseSigned(before.cms).signature).equals(Buffer.from(signatureOf(cms))))
    return { version: before.version, form: before.form }
  if (before) throw doneAlready(before)
  const room = await readRoom(ctx, row, roomId)
  return keepSignature(ctx, { lotId, version: room.version, ...(await made(ctx, room, cms)) })
}

function signatureOf(cms: Uint8Array): Uint8Array {
  readDigest(cms)
  return parseSigned(cms).signature
}
