import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Db } from '../client'
import { calendarYear, holiday } from '../schema/platform/calendar'

type HolidayFile = { year: number; papers: string[]; days: { name: string; date: string; isOffDay: boolean }[] }

/** The State Council arrangements that came with this release, oldest first. */
export function readHolidayFiles(root = process.cwd()): HolidayFile[] {
  const folder = join(root, 'db/seed/holidays')
  const names = readdirSync(folder).filter(name => /^\d{4}\.json$/.test(name))
  return names.sort().map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')) as HolidayFile)
}

/** Loads the arrangements; what an administrator has imported since stays as it is. A year without a notice stays unannounced. */
export async function seedHolidays(db: Db, root = process.cwd()): Promise<void> {
  const files = readHolidayFiles(root).filter(f => f.papers.length > 0)
  const days = files.flatMap(f => f.days.map(d => ({ on: d.date, isWorkday: !d.isOffDay, name: d.name })))
  const years = files.map(f => ({ year: f.year, source: f.papers.join(' ') }))
  await db.insert(holiday).values(days).onConflictDoNothing()
  await db.insert(calendarYear).values(years).onConflictDoNothing()
}
