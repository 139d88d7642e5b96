import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DrawPrelude, signMessage } from '@/crypto/draw-message'
import { commitOf, type DealtSecret, dealSecret, revealOf } from '@/crypto/draw-party'
import { verifyDraw } from '@/crypto/verify/draw'
import { aDrawStage, aLibrary, type DrawStage } from '@/tests/factories/draw'
import { type TestApi, testApi } from '@/tests/setup/api'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { endpoints } from '~/api/registry.server'
import { readDrawLines } from '~/trading/draw/draw-line.read.server'

let t: TestPlatform
let api: TestApi
let stage: DrawStage
let id: string
let prelude: DrawPrelude

beforeEach(async () => {
  t = await testPlatform()
  api = await testApi(t, endpoints)
  stage = await aDrawStage(t, api)
  await aLibrary(t)
  id = await stage.begun({ revealSeconds: 30 })
  prelude = (await api.call('GET', '/draws?awaiting=me', { actor: stage.cast.agency })).body.draws[0].prelude
})
afterEach(async () => {
  stage?.close()
  await api?.close()
  await t?.close()
})

const post = (msg: Parameters<typeof signMessage>[0]) =>
  api.call('POST', `/draws/${id}/messages`, { actor: stage.cast.agency, body: signMessage(msg, stage.agent('agency').sign) })

/** The agency's own secret, where its agent will look for it. */
function dealForAgency(): DealtSecret {
  const secret = dealSecret(prelude, 'agency')
  const name = `draw-${createHash('sha256').update(prelude.drawId).digest('hex').slice(0, 32)}.json`
  stage.agent('agency').keep.write(name, secret)
  return secret
}

const recorded = async () =>
  (await t.platform.database.db.execute<{ party: string; kind: string }>(sql`select party, kind from draw_misconduct`)).rows

test('a commitment to something else than the own shares changes nothing and is on record for everybody', async () => {
  const commit = await commitOf(prelude, dealForAgency())
  expect((await post({ ...commit, c: '00'.repeat(32) })).status).toBe(201)
  await stage.playUntil(id, 'contacting')
  expect(await recorded()).toEqual([{ party: 'agency', kind: 'commitment-misfit' }])
  const transcript = (await api.call('GET', `/draws/${id}/transcript`)).body
  const report = verifyDraw(transcript, (await api.call('GET', '/anchors')).body)
  expect(report.broken).toEqual([])
  expect(report.proven.join()).toContain('agency 公开的份额与其承诺不符')
  expect((await readDrawLines(await t.ctx(), id)).map(({ text }) => text).join()).toContain('招标代理机构的承诺与其份额不符')
})

test('a share that is not the committed one is refused and recorded once; the committed one then counts', async () => {
  const secret = dealForAgency()
  await stage.playUntil(id, 'revealing')
  const [share] = revealOf(prelude, secret)
  const wrong = { ...share!, share: Buffer.alloc(32, 9).toString('base64') }
  for (let time = 0; time < 2; time++) expect((await post(wrong)).body.code).toBe('draw-share-mismatch')
  expect(await recorded()).toEqual([{ party: 'agency', kind: 'share-mismatch' }])
  await stage.playUntil(id, 'contacting')
  await t.tick()
  const { rows } = await t.platform.database.db.execute<{ n: number }>(
    sql`select count(*)::int as n from log_payload where action = 'draw.misconduct'`,
  )
  expect(rows).toEqual([{ n: 1 }])
})
