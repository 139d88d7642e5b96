import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { issueText } from '~/trading/expert/import/issue.text'
import { readImport } from '~/trading/expert/import/report.server'
import { LinkButton } from '~/ui/Button'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Hash } from '~/ui/Hash'
import { KeyValues } from '~/ui/KeyValues'
import { Actions, Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'
import { Pagination } from '~/ui/Pagination'

export const meta: MetaFunction = () => [{ title: '导入结果 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'expert.manage', async (ctx, { importId = '' }, url) => {
    const at = Math.min(100_000, Math.max(1, Math.trunc(Number(url.searchParams.get('page'))) || 1))
    return { ...(await readImport(ctx, importId, at)), at }
  })

export default function ImportReport() {
  const { report, lines, total, pageSize, at } = useLoaderData<typeof loader>()
  const counts = Object.entries(report.counts).map(
    ([rule, count]) => `${issueText[rule as keyof typeof issueText] ?? rule}：${count} 处`,
  )
  return (
    <Page title={report.fileName} back={paths.expertImports} backText="名单导入" meta={`来源：${report.source}`}>
      <Notice
        kind={report.isTaken ? 'done' : 'warn'}
        title={report.isTaken ? `已导入 ${report.accepted} 行` : '没有导入任何一行'}
      >
        共 {report.rows} 行，不合格 {report.rejected} 行。
      </Notice>
      <KeyValues
        items={[
          { label: '方式', value: report.mode === 'all' ? '全部或不导入' : '只导入合格的行' },
          { label: '文件校验值', value: <Hash value={report.fileHash} label="SHA-256" /> },
          ...(counts.length > 0 ? [{ label: '按原因', value: counts.join('\n') }] : []),
        ]}
      />
      <Section title="逐行说明">
        <DataTable
          caption="逐行说明（第 1 行为表头）"
          rows={lines}
          rowKey={row => String(row.seq)}
          empty={<EmptyState title="没有不合格或存疑的行">名单全部合格。</EmptyState>}
          columns={[
            { head: '行', cell: row => row.row, rowHead: true, numeric: true },
            { head: '列', cell: row => row.column },
            { head: '原因', cell: row => row.text },
          ]}
        />
        <Pagination page={at} pageSize={pageSize} total={total} />
        {total > 0 ? (
          <Actions>
            <LinkButton to={paths.expertImportReport(report.id)} download>
              下载全部说明（CSV）
            </LinkButton>
          </Actions>
        ) : null}
      </Section>
    </Page>
  )
}
