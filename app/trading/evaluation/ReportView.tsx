import { groupYuan } from '~/shared/money'
import { DataTable } from '~/ui/DataTable'
import { Disclosure } from '~/ui/Disclosure'
import { KeyValues } from '~/ui/KeyValues'
import { Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import type { Scoring } from '../lot/scoring'
import { anomalyLines } from './anomaly.text'
import { ResultTable } from './ResultTable'
import type { ReportContent } from './report-content'

type Props = { report: ReportContent; scoring: Scoring }

const nameOf = (report: ReportContent, id: string) => report.result.bids.find(bid => bid.id === id)?.name ?? id

/** The report as it will be sealed: result, candidates, who gave which points. What is shown is what is signed. */
export function ReportView({ report, scoring }: Props) {
  const { result, outcome } = report
  const candidates = result.candidates.map((id, i) => `第 ${i + 1} 名 ${nameOf(report, id)}`)
  const far = anomalyLines(result, scoring)
  return (
    <Section title="评标报告">
      <KeyValues
        items={[
          { label: '评审结论', value: outcome.ok ? candidates.join('\n') : `${outcome.article}：${outcome.todo}` },
          { label: '评标基准价', value: result.priceRun.benchmark ? `${groupYuan(result.priceRun.benchmark)} 元` : '无' },
          { label: '评标委员会', value: report.committee.map(({ code, seat }) => `${code}（${seat}）`).join('、') },
        ]}
      />
      <ResultTable result={result} />
      {far.length > 0 ? (
        <Notice kind="warn" title="与其余评委平均分相差超过 30% 的评分">
          {far.map(line => (
            <p key={line}>{line}</p>
          ))}
        </Notice>
      ) : null}
      <Disclosure summary="各评委各项评分">
        <PointsTable report={report} scoring={scoring} />
      </Disclosure>
    </Section>
  )
}

function PointsTable({ report, scoring }: Props) {
  const rows = report.result.bids.flatMap(bid => scoring.items.map(item => ({ bid, item })))
  const pointsOf = (expert: string, bidId: string, item: string) =>
    report.sheets.find(sheet => sheet.expert === expert)?.scores.find(([id, code]) => id === bidId && code === item)?.[2] ?? '—'
  return (
    <DataTable
      caption="各评委（按编号）各项评分"
      rows={rows}
      rowKey={({ bid, item }) => `${bid.id} ${item.code}`}
      columns={[
        { head: '投标人', cell: ({ bid }) => bid.name, rowHead: true, first: true },
        { head: '评分项', cell: ({ item }) => `${item.name}（${item.max} 分）` },
        ...report.sheets.map(({ expert }) => ({
          head: expert,
          numeric: true,
          cell: ({ bid, item }: (typeof rows)[number]) => pointsOf(expert, bid.id, item.code),
        })),
      ]}
    />
  )
}
