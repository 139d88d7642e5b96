// What else can happen to a site while lots open, each on a site of its own.
import { randomBytes } from 'node:crypto'
import { upload } from '@/bin/client/upload'
import { type Arena, type ArenaOptions, makeArena, pause } from './arena'
import type { Case } from './case'
import { type Cast, type ChaosLot, makeCast } from './cast'
import { playByClients } from './clients'
import { runOpenings, strike, untilAfter } from './run'

type Note = Parameters<Parameters<typeof runOpenings>[3]>[1] extends (struck: infer S) => void ? (struck: S) => void : never

interface Fault {
  name: string
  options?: ArenaOptions
  count?: number
  upset(arena: Arena, lots: ChaosLot[], note: Note, cast: Cast): Promise<void>
  /** Custodians and bidders are processes of their own. */
  clientsApart?: boolean
}

const strikeAt = async (arena: Arena, lots: ChaosLot[], note: Note, ms: number, what: string, run: () => Promise<void>) => {
  await untilAfter(lots[0]!.endsAt, ms)
  note(await strike(arena, lots, { what, run }))
}

const hour = 3_600

/** The queue forgets everything, several times. */
const wipes = async (arena: Arena, lots: ChaosLot[], note: Note) => {
  for (const ms of [-500, 500, 1_500, 2_500, 3_500, 5_000, 7_000])
    await strikeAt(arena, lots, note, ms, 'queue wiped', () => arena.wipeQueue())
}

const redisGone = (arena: Arena, lots: ChaosLot[], note: Note) =>
  strikeAt(arena, lots, note, -1_400, 'Redis gone for 30 s', async () => {
    await arena.redis!.kill()
    await pause(30_000)
    await arena.redis!.start()
  })

/** Tells of the status of every answer while `run` runs, before whoever asked hears of it. */
async function hearing(told: (status: number) => void, run: () => Promise<unknown>): Promise<void> {
  const real = globalThis.fetch
  globalThis.fetch = async (...args) => {
    const answer = await real(...args)
    told(answer.status)
    return answer
  }
  try {
    await run()
  } finally {
    globalThis.fetch = real
  }
}

const [sentMiB, roomMiB] = [24, 16]

/**
 * An upload for which there is room when it begins, and then no more: the disk is full in the middle of a write, and stays so
 * while the lots close and open. Its sender is told so, keeps what has come, and goes on from there once there is room again.
 */
async function fillDisk(arena: Arena, { bidders }: Cast, lastEndsAt: Date): Promise<void> {
  let [isBegun, full] = [false, 0]
  const told = (status: number) => {
    if (status === 507) full++
    if (status !== 201 || isBegun) return
    isBegun = true
    arena.resizeUploads(roomMiB)
  }
  await hearing(told, async () => {
    const later = untilAfter(lastEndsAt, 5_000).then(() => arena.resizeUploads(200))
    await Promise.all([upload(bidders[0]!.api, new Uint8Array(randomBytes(sentMiB * 2 ** 20))), later])
  })
  if (full === 0) throw new Error('the disk was never full')
}

const clocksStep = async (arena: Arena, lots: ChaosLot[], note: Note) => {
  await strikeAt(arena, lots, note, -1_400, 'web +1 h, worker −1 h', async () => {
    arena.clocks!.web.set(hour)
    arena.clocks!.worker.set(-hour)
  })
  await strikeAt(arena, lots, note, 1_500, 'web −1 h, worker +1 h', async () => {
    arena.clocks!.web.set(-hour)
    arena.clocks!.worker.set(hour)
  })
}

/** Clients whose clocks are wrong before, at and after the deadline: they take it from the cosigned lot.close alone. */
const clientClocksStep = async (arena: Arena, lots: ChaosLot[], note: Note) => {
  const step = (custodians: number, bidders: number) => async () => {
    arena.clocks!.custodians.set(custodians)
    arena.clocks!.bidders.set(bidders)
  }
  await step(hour, -hour)()
  await strikeAt(arena, lots, note, -1_400, 'custodians −1 h, bidders +1 h', step(-hour, hour))
  await strikeAt(arena, lots, note, 1_500, 'custodians +1 h, bidders −1 h', step(hour, -hour))
}

/** A database that comes back an hour behind closes nothing and alarms; set right, it goes on. */
const databaseBehind = (arena: Arena, lots: ChaosLot[], note: Note) =>
  strikeAt(arena, lots, note, -1_400, 'database 1 h behind for 8 s', async () => {
    await arena.restartDatabase(-hour)
    await pause(8_000)
    const [state] = await arena.query<{ closed: number; alarms: number }>(
      `select (select count(*)::int from lot where closed_at is not null and id = any($1::uuid[])) as closed,
        (select count(*)::int from alarm where kind = 'clock-behind' and cleared_at is null) as alarms`,
      [lots.map(lot => lot.id)],
    )
    if (state?.closed !== 0 || state.alarms !== 1) throw new Error(`clock behind: ${JSON.stringify(state)}`)
    await arena.restartDatabase(0)
  })

/** Nobody cosigns and nobody stamps until all lots are closed: nothing is released on it. Then the witness is back. */
const witnessDead = (arena: Arena, lots: ChaosLot[], note: Note) =>
  strikeAt(arena, lots, note, -1_000, 'witness dead, TSA dead', async () => {
    await arena.end('witness')
    await untilAfter(lots.at(-1)!.endsAt, 6_000)
    const rows = await arena.query<{ phase: string; opened: boolean }>(
      'select phase, release_opened_at is not null as opened from opening where lot_id = any($1::uuid[])',
      [lots.map(lot => lot.id)],
    )
    if (rows.length !== lots.length || rows.some(row => row.opened || row.phase !== 'releasing'))
      throw new Error(`without a witness: ${JSON.stringify(rows)}`)
    await arena.begin('witness')
  })

const faults: Fault[] = [
  { name: 'queue wiped (PostgreSQL)', upset: wipes },
  { name: 'queue wiped (Redis)', options: { redis: true }, upset: wipes },
  { name: 'Redis gone for 30 s', options: { redis: true }, upset: redisGone },
  {
    name: 'PostgreSQL restarted',
    upset: async (arena, lots, note) => {
      for (const ms of [-500, 1_000, 3_000, 6_000])
        await strikeAt(arena, lots, note, ms, 'PostgreSQL restarted', () => arena.restartDatabase())
    },
  },
  {
    name: 'two workers, one frozen',
    options: { twoWorkers: true },
    upset: async (arena, lots, note) => {
      await strikeAt(arena, lots, note, -500, 'worker frozen', () => arena.freeze('worker', 4_000))
      await strikeAt(arena, lots, note, 4_000, 'worker2 frozen', () => arena.freeze('worker2', 4_000))
    },
  },
  {
    name: 'disk full on uploads',
    options: { uploadsMiB: 64 },
    upset: (arena, lots, note, cast) =>
      strikeAt(arena, lots, note, -1_400, 'disk full on uploads', () => fillDisk(arena, cast, lots.at(-1)!.endsAt)),
  },
  { name: 'clocks of web and worker stepped ±1 h', options: { fakeClocks: true }, upset: clocksStep },
  {
    name: 'clocks of clients stepped ±1 h',
    options: { fakeClocks: true },
    clientsApart: true,
    upset: clientClocksStep,
  },
  { name: 'database clock behind at restart', options: { fakeClocks: true }, upset: databaseBehind },
  { name: 'witness and TSA dead at T', options: { env: { TSA_URL: 'http://127.0.0.1:9/' } }, upset: witnessDead },
]

/** Names that `--fault` takes. */
export const faultNames = faults.map(fault => fault.name)

async function runFault(fault: Fault): Promise<Case[]> {
  const arena = await makeArena(fault.options)
  try {
    const cast = await makeCast(arena)
    const play = fault.clientsApart ? playByClients(arena) : undefined
    return await runOpenings(arena, cast, { count: fault.count ?? 2, fault: fault.name, play }, (lots, note) =>
      fault.upset(arena, lots, note, cast),
    )
  } finally {
    await arena.stop()
  }
}

const failed = (fault: Fault, error: unknown): Case => ({
  chaos: 'opening',
  case: 0,
  fault: fault.name,
  mode: '',
  kills: [],
  phase: 'unknown',
  seconds: 0,
  ok: false,
  problems: [error instanceof Error ? error.message : String(error)],
})

/** Every fault, or the one that is named, two openings each. */
export async function* chaosFaults(only?: string): AsyncIterable<Case> {
  for (const fault of faults.filter(one => only === undefined || one.name.includes(only)))
    yield* await runFault(fault).catch((error: unknown) => [failed(fault, error)])
}
