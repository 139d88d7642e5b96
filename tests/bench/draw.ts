import { sql } from 'drizzle-orm'
import { employerTag, hashOf, poolRoot } from '@/crypto/draw'
import { type DrawPrelude, drawIdOf, signMessage } from '@/crypto/draw-message'
import { dealSecret, revealOf } from '@/crypto/draw-party'
import type { RulesV2 } from '@/crypto/draw-rules'
import { outcomeOf } from '@/crypto/draw-transcript'
import { nodeRandom } from '@/crypto/suite-node'
import { expert } from '@/db/schema/trading/expert'
import { noteKey, type Party, partyOf } from '@/tests/crypto/draw-world'
import { anExpert } from '@/tests/factories/draw'
import type { TestPlatform } from '@/tests/setup/platform'
import { command } from '~/platform/audit/command.server'
import { admitExperts } from '~/trading/expert/expert.server'
import { type Figure, median, milliseconds, timed } from './figure'
import { benchPlatform } from './platform'

// A fiftieth of the later size, which is a library of 1,000,000.
const librarySize = 20_000
const times = 15

/** 7 seats in 3 specialties with a region quota, as the later bench asks. */
const rules: RulesV2 = {
  v: 2,
  seats: [
    { seat: '技术', disc: ['A0801'], region: null, n: 3 },
    { seat: '造价', disc: ['A0601'], region: null, n: 2 },
    { seat: '本地', disc: ['A08', 'A06'], region: ['350102'], n: 2 },
  ],
  maxPerEmployer: 1,
  alternates: 2,
}

const every = 6
const key = nodeRandom(32)

interface Prepared {
  prelude: DrawPrelude
  eligible: unknown[]
  shares: ReturnType<typeof signMessage>[]
}

/** The lists as the library gives them: one in six fits, some 3,300 of 20,000. */
async function eligibleOf(t: TestPlatform, drawId: string) {
  const rows = await t.platform.database.db
    .select({ leaf: expert.leaf, disc: expert.disc, region: expert.regionCode, employer: expert.employerName })
    .from(expert)
    .orderBy(expert.leaf)
  const pool = rows.map(row => row.leaf)
  const fits = rows.filter((_, at) => at % every === 0)
  const eligible = fits.map(({ leaf, disc, region, employer }) => [
    leaf,
    { disc, region, emp: employerTag(key, drawId, employer) },
  ])
  return { pool, eligible }
}

async function prepare(t: TestPlatform, number: number, parties: Party[]): Promise<Prepared> {
  const scope = { platform: 'bench', project: 'p1', lot: 'lot1', round: 1 }
  const drawId = drawIdOf({ ...scope, kind: 'committee', number })
  const { pool, eligible } = await eligibleOf(t, drawId)
  const prelude: DrawPrelude = {
    ...scope,
    drawId,
    t: 'tbid/draw.prelude@1',
    kind: 'committee',
    number,
    pool: { root: poolRoot(pool), size: pool.length },
    eligible: { hash: hashOf(eligible), size: eligible.length },
    excluded: { hash: hashOf([]), size: pool.length - eligible.length },
    rules: { hash: hashOf(rules), size: 0 },
    parties: parties.map(({ keys }) => keys),
    supervisor: 'supervisor',
    log: noteKey('bench/log', 1).vkey,
    witness: noteKey('witness', 4).vkey,
    revealAfter: 5,
  }
  const shares = parties.flatMap(({ party, sign }) =>
    revealOf(prelude, dealSecret(prelude, party)).map(message => signMessage(message, sign)),
  )
  return { prelude, eligible, shares }
}

/** The row of the log that says who was drawn. */
const record = command('draw.request', async (_ctx, selected: { seat: string; c: string }[]) => ({
  result: null,
  entry: { facts: { selected: selected.map(({ seat, c }) => `${seat} ${c}`) } },
}))

/** From the last reveal to the panel in a committed, sequenced log row. */
async function drawOnce(t: TestPlatform, { prelude, eligible, shares }: Prepared): Promise<void> {
  const outcome = outcomeOf(prelude, { rules, eligible, shares: shares as never }, nodeRandom(32))
  if (!outcome) throw new Error('infeasible')
  await record(await t.ctx(), outcome.selection.seated)
  await t.platform.sequencer.flush()
}

const orderByRandom = (t: TestPlatform) => t.platform.database.db.execute(sql`select id from expert order by random()`)

/** 20,000 experts, some 3,300 eligible, 7 seats, beside `ORDER BY random()` over all rows in the same run. */
export async function* benchDraw(): AsyncIterable<Figure> {
  const t = await benchPlatform()
  try {
    const people = Array.from({ length: librarySize }, (_, at) => anExpert(at))
    const admitting = await milliseconds(async () => admitExperts(await t.ctx(), people))
    const parties = ['agency', 'platform', 'supervisor', 'third'].map(partyOf)
    const [ours, peers, snapshots]: number[][] = [[], [], []]
    for (let number = 1; number <= times; number++) {
      let prepared: Prepared | null = null
      snapshots!.push(await milliseconds(async () => (prepared = await prepare(t, number, parties))))
      ours!.push(await milliseconds(() => drawOnce(t, prepared!)))
      peers!.push(await milliseconds(() => orderByRandom(t)))
    }
    yield timed('draw', 'last reveal to committed panel', 'ms', median(ours!), { peer: median(peers!) })
    yield timed('draw', 'slowest of the run', 'ms', Math.max(...ours!))
    yield timed('draw', 'pool root, lists, prelude and secrets', 'ms', median(snapshots!))
    yield timed('draw', 'admit 20,000 experts with commitments', 'ms', admitting)
  } finally {
    await t.close()
  }
}
