import type { TimelineCheck } from '@/crypto/timeline'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Tag, type Tone } from '~/ui/Tag'
import { When } from '~/ui/When'
import { type LineVerdict, type TimelineLine, verdictOf } from './timeline'

const verdictTag: Record<LineVerdict, { text: string; tone: Tone }> = {
  holds: { text: '可核验', tone: 'done' },
  broken: { text: '不成立', tone: 'bad' },
  waiting: { text: '待联署', tone: 'quiet' },
  unchecked: { text: '未核验', tone: 'quiet' },
}

function VerdictTag({ verdict }: { verdict: LineVerdict }) {
  const { text, tone } = verdictTag[verdict]
  return <Tag tone={tone}>{text}</Tag>
}

function What({ text, facts }: TimelineLine) {
  return (
    <>
      {text}
      {facts.length > 0 ? <span className="block wrap-anywhere font-normal text-quiet">{facts.join('；')}</span> : null}
    </>
  )
}

/** The entries with what each says, who acted, and whether it holds. */
export function TimelineTable({ lines, check }: { lines: TimelineLine[]; check: TimelineCheck | null }) {
  return (
    <DataTable
      caption="标段日志"
      rows={lines}
      rowKey={line => String(line.idx)}
      empty={<EmptyState title="还没有记录">标段建立后的每一步都会列在这里。</EmptyState>}
      columns={[
        { head: '日志序号', numeric: true, cell: line => line.idx },
        { head: '时间', cell: line => (line.at ? <When at={new Date(line.at)} seconds /> : '见消息本身') },
        { head: '事项', rowHead: true, first: true, cell: line => <What {...line} /> },
        { head: '经办', cell: line => line.who || '平台' },
        { head: '核验', cell: line => <VerdictTag verdict={verdictOf(line, check)} /> },
      ]}
    />
  )
}
