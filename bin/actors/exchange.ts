// The sandbox's telephone exchange plays the experts whom the draws seat: it answers invitations, arrives, declares, evaluates, signs.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { evaluationStep } from '../client/evaluation'
import {
  acceptInvitation,
  arrive,
  declare,
  type Expert,
  expertOf,
  listMessages,
  readArrival,
  readInvitation,
} from '../client/expert'
import { keysFor } from '../client/keys'
import type { Guest } from '../client/party'
import type { Act, Memory, Play } from './due'

interface Kept {
  after: string | null
  experts: { name: string; lotId: string; token: string; isOver: boolean }[]
}

const fileOf = (folder: string) => join(folder, 'exchange.json')

function read(folder: string): Kept {
  const file = fileOf(folder)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { after: null, experts: [] }
}

function write(folder: string, kept: Kept): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(`${fileOf(folder)}.new`, JSON.stringify(kept), { mode: 0o600 })
  renameSync(`${fileOf(folder)}.new`, fileOf(folder))
}

/** Draws of `npm run demo` carry milliseconds in their time: whoever started it plays those experts. */
const isOurs = (at: string) => new Date(at).getMilliseconds() === 0

async function answerMessages(exchange: Guest, { url, folder }: Memory, kept: Kept): Promise<void> {
  for (const message of await listMessages(exchange, kept.after)) {
    const invitation = await readInvitation(url, message)
    if (invitation?.state === 'invited' && isOurs(invitation.at)) {
      const { name, lotId, token } = await acceptInvitation(url, invitation)
      kept.experts.push({ name, lotId, token, isOver: false })
    }
    kept.after = message.id
    write(folder, kept)
  }
}

const folderOf = (folder: string) => join(folder, 'experts')

/** The next step of one expert, or null while it waits for others; 'over' when there is nothing left to do. */
async function stepOf(expert: Expert, folder: string): Promise<(() => Promise<unknown>) | 'over' | null> {
  const arrival = await readArrival(expert)
  if (!arrival) return 'over'
  if (!arrival.arrivedAt) return () => arrive(expert)
  if (!arrival.declaredAt) return arrival.bidders.length > 0 ? () => declare(expert, false) : null
  if (arrival.lot.state === 'opened' || arrival.lot.state === 'opening') return null
  if (arrival.lot.state !== 'evaluating') return 'over'
  const login = expert.name.replace(/\W+/g, '').toLowerCase()
  return evaluationStep(expert, () => keysFor(expert.api, folderOf(folder), login))
}

/** Answers what was delivered since the last look, then moves every expert on by one step. */
export const playExchange: Play<Guest> = async (exchange, memory) => {
  const { url, folder } = memory
  const kept = read(folder)
  const messages = await listMessages(exchange, kept.after)
  const acts: Act[] = messages.length > 0 ? [{ what: '接听邀请', run: () => answerMessages(exchange, memory, kept) }] : []
  for (const one of kept.experts.filter(({ isOver }) => !isOver)) {
    const step = await stepOf(expertOf(url, one), folder)
    if (step === 'over') {
      one.isOver = true
      write(folder, kept)
    } else if (step) acts.push({ what: `${one.name} 评标`, run: step })
  }
  return acts
}
