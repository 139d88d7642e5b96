// Twin files (补录) beside the page: found among the chosen files by their commitment, uploaded, handed in. Nothing is sent that does not fit.
import { isTwin, type Keepsake, type KeptTwin, priceOf, readKeepsake } from '@/crypto/keepsake'
import { sliceTree } from '@/crypto/merkle'
import { webSuites } from '@/crypto/suite-web'
import { ask, Lost, Refused, sendRest, startUpload } from '../bid/upload.worker'
import type { TwinProblem, TwinReply, TwinTask } from './twin-client'

const say = (reply: TwinReply) => self.postMessage(reply)

class Failed extends Error {
  override name = 'Failed'
  constructor(
    readonly problem: TwinProblem,
    readonly file?: string,
  ) {
    super(problem)
  }
}

const pieceBytes = 4_194_304

async function rootOf({ suite }: Keepsake, blob: Blob): Promise<Uint8Array> {
  const { hash, digest } = webSuites[suite]
  const tree = sliceTree(hash, digest)
  for (let at = 0; at < blob.size; at += pieceBytes)
    await tree.push(new Uint8Array(await blob.slice(at, at + pieceBytes).arrayBuffer()))
  return tree.root()
}

async function read({ keepsake: file, statement }: TwinTask): Promise<Keepsake> {
  const keepsake = await file
    .text()
    .then(readKeepsake)
    .catch(() => null)
  if (!keepsake) throw new Failed('not-keepsake')
  if (keepsake.statement !== statement) throw new Failed('other-bid')
  return keepsake
}

/** The chosen file, or the price in the keepsake itself, that this one was. */
async function matchOf(keepsake: Keepsake, kept: KeptTwin, files: Blob[]): Promise<Blob> {
  for (const file of files.filter(one => one.size === kept.size))
    if (isTwin(webSuites[keepsake.suite], kept, await rootOf(keepsake, file))) return file
  throw new Failed('no-match', kept.name)
}

async function uploadOf(blob: Blob, onSent: (bytes: number) => void): Promise<string> {
  const uploadId = await startUpload(blob.size)
  await sendRest(uploadId, blob, 0, async bytes => onSent(bytes))
  return uploadId
}

async function handIn(task: TwinTask): Promise<void> {
  const keepsake = await read(task)
  const price = priceOf(keepsake)
  const chosen: Blob[] = price ? [new Blob([price]), ...task.files] : task.files
  const due = keepsake.files.filter(file => task.stage === null || file.stage === task.stage)
  const found: { kept: KeptTwin; blob: Blob }[] = []
  for (const kept of due) found.push({ kept, blob: await matchOf(keepsake, kept, chosen) })
  const total = found.reduce((sum, { blob }) => sum + blob.size, 0)
  let before = 0
  const files = []
  for (const { kept, blob } of found) {
    const uploadId = await uploadOf(blob, bytes => say({ kind: 'progress', done: before + bytes, total }))
    before += blob.size
    files.push({ fileId: kept.fileId, twinSalt: kept.twinSalt, uploadId, name: kept.name, type: kept.type })
  }
  await ask('POST', `/lots/${task.lotId}/opening/twins`, { files })
}

function replyOf(error: unknown): TwinReply {
  if (error instanceof Refused) return { kind: 'refused', text: error.text }
  if (error instanceof Failed) return { kind: 'failed', problem: error.problem, file: error.file }
  return { kind: 'failed', problem: error instanceof Lost ? 'lost' : 'fault' }
}

self.addEventListener('message', event => {
  handIn(event.data as TwinTask).then(
    () => say({ kind: 'done' }),
    (error: unknown) => say(replyOf(error)),
  )
})
