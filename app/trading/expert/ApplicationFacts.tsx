import { KeyValues } from '~/ui/KeyValues'
import type { readApplication } from './application.read.server'
import { applicationStateText } from './expert.text'

export type ApplicationView = Awaited<ReturnType<typeof readApplication>>

/** What an application states of qualifications, and the words of unit and library. */
export function ApplicationFacts({ application, name }: { application: ApplicationView; name?: string }) {
  const one = application
  return (
    <KeyValues
      items={[
        { label: '状态', value: applicationStateText[one.state] },
        ...(name ? [{ label: '姓名', value: name }] : []),
        { label: '专业', value: one.disc.join('\n') },
        { label: '职称', value: one.title },
        { label: '从业年限', value: `${one.yearsInField} 年` },
        { label: '学历', value: one.degree || '—' },
        { label: '执业资格', value: one.certificates || '—' },
        { label: '工作经历', value: one.experience },
        { label: '工作单位', value: one.employerName },
        { label: '地区', value: one.region },
        {
          label: '单位意见',
          value: one.recommendation ?? (one.recommendationLetter ? `推荐函 ${one.recommendationLetter}` : '—'),
        },
        { label: '审核意见', value: one.decision ?? '—' },
      ]}
    />
  )
}
