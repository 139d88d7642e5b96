// Resumable upload (tus 1.0) from a worker: pieces of 8 MiB are kept until the server has them, so memory stays flat.
import { type Bytes, concat } from '@/crypto/bytes'

const pieceBytes = 8_388_608
const tries = 10
const version = { 'tus-resumable': '1.0.0' }

/** The platform said no; `text` is its sentence. */
export class Refused extends Error {
  override name = 'Refused'
  constructor(
    readonly code: string,
    readonly text: string,
  ) {
    super(code)
  }
}

/** Calls /api/v1 with the session of this browser. Throws Refused with the problem's own sentence. */
export async function ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  const response = await fetch(`/api/v1${path}`, { method, ...init })
  if (!response.ok) throw await refusalOf(response)
  return response.json()
}

async function refusalOf(response: Response): Promise<Refused> {
  const problem = await response.json().catch(() => ({}))
  return new Refused(problem.code ?? `http-${response.status}`, problem.detail ?? '未接收：平台没有接受此请求。')
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const isPassing = (status: number) => status >= 500 || status === 423 || status === 429

async function sendPiece(address: string, start: number, piece: Bytes): Promise<void> {
  let at = 0
  for (let failures = 0; at < piece.length; ) {
    const headers = { ...version, 'upload-offset': String(start + at), 'content-type': 'application/offset+octet-stream' }
    const response = await fetch(address, { method: 'PATCH', headers, body: piece.subarray(at) }).catch(() => null)
    if (response?.ok) {
      at = Number(response.headers.get('upload-offset')) - start
      failures = 0
      continue
    }
    if (response && response.status !== 409 && !isPassing(response.status)) throw await refusalOf(response)
    if (++failures >= tries) throw new Error('lost')
    await pause(Math.min(15_000, 300 * 2 ** failures))
    at = Math.max(0, (await offsetOf(address, start + at)) - start)
  }
}

/** How far the server got; the given offset when it cannot be asked. */
async function offsetOf(address: string, known: number): Promise<number> {
  const response = await fetch(address, { method: 'HEAD', headers: version }).catch(() => null)
  return response?.ok ? Number(response.headers.get('upload-offset')) : known
}

export interface Uploading {
  id: string
  push(pieces: Bytes[]): Promise<void>
  finish(): Promise<void>
}

/** Starts an upload of exactly `size` bytes; the address names nothing of the lot. */
export async function startUpload(size: number, onSent: (bytes: number) => void): Promise<Uploading> {
  const response = await fetch('/api/v1/uploads', { method: 'POST', headers: { ...version, 'upload-length': String(size) } })
  const location = response.headers.get('location')
  if (!response.ok || !location) throw await refusalOf(response)
  const address = new URL(location, self.location.href).href
  let held: Bytes[] = []
  let heldBytes = 0
  let sent = 0
  const flush = async () => {
    const piece = concat(...held)
    held = []
    heldBytes = 0
    await sendPiece(address, sent, piece)
    sent += piece.length
    onSent(sent)
  }
  return {
    id: address.split('/').at(-1) ?? '',
    async push(pieces) {
      for (const piece of pieces) {
        held.push(piece)
        heldBytes += piece.length
        if (heldBytes >= pieceBytes) await flush()
      }
    },
    finish: async () => {
      if (heldBytes > 0) await flush()
    },
  }
}
