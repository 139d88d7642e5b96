import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submitFile } from '~/http/page.server'
import { paths } from '~/http/paths'
import { importForm } from '~/trading/expert/import/import.form.server'
import { formMost } from '~/trading/expert/import/incoming.server'
import { importStateText } from '~/trading/expert/import/issue.text'
import { listImports } from '~/trading/expert/import/report.server'
import { takeInForm } from '~/trading/expert/import/take-in.server'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { FileField } from '~/ui/FileField'
import { Actions, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '名单导入 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'expert.manage', async ctx => ({ imports: await listImports(ctx) }))

export const action = (args: ActionFunctionArgs) =>
  submitFile(args, 'expert.manage', { form: importForm, most: formMost }, async (ctx, _params, input) => {
    const report = await takeInForm(ctx, input)
    return redirect(paths.expertImport(report.id))
  })

const kinds = [
  {
    value: 'experts',
    text: '专家名单',
    hint: '表头：姓名、证件号码、手机、职称、主评专业、其他专业、地区代码、工作单位、统一社会信用代码。',
  },
  { value: 'specialties', text: '专业分类版本', hint: '表头：code、name、level。与现行版本并存，不自动启用。' },
]
const modes = [
  { value: 'all', text: '全部或不导入', hint: '有一行不合格，全部不导入。' },
  { value: 'good-rows', text: '只导入合格的行', hint: '不合格的行逐行列明原因。' },
]

export default function Imports() {
  const { imports } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page
      title="名单导入"
      meta="各部门名单统一入库（CSV、TSV、XLSX）。同一文件重复上传只导入一次；长名单由后台分批检查，合格后一次入库。"
    >
      <ErrorSummary reply={reply} />
      <DataTable
        caption="导入记录"
        rows={imports}
        rowKey={row => row.id}
        empty={<EmptyState title="还没有导入过名单">上传后在这里查看每一批的结果。</EmptyState>}
        columns={[
          { head: '文件', cell: row => <Link to={paths.expertImport(row.id)}>{row.fileName}</Link>, rowHead: true },
          { head: '来源', cell: row => row.source },
          { head: '时间', cell: row => <When at={row.createdAt} /> },
          { head: '状态', cell: row => importStateText[row.state] },
          { head: '行数', cell: row => row.rows, numeric: true },
          { head: '导入', cell: row => row.accepted, numeric: true },
          { head: '不合格', cell: row => row.rejected, numeric: true },
        ]}
      />
      <Section title="上传名单">
        <PostForm files>
          <FileField
            name="file"
            label="文件"
            hint="不超过 20 MB；更大的名单用接口 POST /api/v1/expert-imports 上传。"
            accept=".csv,.tsv,.xlsx"
            reply={reply}
          />
          <RadioField name="kind" label="内容" choices={kinds} value="experts" reply={reply} />
          <RadioField name="mode" label="方式" choices={modes} value="all" reply={reply} />
          <TextField name="source" label="来源部门或文件" reply={reply} />
          <TextField name="edition" label="分类版本号" hint="只在导入专业分类时填写，例如 2010-trial。" reply={reply} optional />
          <Actions pinned>
            <Submit>上传并检查</Submit>
          </Actions>
        </PostForm>
      </Section>
    </Page>
  )
}
