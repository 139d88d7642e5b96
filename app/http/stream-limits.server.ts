import { createHash } from 'node:crypto'
import type { Request, Response } from 'express'
import { Refusal } from '~/shared/refusal'
import { readCookie, sessionCookie } from './request.server'

/** Streams open at once in one process: a hall of two thousand behind one address passes, a flood does not. */
const mostOfAll = 12_000
const mostPerAddress = 4_000
/** A person's open tabs. */
const mostPerSession = 24

/** Counts open streams by address and by session; what it keeps of a session is a hash in memory. */
export function streamLimits() {
  const counts = new Map<string, number>()
  let open = 0
  const add = (key: string, by: number) => {
    const count = (counts.get(key) ?? 0) + by
    if (count > 0) counts.set(key, count)
    else counts.delete(key)
  }
  const keysOf = (request: Request): [key: string, most: number][] => {
    const token = request.get('authorization') ?? readCookie(request.headers.cookie, sessionCookie)
    const address: [string, number] = [`address ${request.socket.remoteAddress ?? ''}`, mostPerAddress]
    return token ? [address, [createHash('sha256').update(token).digest('base64'), mostPerSession]] : [address]
  }
  /** Counts this stream until it closes, or refuses too-many. */
  return (request: Request, response: Response): void => {
    const keys = keysOf(request)
    const isFull = open >= mostOfAll || keys.some(([key, most]) => (counts.get(key) ?? 0) >= most)
    if (isFull) throw new Refusal('too-many', { retryAfter: '30 秒' })
    open++
    for (const [key] of keys) add(key, 1)
    response.once('close', () => {
      open--
      for (const [key] of keys) add(key, -1)
    })
  }
}
