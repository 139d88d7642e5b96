import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { CaseFacts, CaseLimit, CaseTag } from '~/hall/case/CaseFacts'
import { CaseMaterials, CaseSteps } from '~/hall/case/CaseSteps'
import { readCase } from '~/hall/case/case.read.server'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { LinkButton } from '~/ui/Button'
import { Actions, Columns, Stack } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.number ?? '办件'} - 大厅工作台` }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'hall.handle', (ctx, { caseId = '' }) => readCase(ctx, caseId))

export default function DeskCase() {
  const row = useLoaderData<typeof loader>()
  return (
    <Page title={row.item.name} tag={<CaseTag state={row.state} />} back={paths.clerk} meta={`办件编号 ${row.number}`}>
      {row.state === 'accepted' && row.receivedByMe ? <Notice>本件由您受理，须由另一名工作人员审批。</Notice> : null}
      <Actions pinned>
        {row.state === 'submitted' ? (
          <LinkButton to={paths.clerkCasePart(row.id, 'acceptance')} look="primary">
            答复是否受理
          </LinkButton>
        ) : null}
        {row.state === 'accepted' && !row.receivedByMe ? (
          <LinkButton to={paths.clerkCasePart(row.id, 'decision')} look="primary">
            作出审批决定
          </LinkButton>
        ) : null}
      </Actions>
      <Columns>
        <Stack>
          <CaseMaterials row={row} />
          <CaseSteps row={row} paperPath={stepId => paths.hallPaper(row.id, stepId)} />
        </Stack>
        <Stack>
          <CaseLimit row={row} />
          <CaseFacts row={row} />
        </Stack>
      </Columns>
    </Page>
  )
}
