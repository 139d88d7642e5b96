import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { formatInstant, parseLocal } from '~/shared/time'
import { calendarOf } from '~/shared/workdays'
import { checkDates, explainLimit } from '~/trading/rules/dates'
import type { DateName, Dates } from '~/trading/rules/edition'
import { editions, editionsFor, ruleEdition } from '~/trading/rules/editions'

type HolidayFile = { days: { name: string; date: string; isOffDay: boolean }[] }
const days = [2025, 2026].flatMap(y => (JSON.parse(readFileSync(`db/seed/holidays/${y}.json`, 'utf8')) as HolidayFile).days)
const calendar = calendarOf(
  '2025-2026',
  [2025, 2026],
  days.map(d => ({ day: d.date, isWorkday: !d.isOffDay, name: d.name })),
)

const at = (text: string) => parseLocal(text)!
const datesOf = (dates: Partial<Record<DateName, string>>): Dates =>
  Object.fromEntries(Object.entries(dates).map(([name, text]) => [name, at(text)]))

type Row = {
  id: string
  anchor: [DateName, string]
  field: DateName
  last: string
  first: string
  article: string
  edition?: string
}

// Each limit at its boundary: `last` is the last instant refused and `first` the first allowed (or the other way round for BEFORE).
const rows: Row[] = [
  {
    id: 'TE-01',
    anchor: ['documentFrom', '2026-11-04T17:00'],
    field: 'documentTo',
    last: '2026-11-08T23:59:59',
    first: '2026-11-09T00:00',
    article: '第十六条',
  },
  {
    id: 'TE-01',
    anchor: ['prequalificationFrom', '2026-11-04T17:00'],
    field: 'prequalificationTo',
    last: '2026-11-08T23:59:59',
    first: '2026-11-09T00:00',
    article: '第十六条',
  },
  // 2026-11-02 + 5 is a Saturday: the end day moves to Monday.
  {
    id: 'TE-01',
    anchor: ['documentFrom', '2026-11-02T09:00'],
    field: 'documentTo',
    last: '2026-11-08T23:59:59',
    first: '2026-11-09T00:00',
    article: '第十六条',
  },
  {
    id: 'TE-02',
    anchor: ['prequalificationTo', '2026-11-04T17:00'],
    field: 'applicationEndsAt',
    last: '2026-11-08T23:59:59',
    first: '2026-11-09T00:00',
    article: '第十七条',
  },
  {
    id: 'TE-03',
    anchor: ['documentFrom', '2026-11-03T16:00'],
    field: 'biddingEndsAt',
    last: '2026-11-22T23:59:59',
    first: '2026-11-23T00:00',
    article: '第二十四条',
  },
  // Over 国庆 2026: the 20th day is 10-04, a holiday; the first working day after it is 10-08.
  {
    id: 'TE-03',
    anchor: ['documentFrom', '2026-09-14T09:00'],
    field: 'biddingEndsAt',
    last: '2026-10-07T23:59:59',
    first: '2026-10-08T00:00',
    article: '第二十四条',
  },
  {
    id: 'TE-04',
    anchor: ['biddingEndsAt', '2026-11-23T09:30'],
    field: 'clarifiedAt',
    last: '2026-11-08T09:30:01',
    first: '2026-11-08T09:30:00',
    article: '第二十三条',
  },
  {
    id: 'TE-05',
    anchor: ['applicationEndsAt', '2026-11-23T09:30'],
    field: 'prequalificationClarifiedAt',
    last: '2026-11-20T09:30:01',
    first: '2026-11-20T09:30:00',
    article: '第二十一条',
  },
  {
    id: 'TG-01',
    anchor: ['documentFrom', '2026-11-03T16:00'],
    field: 'biddingEndsAt',
    last: '2026-11-22T23:59:59',
    first: '2026-11-23T00:00',
    article: '第三十五条',
  },
  // A week with a make-up Sunday (09-20).
  {
    id: 'TG-02',
    anchor: ['noticeFrom', '2026-09-18T10:00'],
    field: 'noticeTo',
    last: '2026-09-23T23:59:59',
    first: '2026-09-24T00:00',
    article: '第十六条',
  },
  // Spring Festival: 02-14 is worked, 02-15 to 02-23 are not.
  {
    id: 'TG-03',
    anchor: ['noticeFrom', '2026-02-12T10:00'],
    field: 'documentTo',
    last: '2026-02-25T23:59:59',
    first: '2026-02-26T00:00',
    article: '第十八条',
  },
  {
    id: 'TG-04',
    anchor: ['noticeFrom', '2026-04-30T10:00'],
    field: 'applicationEndsAt',
    last: '2026-05-10T23:59:59',
    first: '2026-05-11T00:00',
    article: '第二十一条',
  },
  {
    id: 'TG-05',
    anchor: ['biddingEndsAt', '2026-11-23T09:30'],
    field: 'clarifiedAt',
    last: '2026-11-08T09:30:01',
    first: '2026-11-08T09:30:00',
    article: '第二十七条',
  },
]

for (const row of rows) {
  const edition = ruleEdition(row.id.startsWith('TE') ? 'works.open-tender@2026.1' : 'gp-goods.open-tender@2026.1')
  const check = (given: string) =>
    checkDates(edition, datesOf({ [row.anchor[0]]: row.anchor[1], [row.field]: given }), calendar).filter(v => v.id === row.id)

  test(`${row.id} counted from ${row.anchor[1]}: ${row.field} at ${row.last} breaks the law`, () => {
    const [violation] = check(row.last)
    expect(violation?.field).toBe(row.field)
    expect(violation?.article).toContain(row.article)
    expect(violation?.text).toContain(row.article)
    const needed = violation?.earliest ?? violation?.latest
    expect(needed && formatInstant(needed)).toBe(formatInstant(at(row.first)))
  })
  test(`${row.id} counted from ${row.anchor[1]}: ${row.field} at ${row.first} is allowed`, () =>
    expect(check(row.first)).toEqual([]))
}

const lawful: Dates = datesOf({
  documentFrom: '2026-11-03T09:00',
  documentTo: '2026-11-09T17:00',
  biddingEndsAt: '2026-11-24T09:30',
  opensAt: '2026-11-24T09:30',
})

test('a works notice with lawful dates is allowed', () => {
  expect(checkDates(ruleEdition('works.open-tender@2026.1'), lawful, calendar)).toEqual([])
})

test('opening at any other instant than the deadline is refused (TE-09)', () => {
  const found = checkDates(ruleEdition('works.open-tender@2026.1'), { ...lawful, opensAt: at('2026-11-24T10:00') }, calendar)
  expect(found.map(v => v.id)).toEqual(['TE-09'])
})

test('a missing date is named, once for each', () => {
  const found = checkDates(ruleEdition('gp-goods.open-tender@2026.1'), {}, calendar)
  expect(found.map(v => v.field)).toEqual(['noticeFrom', 'noticeTo', 'documentFrom', 'documentTo', 'biddingEndsAt', 'opensAt'])
  expect(found[1]?.text).toContain('请填写公告期限截止时间')
})

test('documents are not handed out after the deadline', () => {
  const found = checkDates(ruleEdition('works.open-tender@2026.1'), { ...lawful, documentTo: at('2026-11-25T17:00') }, calendar)
  expect(found.map(v => v.id)).toEqual(['DATE-ORDER'])
})

test('a tender that is not mandatory is warned, procurement is always stopped', () => {
  const early = { ...lawful, biddingEndsAt: at('2026-11-20T09:30'), opensAt: at('2026-11-20T09:30') }
  expect(checkDates(ruleEdition('works.open-tender@2026.1'), early, calendar, false).map(v => v.severity)).toEqual(['warn'])
  expect(checkDates(ruleEdition('works.open-tender@2026.1'), early, calendar, true).map(v => v.severity)).toEqual(['block'])
})

test('a day in a year without a holiday notice is marked provisional', () => {
  const dates = datesOf({ documentFrom: '2026-12-20T09:00', biddingEndsAt: '2027-01-05T09:30' })
  const found = checkDates(ruleEdition('works.open-tender@2026.1'), dates, calendar).find(v => v.id === 'TE-03')
  expect(found?.provisional).toBe(true)
  expect(found?.text).toContain('暂定')
})

test('a limit can be explained with its rule, article and inputs', () => {
  const edition = ruleEdition('works.open-tender@2026.1')
  const limit = edition.limits.find(l => l.id === 'TE-03')!
  expect(explainLimit(limit, lawful, calendar)).toMatchObject({
    article: '《招标投标法》第二十四条',
    side: 'earliest',
    provisional: false,
  })
  expect(explainLimit(limit, {}, calendar)).toBeNull()
})

test('every edition has its sandbox twin that changes periods, anchors, watermark and name only', () => {
  const law = editions.filter(e => e.anchors === 'production')
  expect(law.length).toBe(editions.length / 2)
  for (const edition of law) {
    const drill = ruleEdition(`${edition.id}-drill`)
    const periods = edition.limits.map(l => ({ ...l, value: 0, unit: 'SECOND' }))
    expect(drill.limits.map(l => ({ ...l, value: 0 }))).toEqual(periods)
    const { id, name, version, anchors, watermark, limits, opening } = edition
    expect({ ...drill, id, name, version, anchors, watermark, limits, opening }).toEqual(edition)
    expect(drill.watermark).toContain('演练')
  }
})

test('in the sandbox twenty days are twenty seconds', () => {
  const edition = ruleEdition('works.open-tender@2026.1-drill')
  const dates = (ends: string) => datesOf({ documentFrom: '2026-11-03T09:00:00', biddingEndsAt: ends })
  const ids = (ends: string) => checkDates(edition, dates(ends), calendar).filter(v => v.id === 'TE-03')
  expect(ids('2026-11-03T09:00:19')).toHaveLength(1)
  expect(ids('2026-11-03T09:00:20')).toEqual([])
})

test('an unknown edition is refused and editions are found by kind, method and day', () => {
  expect(() => ruleEdition('works@1')).toThrow('rule-edition-unknown')
  expect(editionsFor('works', 'open-tender', '2026-11-03').map(e => e.id)).toContain('works.open-tender@2026.1')
  expect(editionsFor('works', 'open-tender', '2025-12-31')).toEqual([])
})

test('edition ids are unique and every limit cites an article', () => {
  expect(new Set(editions.map(e => e.id)).size).toBe(editions.length)
  for (const limit of editions.flatMap(e => e.limits)) expect(limit.article).toMatch(/第.+条/)
})
