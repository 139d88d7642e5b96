import type { Issue, IssueRule } from './issue.text'

/** A line of a classification file: code, name, level. */
export type SpecialtyLine = { row: number; code: string; name: string; level: string }
/** A known error of some public copy: what is written, and what it most likely should be. */
export type KnownError = { code: string; name: string; likely: string; why: string }

const form = /^[A-C](\d{2}){0,3}$/
const lengths: Record<string, number> = { 1: 1, 3: 2, 5: 3, 7: 4 }
/** Level of a code by its length: letter 1, three characters 2, five 3, seven 4 (发改法规〔2018〕316号). */
export const levelOf = (code: string): number => lengths[code.length] ?? 0
export const parentOf = (code: string): string | null =>
  code.length === 1 ? null : code.length === 3 ? code[0]! : code.slice(0, -2)

const issueAt = ({ row }: SpecialtyLine, column: string, rule: IssueRule, detail = ''): Issue => ({ row, column, rule, detail })

/** What makes a line unusable by itself. */
function lineIssues(line: SpecialtyLine): Issue[] {
  const { code, name, level } = line
  if (!form.test(code)) return [issueAt(line, 'code', 'code-form', code.slice(0, 20))]
  const issues: Issue[] = []
  if (String(levelOf(code)) !== level)
    issues.push(issueAt(line, 'level', 'level-differs', `${code} 应为 ${levelOf(code)} 级，文件作 ${level}`))
  if (name.trim() === '') issues.push(issueAt(line, 'name', 'missing', code))
  if (name.length > 80) issues.push(issueAt(line, 'name', 'too-long', code))
  return issues
}

type Kept = { lines: SpecialtyLine[]; issues: Issue[] }

/** Lines with their place in the tree: repeated codes, missing parents and lines under a group that is not theirs. */
function placed(lines: SpecialtyLine[]): Kept {
  const kept = new Map<string, SpecialtyLine>()
  const under: Record<number, string> = {}
  const issues: Issue[] = []
  for (const line of lines) {
    const { code } = line
    const own = lineIssues(line)
    const [first, parent, level] = [kept.get(code), parentOf(code), levelOf(code)]
    if (own.length === 0 && first) own.push(issueAt(line, 'code', 'code-repeated', `${code} 已在第 ${first.row} 行`))
    if (own.length === 0 && parent && !kept.has(parent))
      own.push(issueAt(line, 'code', 'parent-missing', `${code} 的上级 ${parent}`))
    if (own.length === 0 && parent && under[level - 1] !== parent)
      own.push(issueAt(line, 'code', 'out-of-place', `${code} 排在 ${under[level - 1]} 之下`))
    issues.push(...own)
    if (own.length > 0) continue
    kept.set(code, line)
    under[level] = code
  }
  return { lines: [...kept.values()], issues }
}

/** Characters two texts share: unrelated names share none that carries meaning. */
const shares = (a: string, b: string) => [...a].some(character => b.includes(character))

/**
 * Groups (level 3) named like another group of goods or services, while none of their own specialties has anything of that name. Works (A) repeat
 * their names on purpose: design, supervision and construction of the same things.
 */
function strangeNames(lines: SpecialtyLine[]): Issue[] {
  const groups = lines.filter(({ code }) => levelOf(code) === 3 && !code.startsWith('A'))
  const first = new Map<string, SpecialtyLine>()
  const issues: Issue[] = []
  for (const line of groups) {
    const other = first.get(line.name)
    if (!other) first.set(line.name, line)
    else issues.push(issueAt(line, 'name', 'name-of-another-group', `${line.code} 与 ${other.code} 都叫“${line.name}”`))
  }
  return issues.filter(({ row }) => {
    const line = lines.find(one => one.row === row)!
    const children = lines.filter(({ code }) => code !== line.code && parentOf(code) === line.code)
    const related = children.filter(({ name }) => shares(name.replaceAll(/[及与其他类]/g, ''), line.name))
    return related.length * 2 <= children.length
  })
}

/** Groups without specialties in a file that otherwise reaches level 4. */
function emptyGroups(lines: SpecialtyLine[]): Issue[] {
  if (!lines.some(({ code }) => levelOf(code) === 4)) return []
  const parents = new Set(lines.map(({ code }) => parentOf(code)))
  return lines
    .filter(({ code }) => levelOf(code) === 3 && !parents.has(code))
    .map(line => issueAt(line, 'code', 'no-children', `${line.code} ${line.name}`))
}

function knownErrors(lines: SpecialtyLine[], known: KnownError[]): Issue[] {
  return lines.flatMap(line => {
    const error = known.find(one => one.code === line.code && one.name === line.name)
    return error ? [issueAt(line, 'name', 'known-error', `${line.code}“${line.name}”疑为“${error.likely}”（${error.why}）`)] : []
  })
}

/** Checks a whole classification: usable lines and everything wrong or doubtful, by place in the file. */
export function checkSpecialties(lines: SpecialtyLine[], known: KnownError[]): Kept {
  const { lines: kept, issues } = placed(lines)
  const doubtful = [...strangeNames(kept), ...emptyGroups(kept), ...knownErrors(kept, known)]
  return { lines: kept, issues: [...issues, ...doubtful].toSorted((a, b) => a.row - b.row) }
}
