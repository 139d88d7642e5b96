// An outsider's way to the platform: its public HTTP API and nothing else.
import { randomUUID } from 'node:crypto'

/** What the platform answered instead of doing it: problem+json (RFC 9457) with a stable code. */
export interface ApiProblem extends Error {
  status: number
  code: string
  facts: Record<string, string>
}

export const isProblem = (error: unknown): error is ApiProblem => error instanceof Error && error.name === 'ApiProblem'

/** The stable code of a refusal; '' for anything else. */
export const codeOf = (error: unknown): string => (isProblem(error) ? error.code : '')

export interface Api {
  url: string
  /** The bearer token; '' for the public. */
  token: string
  get<T>(path: string): Promise<T>
  /** As `get`, but null where there is nothing (404). */
  find<T>(path: string): Promise<T | null>
  text(path: string): Promise<string>
  bytes(path: string): Promise<Uint8Array>
  post<T>(path: string, body?: unknown): Promise<T>
  put<T>(path: string, body: unknown): Promise<T>
  remove<T>(path: string): Promise<T>
  /** Sends a file as it is, with its (percent-encoded) name. */
  send<T>(path: string, file: { bytes: Uint8Array; type: string; name: string }): Promise<T>
}

const waitMs = 60_000
const tries = 6

interface Wanted {
  method: string
  path: string
  headers?: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer>
  isRepeatable: boolean
}

async function problemOf(wanted: Wanted, response: Response): Promise<ApiProblem> {
  const text = await response.text().catch(() => '')
  const body = readJson(text) as {
    code?: string
    detail?: string
    facts?: Record<string, string>
    fields?: Record<string, string>
  } | null
  const fields = body?.fields ? ` ${JSON.stringify(body.fields)}` : ''
  const message = `${wanted.method} ${wanted.path}: ${response.status} ${body?.code ?? ''} ${body?.detail ?? text.slice(0, 200)}${fields}`
  const known = {
    name: 'ApiProblem',
    status: response.status,
    code: body?.code ?? `http-${response.status}`,
    facts: body?.facts ?? {},
  }
  return Object.assign(new Error(message), known)
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Busy, restarting, rate-limited, or a repeat that overtook the first: worth asking again. */
const isPassing = (problem: ApiProblem) => [429, 502, 503, 504].includes(problem.status) || problem.code === 'changed-meanwhile'

/** One request; a lost connection or a passing problem is tried again where asking twice does it once. */
async function ask(base: string, token: string, wanted: Wanted): Promise<Response> {
  const headers = { ...(token ? { authorization: `Bearer ${token}` } : {}), ...wanted.headers }
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt === tries || !wanted.isRepeatable
    const init = { method: wanted.method, headers, body: wanted.body, signal: AbortSignal.timeout(waitMs) }
    const response = await fetch(`${base}${wanted.path}`, init).catch((error: unknown) => {
      if (isLast) throw new Error(`${wanted.method} ${wanted.path}: ${String(error)}`, { cause: error })
      return null
    })
    if (response?.ok) return response
    if (response) {
      const problem = await problemOf(wanted, response)
      if (isLast || !isPassing(problem)) throw problem
    }
    await pause(100 * 2 ** attempt)
  }
}

/** A client of the platform at `url`; every POST carries its own idempotency key, so that repeating it is safe. */
export function connect(url: string, token = ''): Api {
  const root = url.replace(/\/+$/, '')
  const base = `${root}/api/v1`
  const read = (path: string) => ask(base, token, { method: 'GET', path, isRepeatable: true })
  const write = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    // PUT is idempotent by itself (RFC 9110 §9.2.2); only POST needs a key to be safe to repeat.
    const key: Record<string, string> = token && method === 'POST' ? { 'idempotency-key': randomUUID() } : {}
    const headers = { 'content-type': 'application/json', ...key }
    const response = await ask(base, token, {
      method,
      path,
      headers,
      body: JSON.stringify(body ?? {}),
      isRepeatable: token !== '',
    })
    return (await response.json()) as T
  }
  const get = async <T>(path: string): Promise<T> => (await (await read(path)).json()) as T
  return {
    url: root,
    token,
    get,
    find: path =>
      get<never>(path).catch((error: unknown) => {
        if (isProblem(error) && error.status === 404) return null
        throw error
      }),
    text: async path => (await read(path)).text(),
    bytes: async path => new Uint8Array(await (await read(path)).arrayBuffer()),
    post: (path, body) => write('POST', path, body),
    put: (path, body) => write('PUT', path, body),
    remove: path => write('DELETE', path),
    send: async (path, file) => {
      const headers = { 'content-type': file.type, 'x-file-name': encodeURIComponent(file.name) }
      const response = await ask(base, token, {
        method: 'POST',
        path,
        headers,
        body: new Uint8Array(file.bytes),
        isRepeatable: false,
      })
      return (await response.json()) as never
    },
  }
}

export interface SignedIn {
  token: string
  membershipId: string
  organisationId: string
  role: string
  name: string
}

/** Signs in with login and password and gives a client that acts through that membership. */
export async function signIn(url: string, login: string, password: string, role?: string): Promise<Api & { member: SignedIn }> {
  const body = { login, password, label: 'bin/client', ...(role ? { role } : {}) }
  const member = await connect(url).post<SignedIn>('/tokens/password', body)
  return { ...connect(url, member.token), member }
}

export interface Waiting {
  /** What is waited for, for the message when it does not come. */
  what: string
  seconds: number
  everyMs?: number
}

/** Asks again and again until there is an answer; throws, naming what was waited for, when it does not come in time. */
export async function until<T>(
  { what, seconds, everyMs = 150 }: Waiting,
  ask: () => Promise<T | null | undefined | false>,
): Promise<T> {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const found = await ask()
    if (found) return found
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`)
    await pause(everyMs)
  }
}
