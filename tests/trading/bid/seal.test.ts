// The worker that seals and signs, in a played browser: two pages at once, what is broken off, and on to the receipt.
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { writeP12 } from '@/crypto/p12'
import { anActor } from '@/tests/factories/actor'
import { type BidApi, bidApi } from '@/tests/factories/bid-api'
import { aSigner } from '@/tests/factories/certificate'
import { aSealingLot, type SealingLot } from '@/tests/factories/custody'
import { fakeBrowser } from '@/tests/setup/browser'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { certificateEndpoints } from '~/api/certificate.server'
import type { PersonActor } from '~/platform/ctx'
import type { DeliverAnswer, DeliverTask } from '~/trading/bid/deliver-client'
import { alone, discardUnlessBusy, keptFolder, listKeptBids } from '~/trading/bid/kept-bid-client'
import type { SealAnswer, SealTask } from '~/trading/bid/seal-client'

type Answer = SealAnswer | DeliverAnswer
type Prepare = Extract<SealTask, { task: 'prepare' }>

const password = 'demo-2026'
const browser = fakeBrowser()
let t: TestPlatform
let api: BidApi
let lot: SealingLot
let bidder: PersonActor
let keyFile: Uint8Array
let hear: (answer: Answer) => void = () => {}
const listeners: ((event: { data: unknown }) => void)[] = []

beforeAll(async () => {
  t = await testPlatform()
  api = bidApi(t, certificateEndpoints)
  lot = await aSealingLot(t, { seconds: 3600 })
  bidder = await anActor(t, 'bidder', { name: '投标人' })
  api.as(bidder)
  const signers = [await aSigner(t, bidder), await aSigner(t, bidder, { use: 'encrypt' })]
  const entries = signers.map(({ keys, certificate }) => ({ pkcs8: keys.pkcs8, certificate: certificate.der }))
  keyFile = writeP12(entries, password)
  const real = globalThis.fetch
  vi.stubGlobal('navigator', browser.stubs.navigator)
  vi.stubGlobal('indexedDB', browser.stubs.indexedDB)
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => real(`${api.base.replace('/api/v1', '')}${path}`, init))
  vi.stubGlobal('self', {
    postMessage: (answer: Answer) => hear(answer),
    addEventListener: (_: string, listener: (event: { data: unknown }) => void) => listeners.push(listener),
  })
  await import('~/trading/bid/seal.worker')
  await import('~/trading/bid/deliver.worker')
})
afterAll(async () => {
  vi.unstubAllGlobals()
  api.close()
  await t.close()
})
beforeEach(async () => {
  for (const { id } of await listKeptBids()) await discardUnlessBusy(id)
})

/** Gives tasks to workers at the same time; resolves with what each says last, in the order of the answers. */
function told(tasks: (SealTask | DeliverTask)[]): Promise<Answer[]> {
  return new Promise(resolve => {
    const last: Answer[] = []
    hear = answer => {
      if (answer.kind !== 'progress' && last.push(answer) === tasks.length) resolve(last)
    }
    for (const data of tasks) listeners[data.task === 'send' || data.task === 'commit' ? 1 : 0]!({ data })
  })
}

const pdf = (text = '%PDF-1.7\n%%EOF\n') => new File([text], '技术标.pdf', { type: 'application/pdf' })

function aTask(change: Partial<Prepare> = {}): Prepare {
  const scope = {
    ...{ lotId: lot.lotId, platform: t.platform.config.platformId, org: bidder.organisationId, policy: lot.policy.payload },
    ...{ deadline: '2026-12-01T01:30:00Z', termsVersion: 1, former: null },
  }
  const key = { source: 'file' as const, bytes: Uint8Array.from(keyFile).buffer, password }
  return {
    task: 'prepare',
    scope,
    key,
    form: { priceFen: '100' },
    files: [{ role: 'technical', file: pdf() }],
    spare: null,
    ...change,
  }
}

const left = async () => [...(await browser.root.getDirectoryHandle(keptFolder, { create: true })).entries.keys()]

test('sealed, signed, sent, committed: the receipt holds, and what is kept in between opens nothing', async () => {
  const [prepared] = await told([aTask()])
  if (prepared?.kind !== 'prepared') throw new Error(JSON.stringify(prepared))
  const [kept] = await listKeptBids()
  expect(await left()).toEqual([kept?.id])
  expect(
    Object.keys(kept ?? {})
      .sort()
      .join(),
  ).not.toMatch(/key|secret|price|name|salt/i)
  const [sent] = await told([{ task: 'send', keptId: prepared.signed.keptId ?? '' }])
  expect(sent?.kind).toBe('sent')
  const [committed] = await told([{ task: 'commit', signed: prepared.signed }])
  expect(committed).toMatchObject({ kind: 'committed', isProven: true })
  expect([await listKeptBids(), await left()]).toEqual([[], []])
})

test('two pages of one browser that seal for one lot at once: one does, the other is told', async () => {
  const answers = await told([aTask(), aTask()])
  expect(answers).toMatchObject([{ kind: 'failed', problem: 'busy' }, { kind: 'prepared' }])
  expect(await listKeptBids()).toHaveLength(1)
  const [again] = await told([aTask()])
  expect(again).toEqual({ kind: 'failed', problem: 'kept-already' })
  expect(await left()).toEqual((await listKeptBids()).map(({ id }) => id))
})

test('two pages may seal for two organisations at once', async () => {
  const other = aTask()
  other.scope.org = crypto.randomUUID()
  const answers = await told([aTask(), other])
  expect(answers.map(({ kind }) => kind)).toEqual(['prepared', 'prepared'])
})

test('what is broken off leaves nothing behind: a wrong password, no PDF, an empty file, one that changes while it is read', async () => {
  const gone = pdf('%PDF-1.7 gone')
  const slice = gone.slice.bind(gone)
  let slices = 0
  gone.slice = (...of) => (++slices > 1 ? ({ arrayBuffer: () => Promise.reject(new Error('gone')) } as Blob) : slice(...of))
  const key = { ...aTask().key, password: 'wrong' } as Prepare['key']
  const [wrong] = await told([aTask({ key })])
  const [plain] = await told([aTask({ files: [{ role: 'technical', file: pdf('MZ') }] })])
  const [empty] = await told([aTask({ files: [{ role: 'technical', file: pdf('') }] })])
  const [changed] = await told([aTask({ files: [{ role: 'technical', file: gone }] })])
  const problems = [wrong, plain, empty, changed].map(answer => (answer?.kind === 'failed' ? answer.problem : answer?.kind))
  expect(problems).toEqual(['wrong-password', 'not-pdf', 'empty', 'changed'])
  expect([await listKeptBids(), await left()]).toEqual([[], []])
})

test('ciphertext of a page that died while sealing is swept away at the next sealing, that of a living one is not', async () => {
  const folders = await browser.root.getDirectoryHandle(keptFolder, { create: true })
  await folders.getDirectoryHandle('dead', { create: true })
  await folders.getDirectoryHandle('living', { create: true })
  await alone('living', () => told([aTask()]))
  const [kept] = await listKeptBids()
  expect(await left()).toEqual(['living', kept?.id])
})
