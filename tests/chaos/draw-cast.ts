// The parties of a draw under fire: agents in processes of their own that can be killed, and experts who answer by telephone.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { createLot, createProject, requestDraw } from '@/bin/client/agency'
import { signIn } from '@/bin/client/api'
import { acceptInvitation, declineInvitation, type Invitation, listMessages, readInvitation } from '@/bin/client/expert'
import { demoPassword } from '@/bin/client/keys'
import { type Guest, guestOf } from '@/bin/client/party'
import { root, stopProcess } from '@/bin/processes'
import { type Arena, pause } from './arena'

export const agentNames = ['agency', 'supervisor', 'third'] as const
export type AgentName = (typeof agentNames)[number]

export interface Agents {
  kill(name: AgentName, pauseMs: number): Promise<void>
  stop(): Promise<void>
}

async function startAgent({ url, folder }: Arena, name: AgentName): Promise<ChildProcess> {
  const { token } = await signIn(url, name, demoPassword)
  mkdirSync(folder, { recursive: true })
  const log = openSync(join(folder, `${name}.log`), 'a')
  // The supervisor's agent names V from its own witness's history: one folder.
  const keys = join(folder, name === 'supervisor' ? 'witness' : name)
  const args = ['bin/run.mjs', 'bin/party/main.ts', '--role', name, '--url', url, '--keys', keys]
  return spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, PARTY_TOKEN: token },
    stdio: ['ignore', log, log, 'ipc'],
  })
}

/** The draw agents of agency, supervisor and third body. */
export async function startAgents(arena: Arena): Promise<Agents> {
  const children = new Map<AgentName, ChildProcess>()
  for (const name of agentNames) children.set(name, await startAgent(arena, name))
  const insist = async (name: AgentName): Promise<ChildProcess> => {
    for (;;) {
      const child = await startAgent(arena, name).catch(() => null)
      if (child) return child
      await pause(200)
    }
  }
  return {
    kill: async (name, pauseMs) => {
      children.get(name)?.kill('SIGKILL')
      await pause(pauseMs)
      children.set(name, await insist(name))
    },
    stop: async () => {
      await Promise.all([...children.values()].map(child => stopProcess(child)))
    },
  }
}

export interface DrawCast {
  agency: Guest
  supervisor: Guest
  approver: Guest
  exchange: Guest
}

export async function makeDrawCast({ url }: Arena): Promise<DrawCast> {
  const join = (login: string) => guestOf(url, login, demoPassword)
  return {
    agency: await join('agency'),
    supervisor: await join('supervisor'),
    approver: await join('supervisor2'),
    exchange: await join('exchange'),
  }
}

export const project = {
  name: '故障演练：专家抽取',
  kind: 'works',
  method: 'open-tender',
  edition: 'works.open-tender@2026.1-drill',
  regionCode: '350102',
  sector: 'A01',
  isToLaw: true,
  fundSource: '财政资金',
  scale: '三公里',
  contact: '林安',
  phone: '0591-00000000',
}
export const lotWanted = {
  name: '抽取标段',
  content: '道路',
  qualification: '市政二级',
  ceilingFen: '1000000000',
  suite: 'intl',
  releaseMode: 'custody',
  threshold: 2,
  releaseSeconds: 600,
  scoring: {
    method: 'comprehensive',
    formula: 'F2',
    priceWeight: '60',
    compliance: [{ code: 'C1', text: '投标函签署完整' }],
    items: [{ code: 'S1', name: '施工组织设计', max: '40', group: 'technical' }],
  },
}
export const seats = [
  { seat: '技术', disc: ['A08'], region: null, n: 3 },
  { seat: '经济', disc: ['B01'], region: null, n: 2 },
]

export interface ChaosDraw {
  id: string
  lotId: string
  /** Milliseconds of its own: by them its invitations are known among others. */
  evaluationAt: Date
}

/** An approved draw of a lot whose bids are about to be known; the opening itself is another harness. */
export async function aDraw(arena: Arena, cast: DrawCast, tendererCode: string, index: number): Promise<ChaosDraw> {
  const { api } = cast.agency
  const owner = await createProject(api, { ...project, tenderer: { name: '演练市水务局', creditCode: tendererCode } })
  const { id: lotId } = await createLot(api, owner.id, lotWanted)
  await arena.query(`update lot set state = 'bidding', bidding_ends_at = now() + interval '30 minutes' where id = $1`, [lotId])
  const evaluationAt = new Date(Date.now() + 3_600_000 + index * 1_001)
  const wanted = { size: 5, seats, avoid: [], evaluationAt, place: '评标室', hours: 1, answerSeconds: 300, revealSeconds: 8 }
  const { id } = await requestDraw(api, lotId, wanted as Parameters<typeof requestDraw>[2])
  for (const person of [cast.supervisor, cast.approver]) await person.api.post(`/draws/${id}/approval`)
  return { id, lotId, evaluationAt }
}

/** The bids become known: from here the clock draws. */
export async function openDraw({ query }: Arena, { lotId }: ChaosDraw): Promise<void> {
  const bidders = await query<{ id: string }>(
    `select o.id from organisation o join membership m on m.organisation_id = o.id where m.role = 'bidder' order by o.id limit 3`,
  )
  for (const { id } of bidders) {
    const hash = randomUUID().replaceAll('-', '').repeat(2)
    await query(
      `insert into bid (id, lot_id, round, organisation_id, seq, state, statement, statement_hash, cms, leaf_idx, committed_at)
       values ($1, $2, 1, $3, 1, 'locked', '{}', $4, '', 0, now())`,
      [randomUUID(), lotId, id, hash],
    )
  }
  await query(`update lot set state = 'opening', closed_at = now() where id = $1`, [lotId])
}

/** What the experts were told was taken, by telephone number. */
export interface Answers {
  accepted: Set<string>
  declined: Set<string>
  /** Every invitation text that arrived, by number and code: one each, or somebody was called twice. */
  calls: string[]
}

const decliners = 2

/** Answers this draw's invitations until `done`: the first two decline, everybody else accepts; whatever fails is tried again. */
export async function answerCalls(arena: Arena, cast: DrawCast, draw: ChaosDraw, done: () => boolean): Promise<Answers> {
  const answers: Answers = { accepted: new Set(), declined: new Set(), calls: [] }
  const heard = new Set<string>()
  while (!done()) {
    const messages = await listMessages(cast.exchange, null).catch(() => [])
    for (const message of messages.filter(one => !heard.has(one.id))) {
      const invitation = await readInvitation(arena.url, message).catch(() => undefined)
      if (invitation === undefined) break
      heard.add(message.id)
      if (!invitation || Date.parse(invitation.at) !== draw.evaluationAt.getTime()) continue
      answers.calls.push(message.to)
      await answerOne(arena, answers, invitation, done)
    }
    await pause(150)
  }
  return answers
}

async function answerOne(arena: Arena, answers: Answers, invitation: Invitation, done: () => boolean): Promise<void> {
  const isNo = answers.declined.size < decliners
  const act = () => (isNo ? declineInvitation(arena.url, invitation, '另有安排') : acceptInvitation(arena.url, invitation))
  while (!done()) {
    const how = await act().then(
      () => 'taken',
      // A kill after the commit and before the answer: the second try finds it taken.
      (error: unknown) =>
        String(error).includes('invitation-ended') || String(error).includes('不能再答复') ? 'taken' : 'failed',
    )
    if (how === 'taken') {
      ;(isNo ? answers.declined : answers.accepted).add(invitation.code)
      return
    }
    await pause(150)
  }
}
