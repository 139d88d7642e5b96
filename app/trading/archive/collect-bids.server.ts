import { and, asc, eq } from 'drizzle-orm'
import type { Receipt } from '@/crypto/receipt'
import { organisation } from '@/db/schema/platform/identity'
import { bid } from '@/db/schema/trading/bid'
import { releaseMessage } from '@/db/schema/trading/opening'
import type { Ctx } from '~/platform/ctx'
import { readFileRow } from '~/platform/files/file.server'
import { readEntryAt } from '~/platform/log/read.server'
import { receiptOf } from '../bid/receipt.server'
import { readActs, tagOf } from '../bid/sealed-act.server'
import { isStored, readSealed } from '../bid/upload.server'
import type { FoundLot } from '../lot/find-lot.server'
import { messageBox } from '../opening/known-hall.server'
import { type BidFileRow, listFiles } from '../opening/stage.server'
import { readAdmittedTwins } from '../opening/twin-window.server'
import { jsonMember, type Member, safeName, textMember } from './member'

type BidRow = typeof bid.$inferSelect

/** Every statement that reached the lot in time, whatever became of it, in the order of their leaves. */
export async function listStatements(ctx: Ctx, { lot }: FoundLot) {
  return ctx.db
    .select({ bid, name: organisation.name })
    .from(bid)
    .innerJoin(organisation, eq(organisation.id, bid.organisationId))
    .where(and(eq(bid.lotId, lot.id), eq(bid.round, lot.round)))
    .orderBy(asc(bid.leafIdx))
}

/** The act the statement came by: it has the time-stamp over the signature. */
async function actIdOf(ctx: Ctx, { lotId, round, organisationId, seq }: BidRow): Promise<string | undefined> {
  const tag = Buffer.from(tagOf(ctx, lotId, round, organisationId, 'submit', seq)).toString('hex')
  return (await readActs<'submit'>(ctx, [tag])).get(tag)?.id
}

async function receipt(ctx: Ctx, row: BidRow): Promise<Receipt> {
  const entry = await readEntryAt(ctx, row.leafIdx)
  if (!entry) throw new Error(`archive: log entry ${row.leafIdx} has no payload`)
  return receiptOf(ctx, {
    id: await actIdOf(ctx, row),
    kind: 'submit',
    lotId: row.lotId,
    round: row.round,
    organisationId: row.organisationId,
    personId: '',
    at: String(entry.payload.at),
    entryId: entry.entryId,
    seq: row.seq,
    statement: row.statement,
    cms: Buffer.from(row.cms).toString('base64'),
    uploads: {},
    stages: [],
    termsVersion: 0,
  })
}

const isCounted = ({ state }: BidRow) => state !== 'replaced' && state !== 'withdrawn-before'

/** Replaced and withdrawn bids stay closed: of them only the statement is archived, never the ciphertext. */
async function* fileMembers(ctx: Ctx, folder: string, files: BidFileRow[]): AsyncGenerator<Member> {
  for (const file of files) {
    // What the platform lost is missed by whoever checks the archive; it must not keep the rest from being archived.
    if (await isStored(ctx, file.uploadId))
      yield { path: `${folder}sealed/${file.fileId}`, content: readSealed(ctx, file.uploadId) }
    if (file.plainFileId)
      yield { path: folder + (await openedPath(ctx, file)), content: ctx.platform.store.get(file.plainFileId) }
  }
}

async function openedPath(ctx: Ctx, file: BidFileRow): Promise<string> {
  const { name } = await readFileRow(ctx, file.plainFileId!)
  return `opened/${safeName(file.role)}/${safeName(name)}`
}

async function describe(ctx: Ctx, row: BidRow, name: string, files: BidFileRow[]) {
  const described = []
  const twins = await readAdmittedTwins(ctx, row.id)
  for (const file of files) {
    const opened = file.plainFileId ? await openedPath(ctx, file) : null
    const twinSalt = twins.find(twin => twin.fileId === file.fileId)?.twinSalt ?? null
    described.push({ fileId: file.fileId, role: file.role, sealed: `sealed/${file.fileId}`, opened, twinSalt })
  }
  return { org: row.organisationId, name, seq: row.seq, state: row.state, idx: row.leafIdx, reason: row.reason, files: described }
}

/** Statements, receipts, sealed and opened files. */
export async function* bidMembers(ctx: Ctx, found: FoundLot): AsyncGenerator<Member> {
  for (const { bid: row, name } of await listStatements(ctx, found)) {
    const folder = `data/bids/${row.leafIdx}-${row.seq}/`
    const files = isCounted(row) ? await listFiles(ctx, row.id) : []
    yield jsonMember(`${folder}bid.json`, await describe(ctx, row, name, files))
    yield textMember(`${folder}statement.json`, row.statement)
    const given = await receipt(ctx, row)
    // With its time-stamp where there is one (CAdES-T): it stays provable when the certificate has long run out.
    yield { path: `${folder}statement.p7s`, content: given.cades ? Buffer.from(given.cades, 'base64') : row.cms }
    yield jsonMember(`${folder}receipt.json`, given)
    yield* fileMembers(ctx, folder, files)
  }
}

/** The signed release messages, values of the keys included: whoever holds the archive can open the bids again. */
export async function* releaseMembers(ctx: Ctx, { lot }: FoundLot): AsyncGenerator<Member> {
  const rows = await ctx.db
    .select()
    .from(releaseMessage)
    .where(eq(releaseMessage.lotId, lot.id))
    .orderBy(asc(releaseMessage.round), asc(releaseMessage.no))
  for (const [i, row] of rows.entries()) {
    const path = `data/releases/${String(i + 1).padStart(4, '0')}`
    yield { path: `${path}.json`, content: ctx.platform.vault.open(messageBox(row.lotId, row.messageHash), row.box) }
    yield { path: `${path}.p7s`, content: row.cms }
  }
}
