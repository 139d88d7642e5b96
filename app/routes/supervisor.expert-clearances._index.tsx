import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { ClearanceTable } from '~/trading/expert/ClearanceTable'
import { readClearances } from '~/trading/expert/clearance.read.server'
import { clearanceActText } from '~/trading/expert/expert.text'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Section } from '~/ui/layout'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '专家处理 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.manage', ctx => readClearances(ctx))

const propose = (code: string) => <Link to={paths.supervisorExpertPart(code, 'clearance')}>提出处理</Link>

export default function Clearances() {
  const { due, punished, clearances } = useLoaderData<typeof loader>()
  return (
    <Page title="专家处理" meta="一人提出，通知本人并听取陈述申辩，由另一人决定；对决定可以申诉。">
      <Section title="待提出">
        <DataTable
          caption="累计记分达到清退规则"
          rows={due}
          rowKey={row => row.code}
          columns={[
            { head: '专家', cell: row => <Link to={paths.supervisorExpert(row.code)}>{row.code}</Link>, rowHead: true },
            { head: '累计记分', cell: row => row.points, numeric: true },
            { head: '规则', cell: row => `${row.rule.name}：${row.rule.act ? clearanceActText[row.rule.act] : ''}` },
            { head: '办理', cell: row => propose(row.code), first: true },
          ]}
        />
        <DataTable
          caption="有处罚记录仍在库（七部委令第12号第十二条；抽取时已自动排除）"
          rows={punished}
          rowKey={row => row.code}
          columns={[
            { head: '专家', cell: row => <Link to={paths.supervisorExpert(row.code)}>{row.code}</Link>, rowHead: true },
            { head: '办理', cell: row => propose(row.code), first: true },
          ]}
        />
      </Section>
      <Section title="已提出">
        <ClearanceTable
          rows={clearances}
          to={paths.expertClearance}
          empty={<EmptyState title="没有提出过处理">从上面的名单，或者在专家页面提出。</EmptyState>}
        />
      </Section>
    </Page>
  )
}
