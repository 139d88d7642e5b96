import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { type ClientActionFunctionArgs, type ClientLoaderFunctionArgs, useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { ImportCourse } from '~/trading/expert/import/ImportCourse'
import { cancelForm } from '~/trading/expert/import/import.form.server'
import { cancelImport } from '~/trading/expert/import/import-list.server'
import { issueText } from '~/trading/expert/import/issue.text'
import { readImport } from '~/trading/expert/import/report.server'
import { LinkButton } from '~/ui/Button'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Hash } from '~/ui/Hash'
import { KeyValues } from '~/ui/KeyValues'
import { askOrKeep, sendOrSay, useAsk, useLastKnown } from '~/ui/last-known'
import { Actions, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { Pagination } from '~/ui/Pagination'

export const meta: MetaFunction = () => [{ title: '导入结果 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'expert.manage', async (ctx, { importId = '' }, url) => {
    const at = Math.min(100_000, Math.max(1, Math.trunc(Number(url.searchParams.get('page'))) || 1))
    return { ...(await readImport(ctx, importId, at)), at }
  })

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.manage', cancelForm, async (ctx, { importId = '' }) => {
    await cancelImport(ctx, { id: importId })
    return redirect(paths.expertImport(importId))
  })

export const clientLoader = (args: ClientLoaderFunctionArgs) => askOrKeep<typeof loader>(args)
export const clientAction = (args: ClientActionFunctionArgs) => sendOrSay<typeof action>(args)

export default function ImportReport() {
  const loaded = useLoaderData<typeof clientLoader>()
  const { report, seconds, problem, lines, total, pageSize, at } = loaded
  const ask = useAsk()
  useLastKnown(loaded, ask)
  const reply = useFormReply()
  const counts = Object.entries(report.counts).map(
    ([rule, count]) => `${issueText[rule as keyof typeof issueText] ?? rule}：${count} 处`,
  )
  return (
    <Page title={report.fileName} back={paths.expertImports} backText="名单导入" meta={`来源：${report.source}`}>
      <ImportCourse ask={ask} report={report} seconds={seconds} problem={problem} reply={reply} />
      <KeyValues
        items={[
          { label: '方式', value: report.mode === 'all' ? '全部或不导入' : '只导入合格的行' },
          ...(report.fileHash ? [{ label: '文件校验值', value: <Hash value={report.fileHash} label="SHA-256" /> }] : []),
          ...(counts.length > 0 ? [{ label: '按原因', value: counts.join('\n') }] : []),
        ]}
      />
      <Section title="逐行说明">
        <DataTable
          caption="逐行说明（第 1 行为表头）"
          rows={lines}
          rowKey={row => String(row.seq)}
          empty={
            <EmptyState title="没有不合格或存疑的行">
              {report.rows > 0 ? '已检查的行全部合格。' : '还没有检查任何一行。'}
            </EmptyState>
          }
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
