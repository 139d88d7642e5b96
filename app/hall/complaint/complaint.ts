import { type Day, dayOf } from '~/shared/time'
import { addWorkdays, type Calendar } from '~/shared/workdays'

/** Working days to answer a complaint, and the most it may be extended to (seed EVA-18). */
export const answerDays = 3
export const extendedDays = 15

export const complaintDue = (calendar: Calendar, filedAt: Date): Day => addWorkdays(calendar, dayOf(filedAt), answerDays).day
export const complaintExtendedDue = (calendar: Calendar, filedAt: Date): Day =>
  addWorkdays(calendar, dayOf(filedAt), extendedDays).day
