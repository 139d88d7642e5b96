import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { CaseTable } from '~/hall/case/CaseTable'
import { listOwnCases } from '~/hall/case/case.read.server'
import { ComplaintTable } from '~/hall/complaint/ComplaintTable'
import { listComplaints } from '~/hall/complaint/complaint.server'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { EmptyState } from '~/ui/EmptyState'
import { Section } from '~/ui/layout'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '我的办件 - 政务大厅' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'hall.apply', async ctx => ({ cases: await listOwnCases(ctx), complaints: await listComplaints(ctx) }))

export default function OwnCases() {
  const { cases, complaints } = useLoaderData<typeof loader>()
  return (
    <Page title="我的办件">
      <CaseTable
        caption="我提交的申请"
        rows={cases}
        path={paths.hallCase}
        empty={<EmptyState title="还没有办件">从“办事指南”选择事项并提交申请后，进度列在这里。</EmptyState>}
      />
      <Section title="我的投诉与差评">
        <ComplaintTable
          rows={complaints}
          empty={<EmptyState title="没有投诉">对办件有意见时，可在办件页投诉；3 个工作日内答复，答复列在这里。</EmptyState>}
        />
      </Section>
    </Page>
  )
}
