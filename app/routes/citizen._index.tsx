import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { CaseTable } from '~/hall/case/CaseTable'
import { listOwnCases } from '~/hall/case/case.read.server'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { LinkButton } from '~/ui/Button'
import { EmptyState } from '~/ui/EmptyState'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '我的办事 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'desk.citizen', async ctx => ({ cases: await listOwnCases(ctx) }))

export default function CitizenDesk() {
  const { cases } = useLoaderData<typeof loader>()
  return (
    <Page title="我的办事">
      <Actions>
        <LinkButton to={paths.hall} look="primary">
          选择事项并申请
        </LinkButton>
      </Actions>
      <CaseTable
        caption="我提交的申请"
        rows={cases}
        path={paths.hallCase}
        empty={<EmptyState title="还没有办件">提交申请后，办件和进度列在这里。</EmptyState>}
      />
    </Page>
  )
}
