import type { Db } from '@/db/client'
import { calendarYear, holiday } from '@/db/schema/platform/calendar'
import type { Calendar } from '~/shared/workdays'
import { calendarOfRows } from './holiday-file'

/** The working-day calendar as it stands now; its version names the years whose arrangement is known. */
export async function readCalendar(db: Db): Promise<Calendar> {
  const years = await db.select().from(calendarYear)
  const days = await db.select({ day: holiday.on, isWorkday: holiday.isWorkday, name: holiday.name }).from(holiday)
  return calendarOfRows(years, days)
}
