// The content of a bid, sealed file by file into the browser's own store.
import { bodySize } from '@/crypto/chunked'
import { frameSize } from '@/crypto/frame'
import type { SealedTwin } from '@/crypto/keepsake'
import type { PolicyMessage, PolicyStage } from '@/crypto/messages'
import type { StageSealer } from '@/crypto/seal'
import { Failed } from './failed.worker'
import type { ChosenFile } from './seal-client'
import { createSealed } from './sealed-store.worker'

const readBytes = 4_194_304

/** One file of a bid before it is sealed. */
export interface Content {
  role: string
  name: string
  type: string
  blob: Blob
}

async function* piecesOf(blob: Blob, name: string): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < blob.size; at += readBytes) {
    const piece = await blob
      .slice(at, at + readBytes)
      .arrayBuffer()
      .catch(() => null)
    if (!piece) throw new Failed('changed', { file: name })
    yield new Uint8Array(piece)
  }
}

/** Throws empty, not-pdf. */
export async function checkFile({ role, file }: ChosenFile): Promise<void> {
  if (file.size === 0) throw new Failed('empty', { file: file.name })
  if (role !== 'technical' && role !== 'business') return
  const start = new Uint8Array(await file.slice(0, 5).arrayBuffer())
  if (String.fromCharCode(...start) !== '%PDF-') throw new Failed('not-pdf', { file: file.name })
}

/** More than any head takes: 9 shares and 4 wraps by RSA-OAEP are below 16 KiB; a frame's description below 4 KiB. */
const headBytes = 65_536
const descriptionBytes = 4_096

/** Bytes that the sealed files of these contents take at most. */
export const roomFor = (contents: Content[]): number =>
  contents
    .map(({ role, blob }) => headBytes + bodySize(frameSize(role, blob.size + (role === 'price' ? 0 : descriptionBytes))))
    .reduce((total, one) => total + one, 0)

/** One file: sealed into the browser's store in one pass, piece by piece. */
async function sealContent(
  bidId: string,
  stage: StageSealer,
  { role, name, type, blob }: Content,
  onSealed: (bytes: number) => void,
): Promise<SealedTwin> {
  const about = { name, type: type || 'application/octet-stream', size: blob.size }
  const sealer = await stage.file({ role, ...about })
  const out = await createSealed(bidId, sealer.fileId, sealer.size)
  try {
    let done = 0
    onSealed(done)
    for await (const piece of piecesOf(blob, name)) {
      out.write(await sealer.push(piece))
      done += piece.length
      onSealed(done)
    }
    const { rest, file, twinSalt } = await sealer.finish()
    out.write(rest)
    return { file, ...about, twinSalt }
  } finally {
    out.close()
  }
}

interface Sealing {
  policy: PolicyMessage
  sealerOf(stage: PolicyStage): Promise<StageSealer>
  onSealed(progress: { what: string; done: number; total: number }): void
}

/** Seals every file by its stage's sealer, drawn once for each stage. Throws changed, no-room. */
export async function sealAll(
  bidId: string,
  contents: Content[],
  { policy, sealerOf, onSealed }: Sealing,
): Promise<SealedTwin[]> {
  const total = contents.reduce((sum, { blob }) => sum + blob.size, 0)
  const stages = new Map<PolicyStage, StageSealer>()
  const files: SealedTwin[] = []
  let before = 0
  for (const content of contents) {
    const stage = policy.stages.find(({ roles }) => roles.includes(content.role))
    if (!stage) throw new Failed('fault')
    const sealer = stages.get(stage) ?? (await sealerOf(stage))
    stages.set(stage, sealer)
    const told = (bytes: number) => onSealed({ what: content.role, done: before + bytes, total })
    files.push(await sealContent(bidId, sealer, content, told))
    before += content.blob.size
  }
  return files
}
