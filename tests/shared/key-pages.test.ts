import { expect, test } from 'vitest'
import { securityHeaders } from '~/http/app.server'
import { readConfig } from '~/platform/env.server'
import { isKeyPage } from '~/shared/key-pages'

const keyPages = [
  '/sign-in',
  '/sign-in?next=%2Fagency',
  '/lots/L/opening',
  '/bidder/lots/L/submission',
  '/bidder/lots/L/withdrawal/',
  '/bidder/lots/L/confirmation',
  '/custodian/lots/L/key',
  '/custodian/lots/L/cosignature',
  '/agency/lots/L/policy',
  '/expert/lots/L/signature',
]
const others = ['/', '/lots/L', '/lots/L/screen', '/bidder/lots/L', '/account/certificates', '/sign-in/certificate', '/a/sign-in']

test('pages on which a key is used are told from all others', () => {
  expect(keyPages.filter(page => !isKeyPage(page))).toEqual([])
  expect(others.filter(isKeyPage)).toEqual([])
})

test('the address of the middleware is one of the visitor’s own machine, or none', () => {
  const urls = (value?: string) => readConfig({ USB_KEY_URLS: value }).usbKeyUrls
  expect(urls()).toEqual(['http://127.0.0.1:18789'])
  expect(urls('https://localhost:9001,http://[::1]:9002')).toEqual(['https://localhost:9001', 'http://[::1]:9002'])
  expect(urls('none')).toEqual([])
  const bad = [
    'https://evil.example',
    'http://127.0.0.1:1/path',
    "http://127.0.0.1; script-src 'unsafe-inline'",
    'http://localhost.evil',
  ]
  for (const value of bad) expect(() => urls(value), value).toThrow('USB_KEY_URLS')
})

function policyOf(reaches?: string[]): string {
  const sent: Record<string, string> = {}
  const set = (name: string | object, value = '') => void (typeof name === 'string' && Object.assign(sent, { [name]: value }))
  securityHeaders('N', reaches)({} as never, { set } as never, () => {})
  return sent['content-security-policy'] ?? ''
}

test('a page may ask this platform only; one on which a key is used, the middleware too', () => {
  expect(policyOf()).toContain("; connect-src 'self';")
  expect(policyOf(['http://127.0.0.1:18789'])).toContain("; connect-src 'self' http://127.0.0.1:18789;")
})
