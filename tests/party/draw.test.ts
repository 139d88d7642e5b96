import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyDraw } from '@/crypto/verify/draw'
import { lot } from '@/db/schema/trading/project'
import { seedExperts } from '@/db/seed/expert'
import { aDrawStage, type DrawStage } from '@/tests/factories/draw'
import { type TestApi, testApi } from '@/tests/setup/api'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { endpoints } from '~/api/registry.server'
import { readCommittee } from '~/trading/draw/committee.server'

let t: TestPlatform
let api: TestApi
let stage: DrawStage

beforeAll(async () => {
  t = await testPlatform()
  await seedExperts(await t.ctx())
  api = await testApi(t, endpoints)
  stage = await aDrawStage(t, api)
})

afterAll(async () => {
  stage?.close()
  await api?.close()
  await t?.close()
})

describe('a committee is drawn by four parties over HTTP', () => {
  let id: string
  let codes: string[]
  const tokens: string[] = []
  const asExpert = (token: string, method: string, path: string, body?: unknown) =>
    api.call(method, path, { body, headers: { authorization: `Bearer ${token}` } })

  test('the agency asks; only the supervisor can approve; a second request is refused', async () => {
    const asked = await api.call('POST', `/lots/${stage.lotId}/draws`, { actor: stage.cast.agency, body: stage.request() })
    expect(asked.status).toBe(201)
    id = asked.body.id
    expect(
      (await api.call('POST', `/lots/${stage.lotId}/draws`, { actor: stage.cast.agency, body: stage.request() })).body.code,
    ).toBe('draw-exists')
    expect((await api.call('POST', `/draws/${id}/approval`, { actor: stage.cast.agency })).status).toBe(403)
    expect((await api.call('POST', `/draws/${id}/approval`, { actor: stage.cast.supervisor })).body.state).toBe('reviewed')
    const again = await api.call('POST', `/draws/${id}/approval`, { actor: stage.cast.supervisor })
    expect(again.body.code).toBe('two-person-rule')
    expect((await api.call('POST', `/draws/${id}/approval`, { actor: stage.cast.approver })).body.state).toBe('approved')
  })

  test('nothing is drawn before the lot opens, and bidders are not known to the drawer', async () => {
    await stage.platformStep()
    expect(await stage.stateOf(id)).toBe('approved')
    await stage.open()
    await stage.platformStep()
    expect(await stage.stateOf(id)).toBe('committing')
  })

  test('all commit, acknowledge, V is witnessed, all reveal, and five people are seated', async () => {
    await stage.playUntil(id, 'contacting')
    const { body } = await api.call('GET', `/draws/${id}`)
    expect(body.seats).toHaveLength(5)
    expect(body.progress.every((one: { committed: boolean; revealed: number }) => one.committed && one.revealed === 3)).toBe(true)
    expect(JSON.stringify(body)).not.toMatch(/闽江建设集团有限公司/)
  })

  test('the transcript proves itself to an outsider with anchors', async () => {
    const transcript = (await api.call('GET', `/draws/${id}/transcript`)).body
    const anchors = (await api.call('GET', '/anchors')).body
    const report = verifyDraw(transcript, anchors)
    expect(report.broken).toEqual([])
    expect(report.unproven).toEqual([])
    expect(report.proven).toHaveLength(3)
    expect(verifyDraw({ ...transcript, attempt: transcript.attempt + 1 }, anchors).broken).not.toEqual([])
  })

  test('invitations say when and where, never what; two decline and the next of the ranking are invited', async () => {
    codes = await stage.readInvitations()
    expect(codes).toHaveLength(5)
    const { body } = await api.call('GET', `/invitations/${codes[0]}`)
    expect(body).toMatchObject({ hours: 4, state: 'invited' })
    expect(JSON.stringify(body)).not.toMatch(/滨江路|闽江/)
    for (const code of codes.slice(0, 2)) {
      const answer = await api.call('POST', `/invitations/${code}`, { body: { answer: 'decline', reason: '出差' } })
      expect(answer.status).toBe(200)
    }
    const again = await api.call('POST', `/invitations/${codes[0]}`, { body: { answer: 'accept' } })
    expect(again.body.code).toBe('invitation-ended')
    codes = (await stage.readInvitations()).filter(code => !codes.slice(0, 2).includes(code))
    expect(codes).toHaveLength(5)
  })

  test('whoever accepts is signed in as an expert, and the committee is complete when all have', async () => {
    for (const code of codes) {
      const { body } = await api.call('POST', `/invitations/${code}`, { body: { answer: 'accept' } })
      expect(body.login.role).toBe('expert')
      tokens.push(body.login.token)
    }
    expect(await stage.stateOf(id)).toBe('complete')
  })

  test('a member arrives and declares; a conflict brings in a substitute; then the evaluation begins', async () => {
    for (const token of tokens)
      expect((await asExpert(token, 'POST', `/lots/${stage.lotId}/arrival`, { pledge: true })).status).toBe(200)
    expect((await asExpert(tokens[0]!, 'GET', `/lots/${stage.lotId}/arrival`)).body.bidders).toEqual(['闽江建设集团有限公司'])
    const conflict = await asExpert(tokens[0]!, 'POST', `/lots/${stage.lotId}/declaration`, { conflict: true, text: '曾任职' })
    expect(conflict.status).toBe(200)
    expect(await stage.stateOf(id)).toBe('contacting')
    const code = (await stage.readInvitations()).at(-1)!
    const substitute = (await api.call('POST', `/invitations/${code}`, { body: { answer: 'accept' } })).body.login.token
    await asExpert(substitute, 'POST', `/lots/${stage.lotId}/arrival`, { pledge: true })
    for (const token of [...tokens.slice(1), substitute]) {
      expect((await asExpert(token, 'POST', `/lots/${stage.lotId}/declaration`, { conflict: false })).status).toBe(200)
    }
    expect((await asExpert(tokens[0]!, 'GET', `/lots/${stage.lotId}/arrival`)).body.code).toBe('not-in-committee')
    expect(await readCommittee(await t.ctx(), stage.lotId)).toMatchObject({ isComplete: true })
    await stage.platformStep()
    await t.platform.database.db.update(lot).set({ state: 'opened' }).where(eq(lot.id, stage.lotId))
    await stage.platformStep()
    const [row] = await t.platform.database.db.select({ state: lot.state }).from(lot).where(eq(lot.id, stage.lotId))
    expect(row?.state).toBe('evaluating')
  })

  test('the final transcript, refusals and substitutes included, still proves itself', async () => {
    const transcript = (await api.call('GET', `/draws/${id}/transcript`)).body
    expect(transcript.events).toHaveLength(9)
    expect(verifyDraw(transcript, (await api.call('GET', '/anchors')).body).broken).toEqual([])
  })
})
