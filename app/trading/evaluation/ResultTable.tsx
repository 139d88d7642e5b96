import { groupYuan } from '~/shared/money'
import { DataTable } from '~/ui/DataTable'
import { Tag } from '~/ui/Tag'
import type { BidResult, EvaluationResult } from './evaluation'

function place({ rank, rejections }: BidResult) {
  if (rank !== null) return `第 ${rank} 名`
  return rejections.length > 0 ? <Tag tone="bad">否决</Tag> : '未排名'
}

/** The comparison of scores (综合评估比较表), rejected bids last with their reasons. */
export function ResultTable({ result }: { result: EvaluationResult }) {
  const rows = [...result.bids].sort((a, b) => (a.rank ?? 999) - (b.rank ?? 999))
  return (
    <DataTable
      caption="综合评估比较表"
      rows={rows}
      rowKey={bid => bid.id}
      columns={[
        { head: '名次', cell: place, first: true },
        { head: '投标人', cell: bid => bid.name, rowHead: true },
        { head: '投标报价（元）', cell: bid => (bid.price === null ? '—' : groupYuan(bid.price)), numeric: true },
        { head: '技术分', cell: bid => bid.technical, numeric: true },
        { head: '商务分', cell: bid => bid.business, numeric: true },
        { head: '价格分', cell: bid => bid.priceScore ?? '—', numeric: true },
        { head: '总分', cell: bid => bid.total ?? '—', numeric: true },
        { head: '否决理由', cell: bid => bid.rejections.map(r => `${r.text}：${r.reasons.join('；')}`).join('；') || '—' },
      ]}
    />
  )
}
