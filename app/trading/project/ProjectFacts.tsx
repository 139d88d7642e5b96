import { KeyValues } from '~/ui/KeyValues'
import { tradeKindText, tradeMethodText } from '../rules/rules.text'
import type { ProjectRow } from './project.read.server'
import { sectorText } from './project.text'

type Shown = Omit<ProjectRow, 'agencyId'>

const wordOf = (words: Record<string, string>, code: string) => words[code] ?? code

/** The facts of a tender project that everybody may know. */
export function ProjectFacts({ project, region, edition }: { project: Shown; region: string; edition: string }) {
  return (
    <KeyValues
      items={[
        { label: '招标项目', value: project.name },
        { label: '项目编号', value: project.code },
        { label: '类别和方式', value: `${wordOf(tradeKindText, project.kind)} · ${wordOf(tradeMethodText, project.method)}` },
        { label: '规则版本', value: `${edition}（${project.calendarVersion}）` },
        { label: '依法必须招标', value: project.isToLaw ? '是' : '否' },
        { label: '行政区划', value: `${region}（${project.regionCode}）` },
        { label: '行业', value: wordOf(sectorText, project.sector) },
        { label: '招标人', value: `${project.tendererName}（${project.tendererCode}）` },
        { label: '资金来源', value: project.fundSource },
        { label: '项目规模', value: project.scale },
        { label: '联系人', value: `${project.contact} ${project.phone}` },
      ]}
    />
  )
}
