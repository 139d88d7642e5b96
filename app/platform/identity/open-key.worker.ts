// How a worker gets at the key that a person chose: one interface, whoever holds it.
import { type KeyProvider, keyErrorOf } from '@/crypto/keyprovider'
import { browserProvider } from '@/crypto/keyprovider-browser'
import { fileProvider } from '@/crypto/keyprovider-file'
import { type TokenExchange, type TokenReply, tokenProvider } from '@/crypto/keyprovider-token'
import type { ChosenKey } from './chosen-key'
import type { KeyProblem } from './key-client'
import { readSet } from './key-shelf'

/** The chosen key, opened. Throws KeyError. */
export async function openKey(key: ChosenKey): Promise<KeyProvider> {
  if (key.source === 'file') return fileProvider(new Uint8Array(key.bytes), key.password)
  if (key.source === 'browser') return browserProvider(await readSet(key.setId))
  return tokenProvider(exchangeOver(key.port), key.pin)
}

/** What went wrong, as a page is told. */
export function keyFailureOf(error: unknown): { problem: KeyProblem; left: number | null } {
  const { problem, left } = keyErrorOf(error)
  return { problem, left }
}

/** Asks the middleware by the page, which alone may reach it. */
function exchangeOver(port: MessagePort): TokenExchange {
  const waiting = new Map<number, (reply: TokenReply) => void>()
  let last = 0
  port.onmessage = ({ data: { id, reply } }: MessageEvent<{ id: number; reply: TokenReply }>) => {
    waiting.get(id)?.(reply)
    waiting.delete(id)
  }
  return request =>
    new Promise(resolve => {
      last += 1
      waiting.set(last, resolve)
      port.postMessage({ id: last, request })
    })
}
