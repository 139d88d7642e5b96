import { isCreditCode } from '~/shared/credit-code'
import { isIdNumber } from '../id-number'
import type { Issue, IssueRule } from './issue.text'

/** Columns of a list of experts: the heading used in reports, other headings accepted, whether a value is needed. */
const columns = [
  { field: 'name', heading: '姓名', also: [], isRequired: true },
  { field: 'idNumber', heading: '证件号码', also: ['身份证号', '身份证号码'], isRequired: true },
  { field: 'phone', heading: '手机', also: ['手机号', '手机号码', '联系电话'], isRequired: true },
  { field: 'title', heading: '职称', also: [], isRequired: true },
  { field: 'mainDisc', heading: '主评专业', also: ['主评专业代码', '专业代码'], isRequired: true },
  { field: 'otherDisc', heading: '其他专业', also: ['其他专业代码'], isRequired: false },
  { field: 'region', heading: '地区代码', also: ['行政区划代码'], isRequired: true },
  { field: 'employer', heading: '工作单位', also: ['单位名称'], isRequired: true },
  { field: 'employerCode', heading: '统一社会信用代码', also: ['单位代码'], isRequired: true },
  { field: 'email', heading: '邮箱', also: ['电子邮箱'], isRequired: false },
  { field: 'avoid', heading: '回避单位', also: [], isRequired: false },
] as const
type Field = (typeof columns)[number]['field']
const headingOf = Object.fromEntries(columns.map(({ field, heading }) => [field, heading])) as Record<Field, string>

/** Longest cell of a list, in characters. */
const cellMost = 500

/** Where each field stands in the file's rows. */
export type Places = Partial<Record<Field, number>>

/** Reads the heading; names every column that is missing, unknown or there twice (row 1). */
export function readHeading(cells: string[]): { places: Places; issues: Issue[] } {
  const places: Places = {}
  const issues: Issue[] = []
  cells.forEach((text, at) => {
    const name = text.replace(/^\uFEFF/, '').trim()
    const column = columns.find(one => one.heading === name || (one.also as readonly string[]).includes(name))
    if (!column) issues.push({ row: 1, column: name || `第 ${at + 1} 列`, rule: 'column-unknown', detail: '' })
    else if (places[column.field] !== undefined) issues.push({ row: 1, column: name, rule: 'column-repeated', detail: '' })
    else places[column.field] = at
  })
  for (const { field, heading, isRequired } of columns)
    if (isRequired && places[field] === undefined) issues.push({ row: 1, column: heading, rule: 'column-missing', detail: '' })
  return { places, issues }
}

export type ListedExpert = {
  name: string
  idNumber: string
  phone: string
  title: string
  email: string | undefined
  disc: string[]
  region: string
  employer: string
  employerCode: string
  avoid: string[]
}
export type Known = { specialties: ReadonlySet<string>; regions: ReadonlySet<string> }

const split = (text: string) => text.split(/[;；、,，\s]+/).filter(Boolean)

/** What is wrong with single cells. Details never repeat personal data: the report is kept in the clear. */
function cellIssues(row: number, cells: string[], places: Places): Issue[] {
  const issues: Issue[] = []
  const add = (column: string, rule: IssueRule, detail = '') => issues.push({ row, column, rule, detail })
  for (const { field, heading, isRequired } of columns) {
    const text = textAt(cells, places, field)
    if (isRequired && text === '') add(heading, 'missing')
    if (text.length > cellMost) add(heading, 'too-long', `${text.length} 个字`)
    if (/[\u0000-\u001F\u007F]/.test(text)) add(heading, 'control-character')
  }
  return issues
}

const textAt = (cells: string[], places: Places, field: Field): string => {
  const at = places[field]
  return at === undefined ? '' : (cells[at] ?? '').trim()
}

function specialtyIssues(row: number, disc: string[], { specialties }: Known): Issue[] {
  const column = headingOf.mainDisc
  const unknown = disc.filter(code => !specialties.has(code))
  const issues: Issue[] = unknown.map(code => ({ row, column, rule: 'specialty-unknown', detail: code.slice(0, 20) }))
  if (disc.length > 3) issues.push({ row, column, rule: 'specialty-count', detail: `${disc.length} 个` })
  if (new Set(disc).size < disc.length) issues.push({ row, column, rule: 'specialty-repeated', detail: '' })
  return issues
}

/** One row of a list of experts: the expert, or every reason against the row. `row` is the row in the file, the heading being 1. */
export function readExpertRow(row: number, cells: string[], places: Places, width: number, known: Known): ListedExpert | Issue[] {
  if (cells.length !== width) {
    const detail = `表头 ${width} 列，本行 ${cells.length} 列`
    return [{ row, column: '（整行）', rule: 'column-count', detail }]
  }
  const value = (field: Field) => textAt(cells, places, field)
  const issues = cellIssues(row, cells, places)
  const bad = (field: Field, rule: IssueRule, detail = '') => {
    if (!issues.some(issue => issue.column === headingOf[field])) issues.push({ row, column: headingOf[field], rule, detail })
  }
  const [idNumber, employerCode] = [value('idNumber').toUpperCase(), value('employerCode').toUpperCase()]
  if (!isIdNumber(idNumber)) bad('idNumber', 'id-number')
  if (!/^1\d{10}$/.test(value('phone'))) bad('phone', 'phone')
  if (value('email') && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value('email'))) bad('email', 'email')
  if (!isCreditCode(employerCode)) bad('employerCode', 'credit-code')
  if (!known.regions.has(value('region'))) bad('region', 'region-unknown', value('region').slice(0, 12))
  const disc = [...split(value('mainDisc')), ...split(value('otherDisc'))]
  issues.push(...specialtyIssues(row, disc, known))
  if (issues.length > 0) return issues
  const texts = { name: value('name'), phone: value('phone'), title: value('title'), region: value('region') }
  const unit = { employer: value('employer'), employerCode, avoid: unitsOf(value('avoid')) }
  return { ...texts, ...unit, idNumber, email: value('email') || undefined, disc }
}

const unitsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[;；\n]+/)
      .map(unit => unit.trim())
      .filter(Boolean),
  ),
]
