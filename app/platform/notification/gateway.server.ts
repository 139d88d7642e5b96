import { type Delivery, Undeliverable } from './channel'

const timeoutMs = 15_000

export interface Gateway {
  url: string
  token: string | undefined
}

/** Answers after which the same message may be sent again: the gateway is busy or ill, not against it. */
const isPassing = (status: number) => status === 408 || status === 425 || status === 429 || status >= 500

/**
 * Hands one text message or voice call to an HTTP gateway by the contract of docs/contact-gateway.md. The gateway calls once per
 * Idempotency-Key, however often it is asked: a crash between its answer and our note never rings twice. Throws Undeliverable when it refuses
 * the message for good.
 */
export async function sendByGateway({ url, token }: Gateway, { id, channel, to, text }: Delivery): Promise<void> {
  const headers = {
    'content-type': 'application/json',
    'idempotency-key': id,
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  }
  const body = JSON.stringify({ id, channel, to, text })
  const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs), redirect: 'error' })
  await response.body?.cancel()
  if (response.ok) return
  // Only the status: a gateway's own words could repeat the number.
  if (isPassing(response.status)) throw new Error(`the contact gateway answered ${response.status}`)
  throw new Undeliverable(`gateway-${response.status}`)
}
