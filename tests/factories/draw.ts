import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { expect } from 'vitest'
import { connect } from '@/bin/party/api'
import { type Agent, agentStep, registerAgent } from '@/bin/party/draw-agent'
import { ownerRules } from '@/bin/party/owner-rules'
import { openKeep } from '@/bin/party/store'
import { pinnedLog, registerWitness, witnessKey, witnessStep } from '@/bin/party/witness'
import { bid } from '@/db/schema/trading/bid'
import { lot } from '@/db/schema/trading/project'
import type { TestApi } from '@/tests/setup/api'
import type { TestPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { issueToken } from '~/platform/identity/token.server'
import { listSandboxMessages } from '~/platform/notification/notification.server'
import { stepDraws } from '~/trading/draw/draw-tick.server'
import { admitExperts, type NewExpert } from '~/trading/expert/expert.server'
import { anActor } from './actor'
import { aLot } from './lot'

const seats = [
  { seat: '技术专家', disc: ['A08', 'A04'], region: null, n: 3 },
  { seat: '造价专家', disc: ['A06'], region: null, n: 2 },
]

/** An expert with what matters to the test given. */
export const anExpert = (at: number, given: Partial<NewExpert> = {}): NewExpert => ({
  code: `E${String(at).padStart(5, '0')}`,
  disc: [at % 2 === 0 ? 'A0801' : 'A0601'],
  regionCode: '350102',
  employerName: `单位 ${at}`,
  employerCode: null,
  person: {
    name: `测试姓名${at}`,
    phone: `139${String(at).padStart(8, '0')}`,
    idNumber: `35010219800101${String(at).padStart(4, '0')}`,
    title: '高级工程师',
  },
  ...given,
})

/** A small library: enough of both specialties, each with an employer of its own. */
export const aLibrary = async (t: TestPlatform, size = 60, more: NewExpert[] = []) =>
  admitExperts(await t.ctx(), [...Array.from({ length: size }, (_, at) => anExpert(at)), ...more])

type Party = 'agency' | 'supervisor' | 'third'

export interface DrawStage {
  lotId: string
  cast: Record<Party | 'witness' | 'bidder' | 'approver', PersonActor>
  request(given?: Record<string, unknown>): Record<string, unknown>
  /** Asks, approves and opens the lot: a draw about to begin. Returns its id. */
  begun(given?: Record<string, unknown>): Promise<string>
  /** The deadline has passed and the bidder's bid is known to the server. */
  open(): Promise<void>
  platformStep(): Promise<void>
  agentStep(party: Party): Promise<string[]>
  witnessStep(): Promise<number | null>
  /** Everybody does what is due, in turn, until the draw stands there; fails when it never does. */
  playUntil(id: string, state: string, silent?: Party[]): Promise<void>
  stateOf(id: string): Promise<string>
  /** Codes of all invitations sent so far, in order. */
  readInvitations(): Promise<string[]>
  agent(party: Party): Agent
  close(): void
}

/** A lot in bidding with all four parties of a draw: agents and witness with keys of their own, over real HTTP. */
export async function aDrawStage(t: TestPlatform, api: TestApi): Promise<DrawStage> {
  const { db } = t.platform.database
  const folder = mkdtempSync(join(tmpdir(), 'open-tender-party-'))
  const supervisor = await anActor(t, 'supervisor', { name: '监督机构' })
  const { lotId, agency, custodians } = await aLot(t, { state: 'bidding' })
  const witness = await anActor(t, 'witness', { organisationId: supervisor.organisationId })
  const approver = await anActor(t, 'supervisor', { organisationId: supervisor.organisationId })
  const bidder = await anActor(t, 'bidder', { name: '闽江建设集团有限公司' })
  const cast = { agency, supervisor, approver, third: custodians[2]!, witness, bidder }
  const clientOf = async (actor: PersonActor) => {
    const { token } = await issueToken(await t.ctx(actor), { label: 'party', scopes: [], days: 1 })
    return connect(api.url.replace('/api/v1', ''), token)
  }
  const watch = await clientOf(witness)
  const keep = openKeep(join(folder, 'supervisor'))
  const me = witnessKey(keep, 'supervisor.witness')
  await t.platform.sequencer.publish()
  const log = await pinnedLog(watch, keep)
  await registerWitness(watch, keep, me)
  const agents = new Map<Party, { agent: Agent; step(): Promise<string[]> }>()
  for (const party of ['agency', 'supervisor', 'third'] as const) {
    const client = await clientOf(cast[party])
    const own = openKeep(join(folder, party))
    const keys = { sign: own.key('sign', 'ed25519'), wrap: own.key('wrap', 'p256') }
    const agent: Agent = { party, name: party, ...keys, keep: own, log, rules: ownerRules }
    await registerAgent(client, agent)
    agents.set(party, { agent, step: () => agentStep(client, agent) })
  }
  const stage: DrawStage = {
    lotId,
    cast,
    request: (given = {}) => {
      const evaluationAt = new Date(Date.now() + 600_000).toISOString()
      return { kind: 'committee', size: 5, seats, avoid: [], evaluationAt, place: '评标室 3', hours: 4, ...given }
    },
    begun: async given => {
      const asked = await api.call('POST', `/lots/${lotId}/draws`, { actor: agency, body: stage.request(given) })
      expect(asked.status).toBe(201)
      for (const actor of [supervisor, approver]) await api.call('POST', `/draws/${asked.body.id}/approval`, { actor })
      await stage.open()
      await stage.platformStep()
      return asked.body.id
    },
    open: async () => {
      const row = {
        id: crypto.randomUUID(),
        lotId,
        round: 1,
        organisationId: bidder.organisationId,
        seq: 1,
        state: 'locked' as const,
      }
      const hash = crypto.randomUUID().replaceAll('-', '')
      const proof = { statement: '{}', statementHash: hash + hash, cms: new Uint8Array(), leafIdx: 0, committedAt: new Date() }
      await db
        .insert(bid)
        .values({ ...row, ...proof })
        .onConflictDoNothing()
      await db.update(lot).set({ state: 'opening' }).where(eq(lot.id, lotId))
    },
    platformStep: async () => stepDraws(await t.ctx()),
    agentStep: party => agents.get(party)!.step(),
    witnessStep: () => witnessStep(watch, keep, me, log),
    playUntil: async (id, state, silent = []) => {
      for (let round = 0; round < 12 && (await stage.stateOf(id)) !== state; round++) {
        await stage.platformStep()
        await stage.witnessStep()
        for (const [party, { step }] of agents) if (!silent.includes(party) && (await stage.stateOf(id)) !== state) await step()
      }
      expect(await stage.stateOf(id)).toBe(state)
    },
    stateOf: async id => (await api.call('GET', `/draws/${id}`)).body.state,
    readInvitations: async () => {
      await t.tick()
      const messages = await listSandboxMessages(await t.ctx())
      return messages.flatMap(({ text }) => /邀请码 ([0-9A-Z]{12})/.exec(text)?.[1] ?? [])
    },
    agent: party => agents.get(party)!.agent,
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
  return stage
}
