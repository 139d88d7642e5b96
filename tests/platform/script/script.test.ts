import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exitCodeOf } from '@/crypto/verify/finding'
import { verifyServed } from '@/crypto/verify/served'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { listScripts, readServed, recordScripts } from '~/platform/script/script.server'

let t: TestPlatform
let server: Server
let evil = false
const folder = mkdtempSync(join(tmpdir(), 'scripts-'))
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

beforeAll(async () => {
  t = await testPlatform()
  writeFileSync(join(folder, 'seal.worker-AbC_12-x.js'), 'seal()')
  writeFileSync(join(folder, 'key.worker-Qq.js'), 'key()')
  writeFileSync(join(folder, 'root-Zz.js'), 'page()')
  server = createServer(async (request, response) => {
    if (request.url === '/api/v1/scripts') {
      response.end(JSON.stringify({ scripts: listScripts(folder), logged: await readServed(await t.ctx()) }))
    } else response.end(request.url?.includes('seal.worker') ? (evil ? 'steal()' : 'seal()') : 'key()')
  }).listen(0, '127.0.0.1')
})
afterAll(async () => {
  server.close()
  rmSync(folder, { recursive: true })
  await t.close()
})

test('the scripts that handle keys are entered in the log, and again only when they change', async () => {
  const scripts = listScripts(folder)
  expect(scripts.map(one => one.name)).toEqual(['key.worker', 'seal.worker'])
  expect(await recordScripts(await t.ctx(), scripts)).toBe(true)
  expect(await recordScripts(await t.ctx(), scripts)).toBe(false)
  expect((await readServed(await t.ctx()))?.scripts).toEqual(scripts.map(one => `${one.name} ${one.sha256}`))
})

test('an outsider compares what is served with a build and with the log', async () => {
  expect(exitCodeOf(await verifyServed(url(), folder))).toBe(0)
  evil = true
  const findings = await verifyServed(url(), folder)
  expect(exitCodeOf(findings)).toBe(1)
  expect(findings.filter(one => one.result === 'broken').map(one => one.code)).toEqual(['served-source', 'served-logged'])
  evil = false
})

test('a build that lacks nothing but is another one does not hold', async () => {
  const other = mkdtempSync(join(tmpdir(), 'scripts-'))
  expect(exitCodeOf(await verifyServed(url(), other))).toBe(1)
  rmSync(other, { recursive: true })
})
