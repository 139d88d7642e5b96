import { expect, test } from 'vitest'
import { backTo, isElder, rememberSize } from '~/http/preferences.server'

const request = (headers: Record<string, string>) =>
  new Request('http://site.test/preferences', { headers: { host: 'site.test', ...headers } })

test('the size that was chosen is remembered by its cookie', async () => {
  const cookie = (await rememberSize('elder')).split(';')[0]!
  expect(await isElder(request({ cookie }))).toBe(true)
  const back = (await rememberSize('standard')).split(';')[0]!
  expect(await isElder(request({ cookie: back }))).toBe(false)
  expect(await isElder(request({}))).toBe(false)
  expect(await isElder(request({ cookie: 'size=rubbish' }))).toBe(false)
})

test('one comes back to the page one was on, and to no other site', () => {
  expect(backTo(request({ referer: 'http://site.test/lots/1?page=2' }))).toBe('/lots/1?page=2')
  expect(backTo(request({ referer: 'http://elsewhere.test/lots/1' }))).toBe('/')
  expect(backTo(request({ referer: 'http://site.test//elsewhere.test' }))).toBe('/')
  expect(backTo(request({ referer: 'not an address' }))).toBe('/')
  expect(backTo(request({}))).toBe('/')
})
