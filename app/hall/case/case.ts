import type { CaseState, StepAction } from '@/db/schema/hall/case'
import type { Flow } from '~/shared/flow'
import { addSeconds, type Day, dayOf, endOfDay } from '~/shared/time'
import { addWorkdays, type Calendar, workdaysBetween } from '~/shared/workdays'

export type { CaseState, StepAction } from '@/db/schema/hall/case'

/** 'overdue' is a warning, not a change of state. */
export type CaseEvent = Exclude<StepAction, 'submit' | 'overdue'>

/** The life of a case (GB/T 39046—2020: 申请 → 受理 → 办理 → 办结). */
export const caseFlow: Flow<CaseState, CaseEvent> = {
  submitted: {
    accept: 'accepted',
    'ask-correction': 'correcting',
    reject: 'not-accepted',
    'accept-by-default': 'accepted',
    withdraw: 'withdrawn',
  },
  correcting: { supplement: 'submitted', withdraw: 'withdrawn' },
  accepted: { approve: 'approved', refuse: 'refused', withdraw: 'withdrawn' },
  approved: {},
  refused: {},
  'not-accepted': {},
  withdrawn: {},
}

/** All defects are told at once within five days, or the case counts as accepted from receipt (行政许可法 32 (4); in working days, 82). */
export const noticeDays = 5

export interface Limits {
  promisedOn: Day
  legalDueOn: Day
  isProvisional: boolean
}

/** The last day on which defects may be told: receipt is not counted (行政许可法 32). */
export function noticeDue(calendar: Calendar, receivedAt: Date): { day: Day; provisional: boolean } {
  return addWorkdays(calendar, dayOf(receivedAt), noticeDays)
}

/** Promised and legal last days, counted from the day after acceptance (行政许可法 42, 82). */
export function limitsOf(calendar: Calendar, acceptedAt: Date, item: { promisedDays: number; legalDays: number }): Limits {
  const promised = addWorkdays(calendar, dayOf(acceptedAt), item.promisedDays)
  const legal = addWorkdays(calendar, dayOf(acceptedAt), item.legalDays)
  return { promisedOn: promised.day, legalDueOn: legal.day, isProvisional: promised.provisional || legal.provisional }
}

export interface Waiting {
  state: CaseState
  noticeDueOn: Day
  promisedOn: Day | null
  overdueAt: Date | null
}

/** What the clock must do next to this case, and when: a day ends with its last second. */
export function dueEvent(row: Waiting): { event: 'accept-by-default' | 'overdue'; at: Date } | null {
  const after = (day: Day) => addSeconds(endOfDay(day), 1)
  if (row.state === 'submitted') return { event: 'accept-by-default', at: after(row.noticeDueOn) }
  if (row.state === 'accepted' && row.promisedOn && !row.overdueAt) return { event: 'overdue', at: after(row.promisedOn) }
  return null
}

export type Light = 'green' | 'yellow' | 'red'

/** How near the limit is: yellow on its last working day, red once it has passed. */
export function lightOf(calendar: Calendar, now: Date, dueOn: Day): Light {
  const today = dayOf(now)
  if (today > dueOn) return 'red'
  return workdaysBetween(calendar, today, dueOn).days <= 1 ? 'yellow' : 'green'
}

/** 办件编号: 31-character 实施编码, day, four digits. */
export const caseNumber = (itemCode: string, day: Day, sequence: number) =>
  `${itemCode}${day.replaceAll('-', '')}${String(sequence).padStart(4, '0')}`

/** Required materials that are not among those handed in. */
export function missingMaterials(materials: { code: string; name: string; isRequired: boolean }[], given: string[]): string[] {
  return materials.filter(m => m.isRequired && !given.includes(m.code)).map(m => m.name)
}

export const isFinished = (state: CaseState) => Object.keys(caseFlow[state]).length === 0
