import { Link } from '@remix-run/react'
import { DataTable } from '~/ui/DataTable'
import { KeyValues } from '~/ui/KeyValues'
import { Section } from '~/ui/layout'
import { When } from '~/ui/When'
import { appealStateText, avoidKindText, expertEventText, expertStateText, penaltyKindText, weekdayText } from './expert.text'
import type { readExpert, readOwnRecord } from './library.read.server'

export type RecordView = Omit<Awaited<ReturnType<typeof readExpert>>, 'may'>
export type OwnRecordView = NonNullable<Awaited<ReturnType<typeof readOwnRecord>>>

const sourceText = (source: string) =>
  source === 'application' ? '本人申请' : source.startsWith('import') ? `名单导入（第 ${source.split(' ')[1]} 批）` : '演练数据'

const dayNames = (mask: number) => weekdayText.filter((_, day) => mask & (1 << day)).join('、')

/** What the library knows of an expert, without identity. */
export function ExpertFacts({ record }: { record: RecordView }) {
  return (
    <KeyValues
      items={[
        { label: '状态', value: expertStateText[record.state] },
        ...(record.suspendedUntil ? [{ label: '暂停至', value: <When at={record.suspendedUntil} /> }] : []),
        { label: '专业', value: record.disc.map(one => `${one.code} ${one.name}${one.isMain ? '（主评）' : ''}`).join('\n') },
        { label: '专业分类版本', value: record.edition },
        { label: '地区', value: record.region },
        { label: '工作单位', value: record.employerName },
        { label: '可评标日', value: record.weekdays === 127 ? '每天' : dayNames(record.weekdays) },
        { label: '来源', value: sourceText(record.source) },
        { label: '入库时间', value: <When at={record.createdAt} /> },
      ]}
    />
  )
}

/** Former and present employers, declared units and leaves: what avoidance is computed from. */
export function ExpertTies({ record }: { record: RecordView }) {
  return (
    <Section title="工作经历与回避">
      <DataTable
        caption="工作经历（三年内任职单位自动回避）"
        rows={record.employments}
        rowKey={row => `${row.organisationName} ${row.fromOn}`}
        columns={[
          { head: '单位', cell: row => row.organisationName, rowHead: true },
          { head: '起', cell: row => row.fromOn },
          { head: '止', cell: row => row.untilOn ?? '至今' },
        ]}
      />
      <DataTable
        caption="申报的回避单位"
        rows={record.avoid}
        rowKey={row => row.organisationName}
        columns={[
          { head: '单位', cell: row => row.organisationName, rowHead: true },
          { head: '关系', cell: row => avoidKindText[row.kind] },
          { head: '说明', cell: row => row.reason },
        ]}
      />
      <DataTable
        caption="请假"
        rows={record.leaves}
        rowKey={row => row.id}
        columns={[
          { head: '起', cell: row => <When at={row.fromAt} />, rowHead: true },
          { head: '止', cell: row => <When at={row.untilAt} /> },
          { head: '说明', cell: row => row.note || '—' },
        ]}
      />
    </Section>
  )
}

/** Marks, each leading to its own page where that is given, and training. */
export function AssessmentTables({ record, toMark }: { record: RecordView; toMark?: (id: string) => string }) {
  return (
    <Section title="考核与培训">
      <DataTable
        caption="考核记分"
        rows={record.marks}
        rowKey={row => row.id}
        columns={[
          { head: '时间', cell: row => <When at={row.at} />, rowHead: true },
          { head: '项目', cell: row => (toMark ? <Link to={toMark(row.id)}>{row.rule}</Link> : row.rule) },
          { head: '分值', cell: row => row.points, numeric: true },
          { head: '事实', cell: row => (row.revokedAt ? `${row.note}（已撤销）` : row.note) },
        ]}
      />
      <DataTable
        caption="培训"
        rows={record.trainings}
        rowKey={row => `${row.name} ${row.onDay}`}
        columns={[
          { head: '课程', cell: row => row.name, rowHead: true },
          { head: '日期', cell: row => row.onDay },
          { head: '学时', cell: row => row.hours, numeric: true },
          { head: '结果', cell: row => (row.passed ? '合格' : '不合格') },
        ]}
      />
    </Section>
  )
}

/** Punishments in tendering: with one that stands nobody is drawn. */
export function PenaltyTable({ rows, to }: { rows: RecordView['penalties']; to?: (id: string) => string }) {
  return (
    <DataTable
      caption="处罚记录"
      rows={rows}
      rowKey={row => row.id}
      columns={[
        { head: '决定书', cell: row => (to ? <Link to={to(row.id)}>{row.document}</Link> : row.document), rowHead: true },
        { head: '种类', cell: row => penaltyKindText[row.kind] },
        { head: '机关', cell: row => row.authority },
        { head: '日期', cell: row => row.decidedOn },
        { head: '事实', cell: row => row.facts },
        { head: '状态', cell: row => (row.revokedAt ? `已撤销：${row.revokedReason}` : '有效') },
      ]}
    />
  )
}

const eventText = (event: string) => expertEventText[event as keyof typeof expertEventText] ?? event

/** Every change of state, for life, with the appeal against it. */
export function ExpertEvents({ record }: { record: RecordView }) {
  return (
    <Section title="动态管理记录">
      <DataTable
        caption="历次变动"
        rows={record.events}
        rowKey={row => row.id}
        columns={[
          { head: '时间', cell: row => <When at={row.at} />, rowHead: true },
          { head: '办理', cell: row => eventText(row.event) },
          { head: '原因', cell: row => row.reason },
          { head: '申诉', cell: row => (row.appeal ? appealStateText[row.appeal] : '—') },
        ]}
      />
    </Section>
  )
}
