import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { listApplications } from '~/trading/expert/application.read.server'
import { applicationStateText } from '~/trading/expert/expert.text'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '专家入库申请 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.manage', ctx => listApplications(ctx))

type Row = Awaited<ReturnType<typeof listApplications>>['waiting'][number]

function Applications({ caption, rows, empty }: { caption: string; rows: Row[]; empty: string }) {
  return (
    <DataTable
      caption={caption}
      rows={rows}
      rowKey={row => row.id}
      empty={<EmptyState title={empty}>申请人提交并由所在单位推荐后列在这里。</EmptyState>}
      columns={[
        { head: '编号', cell: row => <Link to={paths.expertApplication(row.id)}>{row.code}</Link>, rowHead: true },
        { head: '主评专业', cell: row => row.mainDisc },
        { head: '工作单位', cell: row => row.employerName },
        { head: '提交时间', cell: row => <When at={row.createdAt} /> },
        { head: '状态', cell: row => applicationStateText[row.state], first: true },
      ]}
    />
  )
}

export default function ExpertApplications() {
  const { waiting, done } = useLoaderData<typeof loader>()
  return (
    <Page title="入库申请" meta="列表不含身份信息；需要核对身份时，从专家档案查看并留痕。">
      <Section title="待办">
        <Applications caption="待办" rows={waiting} empty="没有待办的申请" />
      </Section>
      <Section title="已办结">
        <Applications caption="已办结" rows={done} empty="还没有办结的申请" />
      </Section>
    </Page>
  )
}
