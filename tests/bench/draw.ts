import { eq, sql } from 'drizzle-orm'
import { verifyDraw } from '@/crypto/verify/draw'
import { draw, drawList } from '@/db/schema/trading/draw'
import { anExpert } from '@/tests/factories/draw'
import type { TestPlatform } from '@/tests/setup/platform'
import { readTranscript } from '~/trading/draw/draw.read.server'
import { beginDraw } from '~/trading/draw/draw-start.server'
import { messagesOf, readDrawRow } from '~/trading/draw/draw-store.server'
import { newestPool, takeSnapshot } from '~/trading/draw/pool-snapshot.server'
import { postAndSeat } from '~/trading/draw/post-message.server'
import { admitExperts } from '~/trading/expert/expert.server'
import { databaseCpu, liveMb, ownCpu } from './cpu'
import { cores, runCrowd } from './draw-crowd'
import { avoidedUnits, benchRules, growLibrary, openBoxes } from './draw-library'
import { type DrawWorld, drawRowOf, drawWorld, prepareDraws, type Ready, type Template } from './draw-world'
import { type Figure, median, milliseconds, timed } from './figure'
import { benchPlatform } from './platform'

const usualSize = 1_000_000
const crowdSize = 500
const rules = benchRules()
const dayMs = 86_400_000
const hourMs = 3_600_000
const start = Date.UTC(2030, 0, 1)

/** The p-th percentile (nearest rank). */
const percentile = (values: number[], p: number) => values.toSorted((a, b) => a - b)[Math.ceil((values.length * p) / 100) - 1]!

let number = 0
const nextNumbers = (count: number) => Array.from({ length: count }, () => ++number)

/** Snapshot, avoidance, feasibility, excluded list, prelude: a whole real beginning. Returns what it made. */
async function beginOne(world: DrawWorld): Promise<{ ms: number; template: Template }> {
  const row = drawRowOf(world, ++number, rules, avoidedUnits, new Date(start - number * dayMs))
  await world.t.platform.database.db.insert(draw).values(row)
  const ctx = await world.t.ctx()
  const ms = await milliseconds(async () => {
    if (!(await beginDraw(ctx, { id: row.id }))) throw new Error('the draw did not begin')
  })
  const kept = await readDrawRow(ctx, row.id)
  const { prelude } = await messagesOf(ctx, kept)
  const [list] = await ctx.db.select().from(drawList).where(eq(drawList.drawId, row.id))
  return { ms, template: { prelude: prelude.signed.msg, rules, eligible: list!.eligible, barred: list!.barred } }
}

interface Singles {
  ms: number[]
  /** `ORDER BY random()` over all rows, in between. */
  peers: number[]
  cpu: number
  databaseCpu: number
  /** Live memory after a quarter of the draws and after all. */
  liveMb: [number, number]
}

/** After this many draws the peer has its turn, so that a busy machine slows both alike. */
const turn = 40

/** From the last share handed in to panel and log row committed and the log row sequenced, one draw after the other. */
async function seatEach(world: DrawWorld, ready: Ready[]): Promise<Singles> {
  const { t } = world
  const readDatabase = await databaseCpu(t.platform.database.pool)
  const singles: Singles = { ms: [], peers: [], cpu: 0, databaseCpu: 0, liveMb: [0, 0] }
  for (const [at, { id, last }] of ready.entries()) {
    const ctx = await t.ctx(world.agency)
    const [own, database] = [ownCpu(), readDatabase()]
    const seat = async () => {
      await postAndSeat(ctx, { id, value: { ...last } as never })
      await t.platform.sequencer.flush()
    }
    singles.ms.push(await milliseconds(seat))
    singles.cpu += (ownCpu() - own) / ready.length
    singles.databaseCpu += (readDatabase() - database) / ready.length
    if (at === Math.floor(ready.length / 4)) singles.liveMb[0] = liveMb()
    if (at % turn === turn / 2) singles.peers.push(await milliseconds(() => orderByRandom(t)))
  }
  singles.liveMb[1] = liveMb()
  return singles
}

const orderByRandom = (t: TestPlatform) => t.platform.database.db.execute(sql`select id from expert order by random()`)

/** Every transcript made here must hold before a stranger. */
async function provenTranscripts(world: DrawWorld, ready: Ready[]): Promise<number> {
  const times: number[] = []
  for (const { id } of ready) {
    const ctx = await world.t.ctx()
    times.push(
      await milliseconds(async () => {
        const transcript = await readTranscript(ctx, id)
        const { broken } = verifyDraw(JSON.parse(JSON.stringify(transcript)), null)
        if (broken.length > 0) throw new Error(broken.join('; '))
      }),
    )
  }
  return median(times)
}

const info = (name: string, unit: string, ours: number) => timed('draw', name, unit, ours)

/** A size of library: snapshot, beginnings, and draws one by one. */
async function* atSize(
  world: DrawWorld,
  size: number,
  draws: number,
): AsyncGenerator<Figure, { p50: number; template: Template; singles: Singles }> {
  const { t } = world
  const snapshot = await milliseconds(async () => {
    const ctx = await t.ctx()
    await takeSnapshot(ctx, (await newestPool(ctx))?.createdAt ?? null)
  })
  yield info(`nightly snapshot: pool root over ${size} leaves`, 'ms', snapshot)
  const begun = [await beginOne(world), await beginOne(world), await beginOne(world)]
  const { template } = begun[0]!
  yield info(`eligible people of ${size}`, 'people', template.prelude.eligible.size)
  yield info(`beginning: eligible list, avoidance, excluded list, prelude (${size})`, 'ms', median(begun.map(({ ms }) => ms)))
  const ready = await prepareDraws(world, template, nextNumbers(draws), n => new Date(start + n * dayMs))
  const singles = await seatEach(world, ready)
  yield info(`transcript read and verified (${size})`, 'ms', await provenTranscripts(world, ready.slice(0, 5)))
  return { p50: median(singles.ms), template, singles }
}

async function* crowd(world: DrawWorld, template: Template, { cpu, databaseCpu: database }: Singles): AsyncGenerator<Figure> {
  // Two evaluations a day: some 25 draws want people at the same hours, and meet.
  const ready = await prepareDraws(
    world,
    template,
    nextNumbers(crowdSize),
    n => new Date(start + 5_000 * dayMs + (n % 20) * 6 * hourMs),
  )
  const done = await runCrowd(world.t, world.agency, ready)
  if (done.failed.length > 0) throw new Error(done.failed[0])
  if (done.seated !== crowdSize) throw new Error(`${done.seated} of ${crowdSize} draws seated`)
  const floor = (crowdSize * (cpu + database)) / cores
  yield timed(
    'draw',
    `${crowdSize} draws at once, makespan; floor: that many × single-draw CPU ÷ ${cores} cores`,
    'ms',
    done.makespanMs,
    { floor },
  )
  yield info('500 at once: CPU of our processes', 'ms', done.cpuMs)
  yield info('500 at once: CPU of the whole machine meanwhile, PostgreSQL and others included', 'ms', done.machineMs)
  yield info('500 at once: longest wait for a lock', 'ms', done.longestLockMs)
  yield info('500 at once: experts booked for overlapping times', 'pairs', done.overlaps)
  yield info('500 at once: passed over as engaged', 'people', done.engaged)
  yield info('500 at once: most memory of one process', 'MB', done.rssMb)
}

/** Draws on `experts` people (1,000,000 unless told) beside `ORDER BY random()` over all rows in the same run, and the same on a tenth. */
export async function* benchDraw({ experts = usualSize }: { experts?: number } = {}): AsyncGenerator<Figure> {
  const t = await benchPlatform()
  try {
    const world = await drawWorld(t)
    const tenth = Math.round(experts / 10)
    yield info(`library of ${tenth}`, 'ms', await milliseconds(() => growLibrary(t, 0, tenth)))
    await openBoxes(t, rules)
    const small = yield* atSize(world, tenth, 60)
    yield info(`library of ${experts}`, 'ms', await milliseconds(() => growLibrary(t, tenth, experts)))
    await openBoxes(t, rules)
    const large = yield* atSize(world, experts, 200)
    const { ms, cpu, databaseCpu: database, liveMb: memory, peers } = large.singles
    yield timed('draw', 'last reveal to committed panel, median', 'ms', large.p50, { peer: median(peers) })
    yield timed('draw', 'last reveal to committed panel, p99 of 200', 'ms', percentile(ms, 99), { peer: median(peers) })
    yield info('single draw: CPU of our process', 'ms', cpu)
    yield info('single draw: CPU of PostgreSQL', 'ms', database)
    yield info('live memory after a quarter of the draws', 'MB', memory[0])
    yield info('live memory after all of them', 'MB', memory[1])
    yield timed('draw', 'ten times the library; floor: a tenth', 'ms', large.p50, { floor: small.p50 })
    const growth = [cpu + database, small.singles.cpu + small.singles.databaseCpu] as const
    yield timed('draw', 'ten times the library in CPU; floor: a tenth', 'ms', growth[0], { floor: growth[1] })
    yield info('public checkpoint', 'ms', await milliseconds(() => t.platform.sequencer.publish()))
    yield* crowd(world, large.template, large.singles)
    const people = Array.from({ length: 20_000 }, (_, at) => anExpert(at))
    yield info('admit 20,000 experts with commitments', 'ms', await milliseconds(async () => admitExperts(await t.ctx(), people)))
  } finally {
    await t.close()
  }
}
