import { createHash, createHmac, randomBytes } from 'node:crypto'
import { employerTag, expertLeaf, expertSalt, poolRoot, rank, readDraw, selectPanel } from '@/crypto/draw'
import type { RulesV2 } from '@/crypto/draw-rules'
import { type Figure, inTurns, timed } from './figure'

// A fiftieth of the size the design was measured at (1,000,000 experts); the eligible list keeps its full 3,000.
const poolSize = 20_000
const eligibleSize = 3_000

const rules: RulesV2 = {
  v: 2,
  seats: [
    { seat: '技术', disc: ['A08'], region: null, n: 3 },
    { seat: '经济', disc: ['A06'], region: null, n: 2 },
  ],
  maxPerEmployer: 1,
  alternates: 2,
}

const key = new Uint8Array(randomBytes(32))
const records = Array.from({ length: poolSize }, (_, at) => ({
  id: `E${at}`,
  name: `专家${at}`,
  disc: [at % 3 === 0 ? 'A0601' : 'A0801'],
  region: '350102',
  emp: `ORG${at % 640}`,
  status: 'active',
}))

const commitAll = () => records.map(record => expertLeaf(expertSalt(key, record.id), record))

/** Commitments to the whole pool and its root, beside the bare hashing of as many records. */
async function snapshot(): Promise<Figure> {
  const [ours, floor] = await inTurns(
    3,
    () => poolRoot(commitAll()),
    () => {
      for (const record of records) {
        createHmac('sha256', key).update(record.id).digest()
        createHash('sha256').update(JSON.stringify(record)).digest()
        createHash('sha256').update(key).update(key).digest()
      }
    },
  )
  return timed('draw', `snapshot of ${poolSize} experts`, 'ms', ours, { floor })
}

/** From the revealed secrets to the seated panel, beside as many bare HMACs. */
async function reveal(): Promise<Figure> {
  const rows = commitAll()
    .slice(0, eligibleSize)
    .map((c, at) => [c, { disc: records[at]!.disc, region: '350102', emp: employerTag(key, 'bench', records[at]!.emp) }] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  const { people } = readDraw(rules, rows)
  const seed = new Uint8Array(randomBytes(32))
  const [ours, floor] = await inTurns(
    9,
    () => selectPanel(seed, rules, people),
    () => {
      for (const { c } of people) createHmac('sha256', seed).update(c).digest()
    },
  )
  return timed('draw', `panel from ${eligibleSize} eligible`, 'ms', ours, { floor })
}

/** One attempt's ranking alone: what a larger list costs more of. */
async function ranking(): Promise<Figure> {
  const people = commitAll().map(c => ({ c }))
  const seed = new Uint8Array(randomBytes(32))
  const [ours, floor] = await inTurns(
    5,
    () => rank(seed, people, 0),
    () => people.map(({ c }) => createHmac('sha256', seed).update(c).digest('hex')).sort(),
  )
  return timed('draw', `ranking of ${poolSize}`, 'ms', ours, { floor })
}

export async function* benchDraw(): AsyncGenerator<Figure> {
  yield await snapshot()
  yield await reveal()
  yield await ranking()
}
