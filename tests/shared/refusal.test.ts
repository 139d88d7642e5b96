import { expect, test } from 'vitest'
import { eventsOf, type Flow, next } from '~/shared/flow'
import { Refusal, refuseUnless, statusOf } from '~/shared/refusal'
import { type RefusalCode, refusalText } from '~/shared/refusal.text'

test('every code has a Chinese sentence that ends as one and shouts at nobody', () => {
  const facts = new Proxy({}, { get: () => '某事' }) as Record<string, string>
  for (const [code, sentence] of Object.entries(refusalText)) {
    const text = (sentence as (f: Record<string, string>) => string)(facts)
    expect(text, code).toMatch(/[。）某事]$/)
    expect(text, code).not.toMatch(/[!！亲]|undefined|系统繁忙/)
  }
})

test('codes are lower-case words with hyphens', () => {
  for (const code of Object.keys(refusalText)) expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
})

test('a refusal carries its sentence and its status', () => {
  const refusal = new Refusal('bidding-closed', { endedAt: '2026年12月1日 09:30:00', at: '2026年12月1日 09:30:02' })
  expect(refusal.text).toContain('投标截止时间为 2026年12月1日 09:30:00，您的确认于 2026年12月1日 09:30:02 到达')
  expect(refusal.status).toBe(409)
  const statuses: [RefusalCode, number][] = [
    ['not-signed-in', 401],
    ['not-allowed', 403],
    ['not-found', 404],
    ['wrong-state', 409],
    ['too-many', 429],
  ]
  for (const [code, status] of statuses) expect(statusOf(code)).toBe(status)
})

test('refuseUnless passes what holds and refuses what does not', () => {
  expect(() => refuseUnless(1, 'not-found')).not.toThrow()
  expect(() => refuseUnless(undefined, 'not-found')).toThrow(Refusal)
})

const flow: Flow<'draft' | 'open' | 'closed', 'publish' | 'close'> = {
  draft: { publish: 'open' },
  open: { close: 'closed' },
  closed: {},
}

test('a flow goes where its table says and nowhere else', () => {
  expect(next(flow, 'draft', 'publish')).toBe('open')
  expect(eventsOf(flow, 'open')).toEqual(['close'])
  expect(() => next(flow, 'closed', 'publish')).toThrow('wrong-state')
})
