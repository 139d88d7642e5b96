import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { ComplaintTable } from '~/hall/complaint/ComplaintTable'
import { listComplaints } from '~/hall/complaint/complaint.server'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { EmptyState } from '~/ui/EmptyState'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '投诉与差评 - 大厅工作台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'hall.handle', async ctx => ({ rows: await listComplaints(ctx) }))

export default function Complaints() {
  const { rows } = useLoaderData<typeof loader>()
  return (
    <Page title="投诉与差评" meta="不显示投诉人和评价人">
      <ComplaintTable
        rows={rows}
        path={paths.clerkComplaint}
        empty={<EmptyState title="没有投诉或差评">收到后列在这里，3 个工作日内答复。</EmptyState>}
      />
    </Page>
  )
}
