import { FilterBar, FilterDate, FilterSelect, SearchBox } from '~/ui/FilterBar'
import { tradeKindText } from '../rules/rules.text'
import { noticeKindText } from './notice.text'

type PortalFiltersProps = {
  kinds: Record<string, number>
  stages: Record<string, number>
  regions: { value: string; text: string }[]
  total: number
}

const counted = (words: Record<string, string>, counts: Record<string, number>) =>
  Object.entries(words).map(([value, text]) => ({ value, text, count: counts[value] ?? 0 }))

/** Search first, then the filters, each with how many notices it would leave. */
export function PortalFilters({ kinds, stages, regions, total }: PortalFiltersProps) {
  return (
    <FilterBar count={total}>
      <SearchBox label="搜索公告" hint="项目、标段名称或编号，公告正文中的词。" />
      <FilterSelect name="kind" label="类别" choices={counted(tradeKindText, kinds)} />
      <FilterSelect name="stage" label="环节" choices={counted(noticeKindText, stages)} />
      <FilterSelect name="region" label="地区" choices={regions} />
      <FilterDate name="from" label="发布日期自" />
      <FilterDate name="to" label="发布日期至" />
    </FilterBar>
  )
}
