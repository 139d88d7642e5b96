import { addDays, addSeconds, dayOf, endOfDay, formatInstant, startOfDay } from '~/shared/time'
import { addWorkdays, type Calendar, type Due, isAnnounced, nextWorkdayFrom } from '~/shared/workdays'
import type { DateName, Dates, Limit, Mark, RuleEdition } from './edition'
import { dateText, unitText } from './rules.text'

export type DateViolation = {
  /** Rule id, e.g. TE-03. */
  id: string
  field: DateName
  article: string
  mark: Mark
  /** The instant the field may not be before, or may not be after. */
  earliest: Date | null
  latest: Date | null
  /** The calendar of a year involved is not announced: computed again when it is. */
  provisional: boolean
  /** A tender that is not mandatory by law (依法必须招标) is warned, not stopped. */
  severity: 'block' | 'warn'
  text: string
}

/** Where the limit puts its subject. */
export type Bound = { instant: Date; side: 'earliest' | 'latest'; provisional: boolean }

function dueDay(limit: Limit, anchor: Date, calendar: Calendar): Due {
  const start = dayOf(anchor)
  if (limit.unit === 'WORK') return addWorkdays(calendar, start, limit.value)
  const end = addDays(start, limit.value)
  // An end day that is a holiday moves to the next working day: 财政部令第87号 85 [V]; 民法典 203 [G]; CTS-EBS01 B-004 [S].
  const moved = nextWorkdayFrom(calendar, end)
  return { day: moved.day, provisional: moved.provisional || !isAnnounced(calendar, end) }
}

/** The earliest or latest instant the limit allows, counted from its anchor; the day of the event is not counted. */
export function boundOf(limit: Limit, anchor: Date, calendar: Calendar): Bound {
  const side = (limit.direction === 'AFTER') === (limit.bound === 'AT_LEAST') ? 'earliest' : 'latest'
  if (limit.unit === 'SECOND') {
    const seconds = limit.direction === 'AFTER' ? limit.value : -limit.value
    return { instant: addSeconds(anchor, seconds), side, provisional: false }
  }
  if (limit.direction === 'BEFORE') {
    if (limit.unit === 'CAL') return { instant: addSeconds(anchor, -limit.value * 86_400), side, provisional: false }
    const due = addWorkdays(calendar, dayOf(anchor), -limit.value)
    return { instant: endOfDay(due.day), side, provisional: due.provisional }
  }
  const due = dueDay(limit, anchor, calendar)
  return { instant: side === 'earliest' ? startOfDay(due.day) : endOfDay(due.day), side, provisional: due.provisional }
}

const boundWord = { AT_LEAST: '不得少于', AT_MOST: '不得超过' } as const

function sentenceOf(limit: Limit, given: Date, anchor: Date, bound: Bound): string {
  const where = limit.direction === 'AFTER' ? '起' : '之前'
  const rule = `${limit.name}自${dateText[limit.anchor]}${where}${boundWord[limit.bound]} ${limit.value} ${unitText[limit.unit]}`
  const inputs = `${dateText[limit.anchor]}为 ${formatInstant(anchor)}，${dateText[limit.subject]}填为 ${formatInstant(given)}`
  const needed = `${bound.side === 'earliest' ? '最早应为' : '最迟应为'} ${formatInstant(bound.instant)}`
  const provisional = bound.provisional ? '（涉及尚未公布放假安排的年份，暂定）' : ''
  return `${rule}（${limit.article}）：${inputs}，${needed}${provisional}。${limit.remedy}。`
}

type Judge = { calendar: Calendar; severity: 'block' | 'warn' }

function judgeLimit(limit: Limit, dates: Dates, { calendar, severity }: Judge): DateViolation | null {
  const [given, anchor] = [dates[limit.subject], dates[limit.anchor]]
  if (!given || !anchor) return null
  const bound = boundOf(limit, anchor, calendar)
  if (bound.side === 'earliest' ? given >= bound.instant : given <= bound.instant) return null
  return {
    id: limit.id,
    field: limit.subject,
    article: limit.article,
    mark: limit.mark,
    earliest: bound.side === 'earliest' ? bound.instant : null,
    latest: bound.side === 'latest' ? bound.instant : null,
    provisional: bound.provisional,
    severity,
    text: sentenceOf(limit, given, anchor, bound),
  }
}

type Plain = Pick<DateViolation, 'id' | 'field' | 'article' | 'text'> & { earliest?: Date; latest?: Date }
const always = (v: Plain): DateViolation => ({
  earliest: null,
  latest: null,
  mark: 'V',
  provisional: false,
  severity: 'block',
  ...v,
})

function missingDates(edition: RuleEdition, dates: Dates): DateViolation[] {
  const article = edition.ruleSet === 'tender' ? '《电子招标投标办法》第十七条' : '财政部令第87号第十三条'
  const missing = edition.required.filter(name => !dates[name])
  return missing.map(field => always({ id: 'DATE-MISSING', field, article, text: `请填写${dateText[field]}（${article}）。` }))
}

/** Opening is the bid deadline itself (TE-09), and documents are not handed out after it. */
function orderOfDates(edition: RuleEdition, { biddingEndsAt, opensAt, documentTo }: Dates): DateViolation[] {
  const found: DateViolation[] = []
  if (!biddingEndsAt) return found
  const article = edition.ruleSet === 'tender' ? '《招标投标法》第三十四条' : '财政部令第87号第三十九条'
  if (opensAt && opensAt.getTime() !== biddingEndsAt.getTime()) {
    const text = `开标应当在投标截止的同一时间进行（${article}）：投标截止时间为 ${formatInstant(biddingEndsAt)}，开标时间填为 ${formatInstant(opensAt)}。请改为一致。`
    found.push(always({ id: 'TE-09', field: 'opensAt', article, earliest: biddingEndsAt, latest: biddingEndsAt, text }))
  }
  if (documentTo && documentTo > biddingEndsAt) {
    const text = `招标文件获取截止时间 ${formatInstant(documentTo)} 晚于投标截止时间 ${formatInstant(biddingEndsAt)}。请提前获取截止时间，或推迟投标截止时间。`
    found.push(always({ id: 'DATE-ORDER', field: 'documentTo', article: '日期先后', latest: biddingEndsAt, text }))
  }
  return found
}

/** Everything in the dates that the edition's law does not allow; empty when a notice may be published with them. */
export function checkDates(edition: RuleEdition, dates: Dates, calendar: Calendar, mandatory = true): DateViolation[] {
  const severity = mandatory || edition.ruleSet === 'procurement' ? 'block' : 'warn'
  const broken = edition.limits.map(limit => judgeLimit(limit, dates, { calendar, severity }))
  return [...missingDates(edition, dates), ...broken.filter(v => v !== null), ...orderOfDates(edition, dates)]
}

/** One limit explained for 为何是这一天: its rule, article, the anchor used and the day found; null while the anchor is not known. */
export function explainLimit(limit: Limit, dates: Dates, calendar: Calendar) {
  const anchor = dates[limit.anchor]
  if (!anchor) return null
  const bound = boundOf(limit, anchor, calendar)
  const rule = `${limit.name}${boundWord[limit.bound]} ${limit.value} ${unitText[limit.unit]}`
  const inputs = [
    { label: dateText[limit.anchor], value: `${formatInstant(anchor)}，当日不计入` },
    { label: bound.side === 'earliest' ? '最早' : '最迟', value: formatInstant(bound.instant) },
  ]
  return { id: limit.id, field: limit.subject, rule, article: limit.article, inputs, calendar: calendar.version, ...bound }
}
