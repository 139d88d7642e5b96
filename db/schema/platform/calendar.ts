import { boolean, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { day } from '@/db/columns'

/** Exceptions to the five-day week, from the State Council's yearly notice (放假安排). */
export const holiday = pgTable('holiday', {
  on: day('on').primaryKey(),
  isWorkday: boolean('is_workday').notNull(),
  name: text('name').notNull(),
})

/** Years whose arrangement is known; any other computes as 暂定 (provisional). */
export const calendarYear = pgTable('calendar_year', {
  year: integer('year').primaryKey(),
  source: text('source').notNull(),
})
