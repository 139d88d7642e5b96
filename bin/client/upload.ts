// tus 1.0 (tus.io/protocols/resumable-upload): create, then pieces; after an interruption the server says how far it got.
import type { Api } from './api'

const pieceBytes = 8 * 2 ** 20
const tries = 8
const version = { 'tus-resumable': '1.0.0' }

async function offsetOf(api: Api, location: string): Promise<number> {
  const response = await fetch(location, { method: 'HEAD', headers: { ...version, authorization: `Bearer ${api.token}` } })
  if (!response.ok) throw new Error(`upload: ${response.status}`)
  return Number(response.headers.get('upload-offset'))
}

async function sendPiece(api: Api, location: string, offset: number, piece: Uint8Array<ArrayBuffer>): Promise<number> {
  const headers = {
    ...version,
    authorization: `Bearer ${api.token}`,
    'content-type': 'application/offset+octet-stream',
    'upload-offset': String(offset),
  }
  const response = await fetch(location, { method: 'PATCH', headers, body: piece })
  if (!response.ok)
    throw Object.assign(new Error(`upload: ${response.status} ${(await response.text()).slice(0, 200)}`), {
      status: response.status,
    })
  return Number(response.headers.get('upload-offset'))
}

/** Starts an upload of so many bytes; gives its address. Its id is the last part of the address. */
async function create(api: Api, size: number): Promise<string> {
  const headers = { ...version, authorization: `Bearer ${api.token}`, 'upload-length': String(size) }
  const response = await fetch(`${api.url}/api/v1/uploads`, { method: 'POST', headers })
  const location = response.headers.get('location')
  if (!response.ok || !location) throw new Error(`upload: ${response.status} ${(await response.text()).slice(0, 200)}`)
  return new URL(location, api.url).href
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Uploads the bytes and gives the upload's id; goes on where it stopped when the connection breaks. */
export async function upload(api: Api, bytes: Uint8Array): Promise<string> {
  const location = await create(api, bytes.length)
  let offset = 0
  for (let failures = 0; offset < bytes.length; ) {
    try {
      offset = await sendPiece(api, location, offset, new Uint8Array(bytes.subarray(offset, offset + pieceBytes)))
      failures = 0
    } catch (error) {
      if (++failures >= tries) throw error
      await pause(200 * 2 ** failures)
      offset = await offsetOf(api, location).catch(() => offset)
    }
  }
  return location.split('/').at(-1)!
}
