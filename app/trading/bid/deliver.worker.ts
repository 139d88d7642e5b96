// Sends a sealed and signed bid from where it is kept, commits it and checks its receipt. Whoever comes back later starts here again.
import { readAnchors } from '@/crypto/anchors'
import { hex } from '@/crypto/bytes'
import { sliceTree } from '@/crypto/merkle'
import { messageHash } from '@/crypto/messages'
import { verifyReceipt } from '@/crypto/receipt'
import { webSuites } from '@/crypto/suite-web'
import type { DeliverAnswer, DeliverTask } from './deliver-client'
import { Failed, failureOf } from './failed.worker'
import type { KeptBid, KeptFile } from './kept-bid'
import { keptBytes } from './kept-bid'
import { discardKeptBid, putKeptBid, readKeptBid } from './kept-bid-client'
import type { Signed } from './seal-client'
import { holdBid, openSealed } from './sealed-store.worker'
import { ask, Lost, offsetOf, Refused, sendRest, startUpload } from './upload.worker'

const say = (answer: DeliverAnswer) => self.postMessage(answer)
const readBytes = 4_194_304

async function keptBid(id: string): Promise<KeptBid> {
  const kept = await readKeptBid(id)
  if (!kept) throw new Failed('kept-missing')
  return kept
}

type Roots = { root: { sha256: string | null; sm3: string | null } | null }

/** Whether the platform, by its own hashing, has the bytes that were signed. */
async function hasArrived({ suite }: KeptBid, { uploadId, root }: KeptFile): Promise<boolean> {
  const state = await ask<Roots>('GET', `/uploads/${uploadId}`)
  return (suite === 'gm' ? state.root?.sm3 : state.root?.sha256) === root
}

/** Throws kept-damaged unless the kept bytes still have the root that was signed. */
async function checkKept({ suite }: KeptBid, { root, size }: KeptFile, source: Blob): Promise<void> {
  const { hash, digest } = webSuites[suite]
  const tree = sliceTree(hash, digest)
  for (let at = 0; at < source.size; at += readBytes) {
    const piece = await source.slice(at, at + readBytes).arrayBuffer()
    await tree.push(new Uint8Array(piece))
  }
  if (source.size !== size || hex(await tree.root()) !== root) throw new Failed('kept-damaged')
}

/** Brings one file to the platform, from where it stopped; what arrived damaged, or got lost there, is sent once more from the start. */
async function sendFile(kept: KeptBid, file: KeptFile, source: Blob, onSent: () => void): Promise<void> {
  if (source.size !== file.size) throw new Failed('kept-damaged')
  for (const isLast of [false, true]) {
    const known = file.uploadId && (await offsetOf(file.uploadId))
    if (typeof known !== 'number') file.uploadId = await startUpload(file.size)
    const keep = async (sent: number) => {
      file.sent = sent
      await putKeptBid(kept)
      onSent()
    }
    await keep(known || 0)
    const isThere = await sendRest(file.uploadId ?? '', source, known || 0, keep)
    if (isThere && (await hasArrived(kept, file))) return
    if (isThere) await checkKept(kept, file, source)
    // Whoever tries again another time begins anew as well.
    file.uploadId = null
    await keep(0)
    if (isLast) throw isThere ? new Failed('not-intact') : new Lost()
  }
}

/** Says once that sending begins: what is unfinished at the deadline is then told everywhere, not in this browser alone. */
async function sayBegun({ lotId, statementHash, files }: KeptBid): Promise<void> {
  const isBegun = files.some(file => file.uploadId !== null)
  if (!isBegun) await ask('POST', `/lots/${lotId}/bids/beginning`, { statement: statementHash })
}

async function sendFiles(kept: KeptBid): Promise<void> {
  for (const file of kept.files) {
    const onSent = () => say({ kind: 'progress', what: file.role, done: keptBytes(kept).sent, total: keptBytes(kept).total })
    await sendFile(kept, file, await openSealed(kept.id, file.fileId), onSent)
  }
}

async function send(keptId: string): Promise<DeliverAnswer> {
  const kept = await keptBid(keptId)
  await sayBegun(kept)
  await sendFiles(kept)
  const { lotId, statement, cms } = kept
  return { kind: 'sent', signed: { lotId, path: 'bids', statement, cms, keptId } }
}

const uploadsOf = ({ files }: KeptBid): Record<string, string> =>
  Object.fromEntries(files.map(({ fileId, uploadId }) => [fileId, uploadId ?? '']))

type AnyReceipt = Record<string, unknown>

/**
 * Commits a bid with files. One that another page of this browser has delivered meanwhile gets the same receipt again; a file that the
 * platform had and has no more is sent again first.
 */
async function postBid(to: string, { statement, cms }: Signed, keptId: string): Promise<AnyReceipt> {
  const kept = await readKeptBid(keptId)
  const put = (uploads: Record<string, string>) => ask<AnyReceipt>('POST', to, { statement, cms, uploads })
  const isRefused = (error: unknown, code: string) => error instanceof Refused && error.code === code
  if (!kept)
    return put({}).catch((error: unknown) => {
      throw isRefused(error, 'seal-differs') ? new Failed('kept-missing') : error
    })
  return put(uploadsOf(kept)).catch(async (error: unknown) => {
    if (!isRefused(error, 'upload-unknown')) throw error
    await sendFiles(kept)
    return put(uploadsOf(kept))
  })
}

function post(signed: Signed): Promise<AnyReceipt> {
  const { lotId, path, statement, cms, keptId } = signed
  const to = `/lots/${lotId}/${path}`
  if (keptId) return postBid(to, signed, keptId)
  return ask('POST', to, path === 'bids' ? { statement, cms, uploads: {} } : { statement, cms })
}

/** The same statement may be sent again: it gets the same receipt, so a lost answer is simply asked for anew. */
async function commit(signed: Signed): Promise<DeliverAnswer> {
  const { statement, keptId } = signed
  const receipt = await post(signed)
  const anchors = readAnchors(await ask('GET', '/anchors'))
  const checks = verifyReceipt(receipt, anchors)
  const isProven = receipt.statement === messageHash(statement) && checks.every(check => check.result !== 'broken')
  if (keptId && isProven) await discardKeptBid(keptId)
  return { kind: 'committed', receipt, isProven }
}

async function run(task: DeliverTask): Promise<void> {
  const keptId = task.task === 'send' ? task.keptId : task.signed.keptId
  const work = () => (task.task === 'send' ? send(task.keptId) : commit(task.signed))
  try {
    // Said when it is no longer held, for whoever hears it may go on at once.
    say(await (keptId ? holdBid(keptId, work) : work()))
  } catch (error) {
    if (error instanceof Refused) say({ kind: 'refused', code: error.code, text: error.text })
    else say(error instanceof Lost ? { kind: 'failed', problem: 'lost' } : failureOf(error))
  }
}

self.addEventListener('message', event => void run(event.data as DeliverTask))
