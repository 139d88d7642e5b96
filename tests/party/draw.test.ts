import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '@/bin/party/api'
import { type Agent, agentStep, registerAgent } from '@/bin/party/draw-agent'
import { openKeep } from '@/bin/party/store'
import { pinnedLog, registerWitness, type WitnessKey, witnessKey, witnessStep } from '@/bin/party/witness'
import { verifyDraw } from '@/crypto/verify/draw'
import { bid } from '@/db/schema/trading/bid'
import { lot } from '@/db/schema/trading/project'
import { seedExperts } from '@/db/seed/expert'
import { anActor } from '@/tests/factories/actor'
import { aLot } from '@/tests/factories/lot'
import { type TestApi, testApi } from '@/tests/setup/api'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { endpoints } from '~/api/registry.server'
import type { PersonActor } from '~/platform/ctx'
import { issueToken } from '~/platform/identity/token.server'
import { listSandboxMessages } from '~/platform/notification/notification.server'
import { readCommittee } from '~/trading/draw/committee.server'
import { stepDraws } from '~/trading/draw/draw-tick.server'

let t: TestPlatform
let api: TestApi
let folder: string
let lotId: string
let cast: Record<'agency' | 'supervisor' | 'third' | 'witness' | 'bidder', PersonActor>
let witness: { me: WitnessKey; step(): Promise<number | null> }
let agents: { agent: Agent; step(): Promise<string[]> }[]

const seats = [
  { seat: '技术专家', disc: ['A08', 'A04'], region: null, n: 3 },
  { seat: '造价专家', disc: ['A06'], region: null, n: 2 },
]
const request = () => ({
  kind: 'committee',
  size: 5,
  seats,
  avoid: [],
  evaluationAt: new Date(Date.now() + 600_000).toISOString(),
  place: '评标室 3',
  hours: 4,
})

async function clientOf(actor: PersonActor) {
  const { token } = await issueToken(await t.ctx(actor), { label: 'party', scopes: [], days: 1 })
  return connect(api.url.replace('/api/v1', ''), token)
}

async function aBid(organisationId: string) {
  const row = { id: crypto.randomUUID(), lotId, round: 1, organisationId, seq: 1, state: 'locked' as const, statement: '{}' }
  const hash = crypto.randomUUID().replaceAll('-', '')
  const proof = { statementHash: hash + hash, cms: new Uint8Array(), leafIdx: 0, committedAt: new Date() }
  await t.platform.database.db.insert(bid).values({ ...row, ...proof })
}

beforeAll(async () => {
  t = await testPlatform()
  await seedExperts(await t.ctx())
  api = await testApi(t, endpoints)
  folder = mkdtempSync(join(tmpdir(), 'open-tender-party-'))
  const supervisor = await anActor(t, 'supervisor', { name: '监督机构' })
  const made = await aLot(t, { state: 'bidding' })
  lotId = made.lotId
  cast = {
    agency: made.agency,
    supervisor,
    third: made.custodians[2]!,
    witness: await anActor(t, 'witness', { organisationId: supervisor.organisationId }),
    bidder: await anActor(t, 'bidder', { name: '闽江建设集团有限公司' }),
  }
  const watch = await clientOf(cast.witness)
  const keep = openKeep(join(folder, 'supervisor'))
  const me = witnessKey(keep, 'supervisor.witness')
  await t.platform.sequencer.publish()
  const log = await pinnedLog(watch, keep)
  await registerWitness(watch, keep, me)
  witness = { me, step: () => witnessStep(watch, keep, me, log) }
  agents = []
  for (const party of ['agency', 'supervisor', 'third'] as const) {
    const client = await clientOf(cast[party])
    const own = openKeep(join(folder, party))
    const agent: Agent = { party, name: party, sign: own.key('sign', 'ed25519'), wrap: own.key('wrap', 'p256'), keep: own, log }
    await registerAgent(client, agent)
    agents.push({ agent, step: () => agentStep(client, agent) })
  }
})

afterAll(async () => {
  await api?.close()
  await t?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const platformStep = async () => stepDraws(await t.ctx())
const stateOf = async (id: string) => (await api.call('GET', `/draws/${id}`)).body.state

/** Everybody does what is due, in turn, until the draw stands where it should or nothing moves any more. */
async function playUntil(id: string, state: string, silent: string[] = []) {
  for (let round = 0; round < 12 && (await stateOf(id)) !== state; round++) {
    await platformStep()
    await witness.step()
    for (const { agent, step } of agents) if (!silent.includes(agent.party)) await step()
  }
  expect(await stateOf(id)).toBe(state)
}

async function readInvitations(): Promise<string[]> {
  await t.tick()
  const messages = await listSandboxMessages(await t.ctx())
  return messages.flatMap(({ text }) => /邀请码 ([0-9A-Z]{12})/.exec(text)?.[1] ?? [])
}

describe('a committee is drawn by four parties over HTTP', () => {
  let id: string
  let codes: string[]
  const tokens: string[] = []
  const asExpert = (token: string, method: string, path: string, body?: unknown) =>
    api.call(method, path, { body, headers: { authorization: `Bearer ${token}` } })

  test('the agency asks; only the supervisor can approve; a second request is refused', async () => {
    const asked = await api.call('POST', `/lots/${lotId}/draws`, { actor: cast.agency, body: request() })
    expect(asked.status).toBe(201)
    id = asked.body.id
    expect((await api.call('POST', `/lots/${lotId}/draws`, { actor: cast.agency, body: request() })).body.code).toBe(
      'draw-exists',
    )
    expect((await api.call('POST', `/draws/${id}/approval`, { actor: cast.agency })).status).toBe(403)
    expect((await api.call('POST', `/draws/${id}/approval`, { actor: cast.supervisor })).status).toBe(200)
  })

  test('nothing is drawn before the lot opens, and bidders are not known to the drawer', async () => {
    await platformStep()
    expect(await stateOf(id)).toBe('approved')
    await aBid(cast.bidder.organisationId)
    await t.platform.database.db.update(lot).set({ state: 'opening' }).where(eq(lot.id, lotId))
    await platformStep()
    expect(await stateOf(id)).toBe('committing')
  })

  test('all commit, acknowledge, V is witnessed, all reveal, and five people are seated', async () => {
    await playUntil(id, 'contacting')
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
    codes = await readInvitations()
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
    codes = (await readInvitations()).filter(code => !codes.slice(0, 2).includes(code))
    expect(codes).toHaveLength(5)
  })

  test('whoever accepts is signed in as an expert, and the committee is complete when all have', async () => {
    for (const code of codes) {
      const { body } = await api.call('POST', `/invitations/${code}`, { body: { answer: 'accept' } })
      expect(body.login.role).toBe('expert')
      tokens.push(body.login.token)
    }
    expect(await stateOf(id)).toBe('complete')
  })

  test('a member arrives and declares; a conflict brings in a substitute; then the evaluation begins', async () => {
    for (const token of tokens) expect((await asExpert(token, 'POST', `/lots/${lotId}/arrival`, {})).status).toBe(200)
    expect((await asExpert(tokens[0]!, 'GET', `/lots/${lotId}/arrival`)).body.bidders).toEqual(['闽江建设集团有限公司'])
    const conflict = await asExpert(tokens[0]!, 'POST', `/lots/${lotId}/declaration`, { conflict: true, text: '曾任职' })
    expect(conflict.status).toBe(200)
    expect(await stateOf(id)).toBe('contacting')
    const code = (await readInvitations()).at(-1)!
    const substitute = (await api.call('POST', `/invitations/${code}`, { body: { answer: 'accept' } })).body.login.token
    await asExpert(substitute, 'POST', `/lots/${lotId}/arrival`, {})
    for (const token of [...tokens.slice(1), substitute]) {
      expect((await asExpert(token, 'POST', `/lots/${lotId}/declaration`, { conflict: false })).status).toBe(200)
    }
    expect((await asExpert(tokens[0]!, 'GET', `/lots/${lotId}/arrival`)).body.code).toBe('not-in-committee')
    expect(await readCommittee(await t.ctx(), lotId)).toMatchObject({ isComplete: true })
    await platformStep()
    await t.platform.database.db.update(lot).set({ state: 'opened' }).where(eq(lot.id, lotId))
    await platformStep()
    const [row] = await t.platform.database.db.select({ state: lot.state }).from(lot).where(eq(lot.id, lotId))
    expect(row?.state).toBe('evaluating')
  })

  test('the final transcript, refusals and substitutes included, still proves itself', async () => {
    const transcript = (await api.call('GET', `/draws/${id}/transcript`)).body
    expect(transcript.events).toHaveLength(9)
    expect(verifyDraw(transcript, (await api.call('GET', '/anchors')).body).broken).toEqual([])
  })
})
