// Resumable upload (tus 1.0) from a worker: pieces are slices of the kept file, so memory stays flat.
/** A piece takes about this long: progress moves, and a broken connection costs little. */
const pieceMs = 2_000
const smallestPiece = 262_144
const largestPiece = 16_777_216
const pieceLimitMs = 120_000
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

/** No connection, and trying again did not help. */
export class Lost extends Error {
  override name = 'Lost'
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
/** Trouble that time may heal; a full disk at the platform (507) has its own sentence. */
const isPassing = (status: number) => (status >= 500 && status !== 507) || status === 423 || status === 429

const isGone = (status: number) => status === 404 || status === 410

/** The answer, or null where none came. A connection that says nothing for two minutes is none. */
const reach = (path: string, init: RequestInit): Promise<Response | null> =>
  fetch(`/api/v1${path}`, { signal: AbortSignal.timeout(pieceLimitMs), ...init }).catch(() => null)

async function refusalOf(response: Response): Promise<Refused> {
  const problem = await response.json().catch(() => ({}))
  return new Refused(problem.code ?? `http-${response.status}`, problem.detail ?? '未接收：平台没有接受此请求。')
}

/** Asks until an answer comes that is not passing trouble. Throws Lost after ten tries. */
async function reachSurely(path: string, init: RequestInit): Promise<Response> {
  for (let failures = 1; ; failures++) {
    const response = await reach(path, init)
    if (response && !isPassing(response.status)) return response
    if (failures >= tries) throw response ? await refusalOf(response) : new Lost()
    await pause(Math.min(15_000, 300 * 2 ** failures))
  }
}

/** Calls /api/v1 with the session of this browser. Throws Refused with the problem's own sentence, Lost. */
export async function ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  const response = await reachSurely(path, { method, ...init })
  if (!response.ok) throw await refusalOf(response)
  return response.json()
}

/** Starts an upload of exactly `size` bytes, gives its id; the platform learns nothing else of it. */
export async function startUpload(size: number): Promise<string> {
  const response = await reachSurely('/uploads', { method: 'POST', headers: { ...version, 'upload-length': String(size) } })
  const location = response.headers.get('location')
  if (!response.ok || !location) throw await refusalOf(response)
  return location.split('/').at(-1) ?? ''
}

/** Bytes the platform has of an upload; null when it knows none by this id. Throws Refused, Lost. */
export async function offsetOf(uploadId: string): Promise<number | null> {
  const response = await reachSurely(`/uploads/${uploadId}`, { method: 'HEAD', headers: version })
  if (response.ok) return Number(response.headers.get('upload-offset'))
  if (isGone(response.status)) return null
  // An answer to HEAD has no sentence; the same question as GET has.
  await ask('GET', `/uploads/${uploadId}`)
  throw new Lost()
}

/**
 * Sends what lies after `from`; `onSent` hears how many bytes the platform has. False when the platform does not know the upload any
 * more. Throws Refused, Lost.
 */
export async function sendRest(
  uploadId: string,
  source: Blob,
  from: number,
  onSent: (bytes: number) => Promise<void>,
): Promise<boolean> {
  let at = from
  let length = 1_048_576
  for (let failures = 0; at < source.size; ) {
    const body = source.slice(at, at + length)
    const headers = { ...version, 'upload-offset': String(at), 'content-type': 'application/offset+octet-stream' }
    const start = performance.now()
    const response = await reach(`/uploads/${uploadId}`, { method: 'PATCH', headers, body })
    if (response?.ok) {
      const pace = pieceMs / Math.max(1, performance.now() - start)
      length = Math.min(largestPiece, Math.max(smallestPiece, Math.round(length * Math.min(2, pace))))
      at = Number(response.headers.get('upload-offset'))
      failures = 0
    } else {
      if (response && isGone(response.status)) return false
      if (response && response.status !== 409 && !isPassing(response.status)) throw await refusalOf(response)
      if (++failures >= tries) throw response ? await refusalOf(response) : new Lost()
      length = Math.max(smallestPiece, Math.round(length / 2))
      await pause(Math.min(15_000, 300 * 2 ** failures))
      const known = await offsetOf(uploadId)
      if (known === null) return false
      at = known
    }
    await onSent(at)
  }
  return true
}
