// The page's line to the middleware of a USB key on this machine. The page carries requests; what they say is the worker's business.
import type { TokenExchange, TokenReply, TokenRequest } from '@/crypto/keyprovider-token'

const mostCharacters = 262_144

async function post(address: string, { operation, body, timeoutMs }: TokenRequest): Promise<TokenReply> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(`${address}/tbid-key/1/${operation}`, { ...init, signal, credentials: 'omit', mode: 'cors' })
    const text = await response.text()
    return { kind: 'answer', status: response.status, body: text.length > mostCharacters ? null : parsed(text) }
  } catch {
    return { kind: signal.aborted ? 'timeout' : 'unreachable' }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Asks the first of these addresses at which a middleware answers; a `hello` looks for it anew. */
export function tokenExchange(addresses: string[]): TokenExchange {
  let [at] = addresses
  return async request => {
    if (request.operation !== 'hello') return at ? post(at, request) : { kind: 'unreachable' }
    let last: TokenReply = { kind: 'unreachable' }
    for (const address of addresses) {
      last = await post(address, request)
      at = address
      if (last.kind === 'answer') return last
    }
    return last
  }
}
