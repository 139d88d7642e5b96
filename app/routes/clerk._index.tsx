import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { CaseTable } from '~/hall/case/CaseTable'
import { listDeskCases } from '~/hall/case/case.read.server'
import { listComplaints } from '~/hall/complaint/complaint.server'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { EmptyState } from '~/ui/EmptyState'
import { Figures, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '待办 - 大厅工作台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'desk.clerk', async ctx => ({ cases: await listDeskCases(ctx), complaints: await listComplaints(ctx) }))

export default function ClerkDesk() {
  const { cases, complaints } = useLoaderData<typeof loader>()
  return (
    <Page title="待办" meta="期限近的在前">
      <Figures
        items={[
          { label: '待答复与待审批', value: cases.length, unit: '件' },
          { label: '临近期限或已超期', value: cases.filter(row => row.light !== 'green').length, unit: '件' },
          { label: '待答复投诉', value: complaints.filter(row => row.state === 'received').length, unit: '件' },
        ]}
      />
      <Section title="待受理" aside="5 个工作日内不答复即视为受理">
        <CaseTable
          caption="待答复是否受理的申请"
          rows={cases.filter(row => row.state === 'submitted')}
          path={paths.clerkCase}
          empty={<EmptyState title="没有待受理的申请">群众提交申请后列在这里。</EmptyState>}
        />
      </Section>
      <Section title="待审批" aside="受理与审批须由两人分别作出">
        <CaseTable
          caption="已受理待决定的办件"
          rows={cases.filter(row => row.state === 'accepted')}
          path={paths.clerkCase}
          empty={<EmptyState title="没有待审批的办件">申请受理后列在这里。</EmptyState>}
        />
      </Section>
    </Page>
  )
}
