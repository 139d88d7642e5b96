import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { CasePaper } from '~/hall/case/CasePaper'
import { paperTitle } from '~/hall/case/case.text'
import { readPaper } from '~/hall/case/paper.read.server'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { PrintButton } from '~/ui/Button'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '文书 - 政务大厅' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'hall.read', async (ctx, { caseId = '', stepId = '' }) => ({
    ...(await readPaper(ctx, caseId, stepId)),
    isDesk: ctx.actor.kind === 'person' && ctx.actor.role === 'hall-staff',
  }))

export default function CasePaperPage() {
  const { row, step, issuer, isDesk } = useLoaderData<typeof loader>()
  return (
    <Page
      title={paperTitle[step.action]}
      back={isDesk ? paths.clerkCase(row.id) : paths.hallCase(row.id)}
      meta={step.paperNumber}
    >
      <CasePaper row={row} step={step} issuer={issuer} />
      <Actions>
        <PrintButton>打印文书</PrintButton>
      </Actions>
    </Page>
  )
}
