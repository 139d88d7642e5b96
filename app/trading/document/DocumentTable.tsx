import { formatSize } from '~/shared/size'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Hash } from '~/ui/Hash'
import { When } from '~/ui/When'
import type { DocumentLine } from './document.read.server'

type DocumentTableProps = { documents: DocumentLine[]; href: (fileId: string) => string; empty: string; showState?: boolean }

/** Versions of the tender document and its clarifications, each to be had by anybody once a notice made it public. */
export function DocumentTable({ documents, href, empty, showState = false }: DocumentTableProps) {
  const state = { head: '公开', cell: (d: DocumentLine) => (d.noticeId ? '已随公告公开' : '随下一次公告公开') }
  return (
    <DataTable
      caption="招标文件"
      rows={documents}
      rowKey={d => d.id}
      empty={<EmptyState title="还没有招标文件">{empty}</EmptyState>}
      columns={[
        {
          head: '文件',
          rowHead: true,
          first: true,
          cell: d => (
            <>
              <a href={href(d.fileId)}>{d.title}</a>
              <span className="block break-all text-quiet">
                {d.name}，{formatSize(d.size)}
              </span>
            </>
          ),
        },
        { head: '种类', cell: d => (d.kind === 'clarification' ? '澄清或者修改' : '招标文件') },
        { head: '版本', numeric: true, cell: d => d.version },
        { head: '上传时间', cell: d => <When at={d.createdAt} /> },
        ...(showState ? [state] : []),
        { head: '摘要（SHA-256）', cell: d => <Hash value={d.sha256} /> },
      ]}
    />
  )
}
