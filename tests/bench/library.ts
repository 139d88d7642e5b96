import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { growLibrary } from '@/db/seed/expert'
import { seedSpecialties } from '@/db/seed/specialties'
import { anActor } from '@/tests/factories/actor'
import { aListLine, listHeading } from '@/tests/factories/expert'
import type { TestPlatform } from '@/tests/setup/platform'
import { systemCtx } from '~/platform/start.server'
import { creditCodeOf } from '~/shared/credit-code'
import { countExperts } from '~/trading/expert/expert.server'
import { receiveList } from '~/trading/expert/import/arrive.server'
import { stepImports } from '~/trading/expert/import/import-list.server'
import { readImport } from '~/trading/expert/import/report.server'
import { type Figure, milliseconds, timed } from './figure'
import { benchPlatform } from './platform'

const usualSize = 1_000_000
/** Every hundredth row of the list is bad. */
const badEvery = 100

function* linesOf(rows: number): Generator<string> {
  const code = creditCodeOf('91350100MA0000001')
  yield `${listHeading}\n`
  for (let at = 0; at < rows; at++) {
    const line = aListLine(at, code)
    yield `${at % badEvery === 0 ? line.replace(',A0801,', ',A0899,') : line}\n`
  }
}

/** Most memory in use while something runs, in MB. */
async function peakOf(run: () => Promise<unknown>): Promise<{ ms: number; megabytes: number }> {
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 100)
  const ms = await milliseconds(run)
  clearInterval(watch)
  return { ms, megabytes: Math.round(most / 1_048_576) }
}

/** The list through the real import: received in parts, checked and sealed in batches, taken over at once. */
async function importList(t: TestPlatform, folder: string, rows: number) {
  const path = join(folder, `${rows}.csv`)
  await pipeline(Readable.from(linesOf(rows)), createWriteStream(path))
  const keeper = await t.ctx(await anActor(t, 'supervisor'))
  const list = { fileName: 'list.csv', source: '某部门', mode: 'good-rows', most: statSync(path).size } as const
  const worker = await systemCtx(t.platform, 'worker')
  const readRow = async (id: string) => (await readImport(keeper, id, 1)).report
  const courses: number[] = []
  let [id, received] = ['', 0]
  const { ms, megabytes } = await peakOf(async () => {
    received = await milliseconds(async () => {
      id = (await receiveList(keeper, createReadStream(path), list)).id
    })
    for (let state = 'checking'; state !== 'done'; state = (await readRow(id)).state) {
      await stepImports(worker)
      courses.push((await readRow(id)).rows)
    }
  })
  const report = await readRow(id)
  if (report.rows !== rows || report.accepted + report.rejected !== rows) throw new Error('rows are missing from the report')
  return { ms, megabytes, received, bad: report.rejected, looks: new Set(courses).size }
}

/** A list of a tenth for its memory, then one of so many rows with bad ones. */
async function* benchList(experts: number): AsyncIterable<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'open-tender-lists-'))
  const [first, second] = [await benchPlatform(), await benchPlatform()]
  try {
    await seedSpecialties(await first.ctx())
    await seedSpecialties(await second.ctx())
    const small = await importList(first, folder, experts / 10)
    yield timed('library', `list of ${experts / 10} rows, memory at most`, 'MB', small.megabytes)
    const whole = await importList(second, folder, experts)
    const name = `list of ${experts} rows`
    yield timed('library', `${name}, ${whole.bad} bad, taken over`, 'ms', whole.ms)
    yield timed('library', `${name}, received`, 'ms', whole.received)
    yield timed('library', `${name}, times its progress was seen to move`, 'looks', whole.looks)
    yield timed('library', `${name}, memory at most`, 'MB', whole.megabytes)
  } finally {
    await first.close()
    await second.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The generator of the rehearsal's library, at its real size, with the memory it needs. */
async function* benchMaker(experts: number): AsyncIterable<Figure> {
  const t = await benchPlatform()
  try {
    const ctx = await t.ctx()
    const { ms, megabytes } = await peakOf(() => growLibrary(ctx, experts))
    if ((await countExperts(ctx)) !== experts) throw new Error('experts are missing')
    yield timed('library', `${experts} experts made`, 'ms', ms)
    yield timed('library', `${experts} experts made, memory at most`, 'MB', megabytes)
  } finally {
    await t.close()
  }
}

/** A list taken over, and the library made: both of a million experts unless told otherwise, or one of them alone (`--part`). */
export async function* benchLibrary({ experts = usualSize, part }: { experts?: number; part?: string }): AsyncIterable<Figure> {
  if (part !== 'maker') yield* benchList(experts)
  if (part !== 'list') yield* benchMaker(experts)
}
