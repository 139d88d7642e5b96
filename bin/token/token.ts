// A simulated USB key with its maker's middleware: the contract `tbid-key/1` (crypto/README.md) on 127.0.0.1.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tokenProtocol } from '../../crypto/keyprovider-token'
import { readP12 } from '../../crypto/p12'
import { type ChipKey, chipKey } from './keys'

export interface TokenOptions {
  /** The .p12 whose keys stand for those on the chip. */
  file: Uint8Array
  password: string
  pin: string
  /** 0 takes a free one. */
  port?: number
  /** Sites whose pages may ask; without it those of this machine. */
  mayAsk?: (origin: string) => boolean
  /** Asks the owner for the PIN; null says that the owner pressed cancel. Without it pages pass the PIN. */
  askOwner?: () => Promise<string | null>
}

export interface Token {
  /** What USB_KEY_URLS names. */
  url: string
  /** Operations that were asked, in order. */
  asked: string[]
  remove(): void
  insert(): void
  /** While true, requests get no answer. */
  stall(isStalled: boolean): void
  close(): Promise<void>
}

class Refused extends Error {
  override name = 'Refused'
  constructor(
    readonly code: string,
    readonly left?: number,
  ) {
    super(code)
  }
}

const mostTries = 3
const mostBytes = 65_536

const isOfThisMachine = (origin: string): boolean => /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(origin)

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += part.length
    if (size > mostBytes) throw new Refused('bad-request')
    parts.push(part)
  }
  const body: unknown = JSON.parse(Buffer.concat(parts).toString() || '{}')
  if (typeof body !== 'object' || body === null) throw new Refused('bad-request')
  return body as Record<string, unknown>
}

const bytesOf = (value: unknown): Buffer => {
  if (typeof value !== 'string') throw new Refused('bad-request')
  return Buffer.from(value, 'base64')
}

/** Counts wrong PINs; the third locks. */
function pinGuard({ pin, askOwner }: TokenOptions) {
  let left = mostTries
  return async (given: unknown) => {
    if (left === 0) throw new Refused('pin-locked')
    const typed = askOwner ? await askOwner() : given
    if (typed === null && askOwner) throw new Refused('cancelled')
    if (typed !== pin) {
      left -= 1
      throw left === 0 ? new Refused('pin-locked') : new Refused('wrong-pin', left)
    }
    left = mostTries
  }
}

const opened = (key: ChipKey, algorithm: string, input: Uint8Array): Uint8Array => {
  try {
    return key.open(algorithm, input)
  } catch {
    throw new Refused('damaged')
  }
}

type Operations = Record<string, (body: Record<string, unknown>) => Promise<unknown>>

function operationsOf(keys: ChipKey[], options: TokenOptions, isIn: () => boolean): Operations {
  const unlock = pinGuard(options)
  const keyFor = (id: unknown): ChipKey => {
    const found = keys.find(key => key.id === id)
    if (!found) throw new Refused('unsupported')
    return found
  }
  const use = async (body: Record<string, unknown>, act: (key: ChipKey) => Uint8Array) => {
    if (!isIn()) throw new Refused('token-removed')
    await unlock(body.pin)
    return Buffer.from(act(keyFor(body.id))).toString('base64')
  }
  return {
    hello: async () => ({
      protocol: tokenProtocol,
      maker: '演练 USB Key',
      token: isIn() ? 'SIM-0001' : null,
      pin: options.askOwner ? 'asked' : 'passed',
    }),
    list: async () => {
      if (!isIn()) throw new Refused('no-token')
      const text = (der: Uint8Array) => Buffer.from(der).toString('base64')
      const shown = ({ id, entry }: ChipKey) => ({
        id,
        certificate: text(entry.certificate.der),
        chain: entry.chain.map(one => text(one.der)),
      })
      return { certificates: keys.map(shown) }
    },
    sign: async body => ({ signature: await use(body, key => key.sign(String(body.algorithm), bytesOf(body.message))) }),
    open: async body => ({ plain: await use(body, key => opened(key, String(body.algorithm), bytesOf(body.input))) }),
  }
}

const send = (response: ServerResponse, status: number, body?: unknown) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(body === undefined ? '' : JSON.stringify(body))

/** What a browser wants to hear before it lets a page of another origin ask (CORS, private network access). */
function allow(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-allow-headers', 'content-type')
  response.setHeader('access-control-allow-private-network', 'true')
  response.setHeader('vary', 'origin')
}

interface Desk {
  operations: Operations
  mayAsk: (origin: string) => boolean
  state: { isIn: boolean; isStalled: boolean }
  asked: string[]
}

async function answer({ operations, mayAsk, state, asked }: Desk, request: IncomingMessage, response: ServerResponse) {
  const { origin, host } = request.headers
  // A page of a stranger's name that points here (DNS rebinding) shows in the Host header.
  if ((origin && !mayAsk(origin)) || !isOfThisMachine(`http://${host}`)) return send(response, 403, { code: 'forbidden' })
  if (origin) allow(response, origin)
  if (request.method === 'OPTIONS') return send(response, 204)
  const [, name = ''] = /^\/tbid-key\/1\/([a-z]+)$/.exec(request.url ?? '') ?? []
  if (request.method !== 'POST' || !Object.hasOwn(operations, name)) return send(response, 404, { code: 'unsupported' })
  asked.push(name)
  if (state.isStalled) return
  try {
    send(response, 200, await operations[name]!(await readBody(request)))
  } catch (error) {
    const { code, left } = error instanceof Refused ? error : new Refused('fault')
    send(response, 409, { code, ...(left === undefined ? {} : { left }) })
  }
}

/** Starts the middleware. Throws P12Error where the file does not open. */
export async function startToken(options: TokenOptions): Promise<Token> {
  const keys = readP12(options.file, options.password).map((entry, i) => chipKey(entry, `key-${i + 1}`))
  const state = { isIn: true, isStalled: false }
  const asked: string[] = []
  const operations = operationsOf(keys, options, () => state.isIn)
  const desk: Desk = { operations, mayAsk: options.mayAsk ?? isOfThisMachine, state, asked }
  const server = createServer((request, response) => void answer(desk, request, response))
  const port = await listen(server, options.port ?? 0)
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    remove: () => void Object.assign(state, { isIn: false }),
    insert: () => void Object.assign(state, { isIn: true }),
    stall: isStalled => void Object.assign(state, { isStalled }),
    close: () => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
