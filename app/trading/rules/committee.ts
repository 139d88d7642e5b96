import type { RuleEdition } from './edition'

export type CommitteeSeat = { role: 'expert' | 'employer' | 'agency'; isChair: boolean }
export type CommitteeFacts = { seats: CommitteeSeat[]; budgetFen: bigint; isComplex: boolean; isWater: boolean }
export type CommitteeViolation = { id: string; article: string; text: string }

/** The least number of members: odd, larger for big or complex procurement and for water works (tender-rules 2.1). */
export function minimumSize(
  { committee }: RuleEdition,
  facts: Pick<CommitteeFacts, 'budgetFen' | 'isComplex' | 'isWater'>,
): number {
  const isLarge = committee.largeFromFen !== null && (facts.budgetFen >= committee.largeFromFen || facts.isComplex)
  const water = facts.isWater ? (committee.waterSize ?? 0) : 0
  return Math.max(committee.minimumSize, isLarge ? committee.largeSize : 0, water)
}

/** Experts are at least two thirds, so the employer's side has at most a third: 5 → 4+1, 7 → 5+2, 9 → 6+3. */
export const minimumExperts = (size: number) => Math.ceil((2 * size) / 3)
export const maximumEmployers = (size: number) => Math.floor(size / 3)

/** The article that the least number rests on: the general one, or the one for large or complex procurement or for water works. */
function articleOf({ committee }: RuleEdition, facts: CommitteeFacts, least: number): string {
  if (facts.isWater && committee.waterSize === least && least > committee.minimumSize) return committee.waterArticle
  return least > committee.minimumSize ? committee.largeArticle : committee.article
}

function sizeProblems(edition: RuleEdition, facts: CommitteeFacts): { text: string; article: string }[] {
  const size = facts.seats.length
  const least = minimumSize(edition, facts)
  const problems: { text: string; article: string }[] = []
  if (size < least)
    problems.push({ text: `成员为 ${size} 人，应当为 ${least} 人以上单数`, article: articleOf(edition, facts, least) })
  if (size % 2 === 0) problems.push({ text: `成员为 ${size} 人，应当为单数`, article: edition.committee.article })
  return problems
}

/** What is unlawful in the composition of an evaluation committee; empty when it may sit. */
export function checkCommittee(edition: RuleEdition, facts: CommitteeFacts): CommitteeViolation[] {
  const { article } = edition.committee
  const experts = facts.seats.filter(s => s.role === 'expert').length
  const chairs = facts.seats.filter(s => s.isChair)
  const found = sizeProblems(edition, facts).map(({ text, article: of }) => ({
    id: 'EC-SIZE',
    article: of,
    text: `评标委员会${text}（${of}）。`,
  }))
  const needed = minimumExperts(facts.seats.length)
  if (experts < needed) {
    const text = `技术、经济等方面的专家为 ${experts} 人，不得少于成员总数的三分之二，即 ${needed} 人（${article}）。`
    found.push({ id: 'EC-EXPERTS', article, text })
  }
  if (facts.seats.some(s => s.role === 'agency') && edition.ruleSet === 'procurement') {
    const rule = '财政部令第87号第四十七条'
    found.push({ id: 'EC-AGENCY', article: rule, text: `采购代理机构工作人员不得参加由本机构代理的项目的评标（${rule}）。` })
  }
  if (!edition.committee.employerMayChair && chairs.some(s => s.role !== 'expert')) {
    const rule = '财政部令第87号第四十五条'
    found.push({ id: 'EC-CHAIR', article: rule, text: `采购人代表不得担任评标委员会组长（${rule}）。` })
  }
  if (chairs.length > 1) found.push({ id: 'EC-CHAIR', article, text: '评标委员会只能有一名负责人。' })
  return found
}
