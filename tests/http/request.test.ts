import type { Request } from 'express'
import { expect, test } from 'vitest'
import { onwardPath } from '~/http/paths'
import { isSameOrigin, readCookie } from '~/http/request.server'

const from = (headers: Record<string, string>) =>
  isSameOrigin({ headers: { host: 'tender.example', ...headers } } as unknown as Request)

test.each([
  [{ 'sec-fetch-site': 'same-origin' }, true],
  [{ 'sec-fetch-site': 'none' }, true],
  [{ 'sec-fetch-site': 'same-site' }, false],
  [{ 'sec-fetch-site': 'cross-site' }, false],
  [{ 'sec-fetch-site': 'cross-site', origin: 'https://tender.example' }, false],
  [{ origin: 'https://tender.example' }, true],
  [{ origin: 'https://evil.example' }, false],
  [{ origin: 'https://tender.example.evil.example' }, false],
  [{ origin: 'null' }, false],
  [{}, true],
])('a change asked for with %o comes from our own pages: %s', (headers, expected) => {
  expect(from(headers as Record<string, string>)).toBe(expected)
})

test('a cookie is read by its whole name', () => {
  expect(readCookie('xsid=1; sid=abc; size=elder', 'sid')).toBe('abc')
  expect(readCookie(undefined, 'sid')).toBeNull()
})

test.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  'javascript:alert(1)',
  '',
])('signing in never leads to %j', next => {
  expect(onwardPath(next, 'bidder')).toBe('/bidder')
})

test('signing in leads back to the page that asked for it', () => {
  expect(onwardPath('/account/tokens?x=1', 'bidder')).toBe('/account/tokens?x=1')
})
