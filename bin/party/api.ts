// The only way a party reaches the platform: its public HTTP API with a token.

export type Api = {
  getText(path: string): Promise<string | null>
  getJson<T>(path: string): Promise<T | null>
  getBytes(path: string): Promise<Uint8Array | null>
  send(method: 'POST' | 'PUT', path: string, body: unknown): Promise<{ status: number; body: unknown }>
}

const waitMs = 10_000
/** A pool of a million commitments is 32 MB. */
const waitBytesMs = 120_000

/** A client of one platform. 404 reads as null; other refusals of a read throw with status and stable code. */
export function connect(url: string, token: string): Api {
  const base = url.replace(/\/+$/, '')
  const headers = { authorization: `Bearer ${token}` }
  const get = async (path: string, ms = waitMs) => {
    const response = await fetch(`${base}${path}`, { headers, signal: AbortSignal.timeout(ms) })
    if (response.status === 404) return null
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${(await response.text()).slice(0, 200)}`)
    return response
  }
  return {
    getText: async path => (await get(path))?.text() ?? null,
    getJson: async path => (await get(path))?.json() ?? null,
    getBytes: async path => {
      const response = await get(path, waitBytesMs)
      return response && new Uint8Array(await response.arrayBuffer())
    },
    send: async (method, path, body) => {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(waitMs),
      })
      return { status: response.status, body: await response.json().catch(() => null) }
    },
  }
}
