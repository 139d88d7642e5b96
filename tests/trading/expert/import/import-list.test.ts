import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expert } from '@/db/schema/trading/expert'
import { expertImport, expertImportBatch, expertImportPart } from '@/db/schema/trading/expert-record'
import { aCreditCode } from '@/tests/factories/actor'
import { aListLine, listHeading } from '@/tests/factories/expert'
import { receiveList } from '~/trading/expert/import/arrive.server'
import { advanceList, cancelImport, nextImportStep, stepImports } from '~/trading/expert/import/import-list.server'
import { addRule } from '~/trading/expert/rule.server'
import { anImportDesk, type ImportDesk } from './desk'

let desk: ImportDesk
let t: ImportDesk['t']
let api: ImportDesk['api']
let keeper: ImportDesk['keeper']
const code = aCreditCode()
const root = resolve(import.meta.dirname, '../../../..')

beforeAll(async () => {
  desk = await anImportDesk()
  ;({ t, api, keeper } = desk)
})
afterAll(() => desk?.close())

const db = () => t.platform.database.db
/** A list of good rows; every so many of them has an unknown specialty. */
const aList = (from: number, rows: number, badEvery = 0) => {
  const lines = Array.from({ length: rows }, (_, at) => {
    const line = aListLine(from + at, code)
    return badEvery > 0 && at % badEvery === 0 ? line.replace(',A0801,', ',A0899,') : line
  })
  return Buffer.from([listHeading, ...lines].join('\n'))
}
const arrived = async (bytes: Buffer, mode: 'all' | 'good-rows' = 'good-rows', most = 1e9) =>
  receiveList(await t.ctx(keeper), Readable.from([bytes]), { fileName: 'list.csv', source: '某部门', mode, most })
const rowOf = async (id: string) => (await db().select().from(expertImport).where(eq(expertImport.id, id)))[0]!
const inLibrary = (id: string) => db().$count(expert, eq(expert.importId, id))
const kept = async () => (await db().$count(expertImportPart)) + (await db().$count(expertImportBatch))
/** Lets some of a list be checked, then whichever process had it is gone. */
const someOf = async (id: string) => {
  await advanceList(await t.ctx(), id, 1)
  await db().update(expertImport).set({ lease: crypto.randomUUID(), leasedUntil: sql`clock_timestamp() - interval '1 second'` })
}
const finish = async () => {
  while (await nextImportStep(await t.ctx())) await stepImports(await t.ctx())
}

test('a long list is answered before it is done: its course is seen, nothing is in the library until all is, then nothing of the list is kept', async () => {
  const path = '/expert-imports?kind=experts&mode=good-rows&name=list.csv&source=long'
  const headers = { 'content-type': 'application/octet-stream' }
  const sent = await api.call('POST', path, { actor: keeper, body: aList(100_000, 20_000, 100), headers })
  expect([sent.status, sent.body.state]).toEqual([202, 'checking'])
  expect(sent.body.rows).toBeGreaterThan(0)
  expect(sent.body.lease).toBeUndefined()
  const { id } = sent.body
  const seen = await api.call('GET', `/expert-imports/${id}`, { actor: keeper })
  // What is shown as read follows the rows that are judged, although the list came in one piece.
  const { bytes, bytesDone, rows } = seen.body.report
  expect(bytesDone / bytes).toBeGreaterThan(rows / 20_000 - 0.02)
  expect(bytesDone / bytes).toBeLessThan(rows / 20_000 + 0.3)
  expect(await inLibrary(id)).toBe(0)
  const again = await api.call('POST', path, { actor: keeper, body: aList(100_000, 20_000, 100), headers })
  expect(again.body.id).toBe(id)
  await db().execute(sql`delete from outbox`)
  await finish()
  const { body } = await api.call('GET', `/expert-imports/${id}`, { actor: keeper })
  expect(body.report).toMatchObject({ state: 'done', isTaken: true, rows: 20_000, accepted: 19_800, rejected: 200 })
  expect([await inLibrary(id), body.total, await kept()]).toEqual([19_800, 200, 0])
})

test('a process killed in the checking and one in the taking over: the next goes on, and no row comes twice', async () => {
  const { id } = await arrived(aList(200_000, 8_000, 50))
  const strikes: string[] = []
  for (const isRipe of [
    ({ state, rows }: { state: string; rows: number }) => state === 'checking' && rows > 0,
    ({ state, gone }: { state: string; gone: number }) => state === 'taking' && gone > 0,
  ]) {
    const worker = fork('bin/run.mjs', ['tests/trading/expert/import/import-worker.ts', t.url, t.platform.config.dataDir], {
      cwd: root,
    })
    const ended = once(worker, 'exit')
    for (let row = await rowOf(id); !isRipe(row) && row.state !== 'done'; row = await rowOf(id));
    worker.kill('SIGKILL')
    await ended
    const { state } = await rowOf(id)
    strikes.push(state)
    expect(await inLibrary(id)).toBe(0)
    await db().update(expertImport).set({ leasedUntil: sql`clock_timestamp() - interval '1 second'` })
  }
  expect(strikes).toEqual(['checking', 'taking'])
  await finish()
  expect(await rowOf(id)).toMatchObject({
    state: 'done',
    rows: 8_000,
    accepted: 7_840,
    rejected: 160,
    counts: { 'specialty-unknown': 160 },
  })
  expect([await inLibrary(id), await kept()]).toEqual([7_840, 0])
}, 60_000)

test('a list is cancelled while it is checked, by an act of the log; afterwards and while it is taken over it cannot be', async () => {
  const { id } = await arrived(aList(300_000, 4_000))
  await someOf(id)
  expect((await rowOf(id)).rows).toBeGreaterThan(0)
  const cancel = () => api.call('POST', `/expert-imports/${id}/cancellation`, { actor: keeper })
  await db().update(expertImport).set({ state: 'taking' }).where(eq(expertImport.id, id))
  expect((await cancel()).body.code).toBe('wrong-state')
  await db().update(expertImport).set({ state: 'checking' }).where(eq(expertImport.id, id))
  expect((await cancel()).status).toBe(200)
  expect((await cancel()).body.code).toBe('wrong-state')
  await finish()
  expect([(await rowOf(id)).state, await inLibrary(id), await kept()]).toEqual(['cancelled', 0, 0])
  // What was cancelled may come again.
  const again = await arrived(aList(300_000, 4_000))
  await finish()
  expect([again.id === id, (await rowOf(again.id)).accepted]).toEqual([false, 4_000])
})

test('all or nothing holds across batches: a bad row in the last, and somebody who came into the library meanwhile', async () => {
  const bad = aList(400_000, 2_500)
    .toString()
    .replace(/A0801,A0601;A0401,350102,某单位,\w+$/, 'A0899,,350102,某单位,x')
  const first = await arrived(Buffer.from(bad), 'all')
  await finish()
  expect(await rowOf(first.id)).toMatchObject({ isTaken: false, accepted: 0, rejected: 1, rows: 2_500 })
  const second = await arrived(aList(500_000, 2_500), 'all')
  await someOf(second.id)
  const other = await arrived(aList(502_499, 1))
  await advanceList(await t.ctx(), other.id, 10_000)
  expect(await inLibrary(other.id)).toBe(1)
  await finish()
  expect(await rowOf(second.id)).toMatchObject({ isTaken: false, accepted: 0, rejected: 1, counts: { 'already-in-library': 1 } })
  expect([await inLibrary(first.id), await inLibrary(second.id)]).toEqual([0, 0])
})

test('the library’s rules say how long a list and how many at once may be; an upload that breaks off leaves nothing', async () => {
  const rule = {
    name: '名单上限',
    windowMonths: null,
    act: null,
    actMonths: null,
    source: '某省规定',
    effectiveOn: '2026-01-01',
    isOff: false,
  }
  for (const [code, value] of [
    ['rows', 1],
    ['size', 1],
    ['waiting', 1],
  ] as const)
    await addRule(await t.ctx(keeper), { ...rule, kind: 'import', code, value })
  const { id } = await arrived(aList(600_000, 10_001).subarray(0, 1_000_000))
  await expect(arrived(aList(700_000, 1))).rejects.toMatchObject({ code: 'import-running', facts: { count: '1' } })
  await cancelImport(await t.ctx(keeper), { id })
  await expect(arrived(Buffer.alloc(1_048_577, 'x'))).rejects.toMatchObject({ code: 'file-too-big' })
  const broken = async function* () {
    yield aList(700_000, 100)
    throw new Error('the line broke')
  }
  const list = { fileName: 'list.csv', source: '某部门', mode: 'all', most: 1e9 } as const
  await expect(receiveList(await t.ctx(keeper), broken(), list)).rejects.toThrow('the line broke')
  const short = (at: number) => `${at},${'x,'.repeat(7)}x`
  const rows = [listHeading, ...Array.from({ length: 10_001 }, (_, at) => short(at))].join('\n')
  const long = await arrived(Buffer.from(rows))
  await finish()
  expect(await rowOf(long.id)).toMatchObject({
    state: 'refused',
    problem: { code: 'file-too-big', facts: { limit: '10000 行' } },
  })
  const { body } = await api.call('GET', `/expert-imports/${long.id}`, { actor: keeper })
  expect(body.problem).toContain('10000 行')
  expect(await kept()).toBe(0)
})
