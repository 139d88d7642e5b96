import { LinkButton } from '~/ui/Button'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Actions } from '~/ui/layout'
import { Tag } from '~/ui/Tag'
import { When } from '~/ui/When'
import type { TimelineLine } from './timeline'

/** A lot's log, oldest first, with the file by which anybody can check it without this platform. */
export function TimelineTable({ lines, download }: { lines: TimelineLine[]; download: string }) {
  return (
    <>
      <DataTable
        caption="标段日志"
        rows={lines}
        rowKey={line => String(line.idx)}
        empty={<EmptyState title="还没有记录">标段建立后的每一步都会列在这里。</EmptyState>}
        columns={[
          { head: '序号', numeric: true, cell: line => line.idx },
          { head: '事项', rowHead: true, first: true, cell: line => line.text },
          { head: '时间', cell: line => (line.at ? <When at={new Date(line.at)} seconds /> : '见消息本身') },
          { head: '经办', cell: line => line.who || '平台' },
          {
            head: '联署',
            cell: line => (line.isCovered ? <Tag tone="done">已联署</Tag> : <Tag>待下一检查点</Tag>),
          },
        ]}
      />
      <Actions>
        <LinkButton to={download} download>
          下载日志与证明（JSON）
        </LinkButton>
      </Actions>
      <p className="text-quiet">下载后可在没有本平台的计算机上核验：npm run verify -- --anchors anchors.json timeline.json</p>
    </>
  )
}
