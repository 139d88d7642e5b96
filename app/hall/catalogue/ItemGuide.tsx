import { dayOf } from '~/shared/time'
import { DataTable } from '~/ui/DataTable'
import { KeyValues } from '~/ui/KeyValues'
import { Bullets, Section } from '~/ui/layout'
import { Day } from '~/ui/When'
import type { ItemView } from './catalogue.read.server'
import { caseKindText, itemKindText } from './catalogue.text'

/** The service guide (办事指南) of one item. */
export function ItemGuide({ item }: { item: ItemView }) {
  return (
    <>
      <Section title="基本信息">
        <KeyValues items={factsOf(item)} />
      </Section>
      <Section title="设定依据">
        <Bullets items={item.guide.basis} />
      </Section>
      <Section title="受理条件">
        <Bullets items={item.guide.conditions} />
      </Section>
      <Section title="申请材料" aside="除下列材料外，不得要求提供其他材料">
        <Materials item={item} />
      </Section>
      <Section title="办理流程">
        <GuideSteps item={item} />
      </Section>
    </>
  )
}

const factsOf = (item: ItemView) => [
  { label: '实施编码', value: `${item.code}（第 ${item.version} 版）` },
  { label: '事项类型', value: itemKindText[item.kind] },
  { label: '办件类型', value: caseKindText[item.caseKind] },
  { label: '实施主体', value: item.organisationName },
  { label: '服务对象', value: item.guide.audience },
  { label: '法定办结时限', value: `${item.legalDays} 个工作日` },
  { label: '承诺办结时限', value: `${item.promisedDays} 个工作日` },
  { label: '办理结果', value: item.guide.result },
  { label: '收费', value: item.guide.fee },
  { label: '办理地点', value: item.guide.place },
  { label: '办理时间', value: item.guide.hours },
  { label: '咨询方式', value: item.guide.phone },
  { label: '监督投诉', value: item.guide.supervision },
  { label: '发布日期', value: <Day on={dayOf(item.publishedAt)} /> },
]

const Materials = ({ item }: { item: ItemView }) => (
  <DataTable
    caption="材料清单"
    rows={item.materials}
    rowKey={m => m.code}
    columns={[
      { head: '材料', rowHead: true, cell: m => m.name },
      { head: '是否必需', cell: m => (m.isRequired ? '必需' : '非必需') },
      { head: '形式', cell: m => m.form },
      { head: '受理标准', cell: m => m.standard },
      { head: '依据', cell: m => m.basis },
    ]}
  />
)

const GuideSteps = ({ item }: { item: ItemView }) => (
  <DataTable
    caption="环节、时限、审查标准与结果"
    rows={item.guide.steps}
    rowKey={s => s.name}
    columns={[
      { head: '环节', rowHead: true, cell: s => s.name },
      { head: '时限', cell: s => s.days },
      { head: '审查标准', cell: s => s.standard },
      { head: '结果', cell: s => s.result },
    ]}
  />
)
