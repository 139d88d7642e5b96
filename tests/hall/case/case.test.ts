import { expect, test } from 'vitest'
import { caseFlow, caseNumber, dueEvent, isFinished, lightOf, limitsOf, missingMaterials, noticeDue } from '~/hall/case/case'
import { calendarOf } from '~/shared/workdays'

// 2026 National Day: 1–7 October off, 20 September and 10 October worked (国办发明电〔2025〕7号 pattern); here as a calendar of its own.
const off = ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'].map(day => ({
  day,
  isWorkday: false,
  name: '国庆节',
}))
const calendar = calendarOf('test', [2026], [...off, { day: '2026-10-10', isWorkday: true, name: '调休' }])
const at = (text: string) => new Date(`${text}+08:00`)

test('defects may be told until the fifth working day after receipt', () => {
  // Tuesday 29 September: 30 Sept is day 1, then the holiday, 8, 9 and the make-up Saturday 10, Monday 12 is day 5.
  expect(noticeDue(calendar, at('2026-09-29T23:59:59'))).toEqual({ day: '2026-10-12', provisional: false })
})

test('limits count working days from the day after acceptance, and are provisional across an unannounced year', () => {
  expect(limitsOf(calendar, at('2026-09-29T09:00:00'), { promisedDays: 1, legalDays: 5 })).toEqual({
    promisedOn: '2026-09-30',
    legalDueOn: '2026-10-12',
    isProvisional: false,
  })
  expect(limitsOf(calendar, at('2026-12-30T09:00:00'), { promisedDays: 5, legalDays: 20 }).isProvisional).toBe(true)
})

test('the clock looks again when the last day is over, not before', () => {
  const waiting = { state: 'submitted', noticeDueOn: '2026-10-12', promisedOn: null, overdueAt: null } as const
  expect(dueEvent(waiting)).toEqual({ event: 'accept-by-default', at: at('2026-10-13T00:00:00') })
  expect(dueEvent({ ...waiting, state: 'accepted', promisedOn: '2026-10-15' })).toEqual({
    event: 'overdue',
    at: at('2026-10-16T00:00:00'),
  })
  expect(dueEvent({ ...waiting, state: 'accepted', promisedOn: '2026-10-15', overdueAt: at('2026-10-16T00:00:00') })).toBeNull()
  expect(dueEvent({ ...waiting, state: 'correcting' })).toBeNull()
})

test('the light is yellow on the last working day and red after it', () => {
  expect(lightOf(calendar, at('2026-10-09T10:00:00'), '2026-10-12')).toBe('green')
  expect(lightOf(calendar, at('2026-10-10T10:00:00'), '2026-10-12')).toBe('yellow')
  expect(lightOf(calendar, at('2026-10-12T23:00:00'), '2026-10-12')).toBe('yellow')
  expect(lightOf(calendar, at('2026-10-13T00:00:00'), '2026-10-12')).toBe('red')
})

test('a case number is the item code, the day and four digits', () => {
  expect(caseNumber('1235010070060001XX3351017012000', '2026-12-01', 7)).toBe('1235010070060001XX3351017012000202612010007')
})

test('only required materials can be missing', () => {
  const list = [
    { code: 'A', name: '甲', isRequired: true },
    { code: 'B', name: '乙', isRequired: false },
  ]
  expect(missingMaterials(list, [])).toEqual(['甲'])
  expect(missingMaterials(list, ['A'])).toEqual([])
})

test('a case ends in exactly four ways', () => {
  const ends = Object.keys(caseFlow).filter(state => isFinished(state as keyof typeof caseFlow))
  expect(ends.sort()).toEqual(['approved', 'not-accepted', 'refused', 'withdrawn'])
})
