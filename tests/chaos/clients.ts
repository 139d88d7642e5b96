// Custodians and bidders as processes of their own, whose clocks can be set. Run by fork as: clients.ts URL FOLDER ROLE, told the lot.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { Arena } from './arena'
import { type Cast, type ChaosLot, makeCast } from './cast'
import type { FakeClock } from './fake-clock'
import { playOpening } from './play'

const root = resolve(import.meta.dirname, '../..')
const roles = ['custodians', 'bidders'] as const
type Role = (typeof roles)[number]

/** What a client process says when its part is done: what its own clock shows. */
type Done = { now: number }

const onlyOf = (cast: Cast, role: Role): Cast => ({ ...cast, custodians: [], bidders: [], [role]: cast[role] })

async function playAlone(url: string, folder: string, role: Role): Promise<void> {
  const [lot] = (await once(process, 'message')) as [Pick<ChaosLot, 'id' | 'mode'>]
  const cast = onlyOf(await makeCast({ url, folder }), role)
  await playOpening(cast, { ...lot, envelopes: 1, endsAt: new Date(), prices: new Map(), failing: null }, () => false)
  await new Promise(sent => process.send!({ now: Date.now() } satisfies Done, sent))
  process.disconnect()
}

/** An hour less what a clock may lag behind its file. */
const leastSkewMs = 3_590_000

async function playApart(arena: Arena, lot: ChaosLot, role: Role, clock: FakeClock, isOver: () => boolean): Promise<void> {
  const child = fork(resolve(root, 'bin/run.mjs'), ['tests/chaos/clients.ts', arena.url, arena.folder, role], {
    cwd: root,
    env: { ...process.env, ...clock.env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const timer = setInterval(() => isOver() && child.kill(), 500)
  const ended = once(child, 'exit')
  child.send({ id: lot.id, mode: lot.mode })
  const word = await Promise.race([once(child, 'message').then(([done]) => done as Done), ended.then(() => null)])
  await ended
  clearInterval(timer)
  if (!word && !isOver()) throw new Error(`the process of the ${role} died`)
  if (word && Math.abs(word.now - Date.now()) < leastSkewMs) throw new Error(`the clock of the ${role} was not an hour off`)
}

/** As playOpening, by two processes with clocks of their own. */
export const playByClients = (arena: Arena) => async (_: Cast, lot: ChaosLot, isOver: () => boolean) => {
  await Promise.all(roles.map(role => playApart(arena, lot, role, arena.clocks![role], isOver)))
}

if (process.argv[1]?.endsWith('tests/chaos/clients.ts')) {
  const [url, folder, role] = process.argv.slice(2)
  await playAlone(url!, folder!, role as Role)
}
