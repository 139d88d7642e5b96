// Which key a person chose in a form, and how it reaches a worker. A page never holds a key: a file goes over as bytes, a browser's key by
// name, a USB key as a line to its middleware.
import type { TokenRequest } from '@/crypto/keyprovider-token'
import { tokenExchange } from './token-exchange'

export type ChosenKey =
  | { source: 'file'; bytes: ArrayBuffer; password: string }
  | { source: 'browser'; setId: string }
  | { source: 'token'; port: MessagePort; pin: string | null }

/** Names of the picker's fields; the password's name differs where a page has another. */
export const keyFields = { source: 'keySource', file: 'keyFile', set: 'keySet', pin: 'keyPin' } as const
export const keyPassword = 'filePassword'
const sources = ['file', 'browser', 'token'] as const
type Source = (typeof sources)[number]

/** What may not be written back into a page. */
export const isSecretField = (name: string): boolean => name === keyFields.pin || /password/i.test(name)

const textOf = (form: FormData, name: string): string => String(form.get(name) ?? '')

const sourceOf = (form: FormData): Source => sources.find(one => one === form.get(keyFields.source)) ?? 'file'

/** What is missing in the picker, by field. */
export function keySlips(form: FormData): Record<string, string> {
  const source = sourceOf(form)
  const file = form.get(keyFields.file)
  if (source === 'file' && !(file instanceof File && file.size > 0)) return { [keyFields.file]: '请选择证书文件' }
  if (source === 'browser' && !form.get(keyFields.set)) return { [keyFields.source]: '本浏览器中没有密钥，请换用其他密钥' }
  return {}
}

/** The chosen key. Call it once for each act: a line to a USB key can be handed over only once. */
export async function chosenKeyOf(form: FormData, addresses: string[], password: string = keyPassword): Promise<ChosenKey> {
  const source = sourceOf(form)
  if (source === 'browser') return { source, setId: textOf(form, keyFields.set) }
  if (source === 'token') return { source, port: tokenLine(addresses), pin: textOf(form, keyFields.pin) || null }
  const file = form.get(keyFields.file)
  const bytes = file instanceof File ? await file.arrayBuffer() : new ArrayBuffer(0)
  return { source, bytes, password: textOf(form, password) }
}

/** What of a chosen key is handed over, not copied, by postMessage. */
export const handedOver = (key: ChosenKey): Transferable[] => (key.source === 'token' ? [key.port] : [])

/** One request on the line, and its number, by which its answer is known. */
export type LineRequest = { id: number; request: TokenRequest }

/** A line to the middleware: whoever gets it asks by LineRequest and hears {id, reply}. Only the page is allowed to reach the middleware. */
function tokenLine(addresses: string[]): MessagePort {
  const { port1, port2 } = new MessageChannel()
  const exchange = tokenExchange(addresses)
  port1.onmessage = async ({ data: { id, request } }: MessageEvent<LineRequest>) =>
    port1.postMessage({ id, reply: await exchange(request) })
  return port2
}
