// One demo actor: an outsider in its own process, with its own account and keys. It looks what falls due for its part, and does it,
// unless a person sits at its account.
import { parseArgs } from 'node:util'
import { connect, isProblem } from '../client/api'
import { demoPassword } from '../client/keys'
import { guestOf, partyOf } from '../client/party'
import { playAgency } from './agency'
import { playBidder } from './bidder'
import { playCustodian } from './custodian'
import type { Act, Memory } from './due'
import { playExchange } from './exchange'
import { playSupervisor } from './supervisor'

const lookMs = 1_500
const restMs = 5_000

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const say = (text: string) => console.log(`${new Date().toISOString()} ${text}`)

/** Whether a person sits at this account now; the actor then stands down. */
async function isTaken(url: string, login: string): Promise<boolean> {
  const { activeUntil } = await connect(url).get<{ activeUntil: string | null }>(`/sandbox/presence/${login}`)
  return activeUntil !== null && Date.parse(activeUntil) > Date.now()
}

/** What is due for this account, asked anew each time. */
async function dueFor(login: string, memory: Memory): Promise<() => Promise<Act[]>> {
  const { url, folder } = memory
  if (login === 'exchange' || login.startsWith('supervisor')) {
    const guest = await guestOf(url, login, demoPassword)
    if (login === 'exchange') return () => playExchange(guest, memory)
    return () => playSupervisor(login === 'supervisor' ? 'requested' : 'reviewed')(guest, memory)
  }
  const party = await partyOf(url, login, demoPassword, folder)
  if (login.startsWith('bidder')) return () => playBidder(party, memory)
  if (login.startsWith('custodian')) return () => playCustodian(party, memory)
  if (login === 'agency') return () => playAgency(party, memory)
  throw new Error(`nobody plays ${login}`)
}

async function doAll(acts: Act[], login: string, url: string): Promise<void> {
  if (acts.length === 0 || (await isTaken(url, login))) return
  for (const { what, run } of acts) {
    try {
      await run()
      say(what)
    } catch (error) {
      say(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { url: { type: 'string' }, folder: { type: 'string' }, login: { type: 'string' } } })
  const { url, folder, login } = values
  if (!url || !folder || !login) throw new Error('actor --url URL --folder FOLDER --login LOGIN')
  const memory: Memory = { url, folder, seen: new Map() }
  let due: (() => Promise<Act[]>) | null = null
  for (;;) {
    try {
      due ??= await dueFor(login, memory)
      await doAll(await due(), login, url)
      await pause(lookMs)
    } catch (error) {
      say(error instanceof Error ? error.message : String(error))
      // A revoked or expired token: sign in again.
      if (isProblem(error) && error.status === 401) due = null
      await pause(restMs)
    }
  }
}

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => process.exit(0))
main().catch(error => {
  console.error(error)
  process.exit(1)
})
