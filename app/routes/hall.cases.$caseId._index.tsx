import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { CaseFacts, CaseLimit, CaseTag } from '~/hall/case/CaseFacts'
import { CaseMaterials, CaseSteps } from '~/hall/case/CaseSteps'
import { readCase } from '~/hall/case/case.read.server'
import { starsText } from '~/hall/rating/rating.text'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { LinkButton } from '~/ui/Button'
import { Actions, Columns, Stack } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.item.name ?? '办件'} - 我的办件` }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'hall.apply', (ctx, { caseId = '' }) => readCase(ctx, caseId))

type Row = Awaited<ReturnType<typeof readCase>>

export default function OwnCase() {
  const row = useLoaderData<typeof loader>()
  return (
    <Page title={row.item.name} tag={<CaseTag state={row.state} />} back={paths.hallCases} meta={`办件编号 ${row.number}`}>
      <WhatNow row={row} />
      <Columns>
        <Stack>
          <CaseSteps row={row} paperPath={stepId => paths.hallPaper(row.id, stepId)} />
          <CaseMaterials row={row} />
        </Stack>
        <Stack>
          <CaseLimit row={row} />
          <CaseFacts row={row} />
        </Stack>
      </Columns>
    </Page>
  )
}

function WhatNow({ row }: { row: Row }) {
  const part = (name: 'supplement' | 'withdrawal' | 'rating' | 'complaint') => paths.hallCasePart(row.id, name)
  return (
    <>
      {row.state === 'correcting' ? (
        <Notice kind="warn" title="需要补正">
          {row.steps.findLast(s => s.action === 'ask-correction')?.text}
        </Notice>
      ) : null}
      {row.rating ? <Notice kind="done">{`您的评价：${starsText[row.rating.stars]}。${row.rating.text}`}</Notice> : null}
      <Actions pinned>
        {row.state === 'correcting' ? (
          <LinkButton to={part('supplement')} look="primary">
            补正材料
          </LinkButton>
        ) : null}
        {row.isFinished && !row.rating ? (
          <LinkButton to={part('rating')} look="primary">
            评价本次办理
          </LinkButton>
        ) : null}
        {row.isFinished ? null : <LinkButton to={part('withdrawal')}>撤回申请</LinkButton>}
        <LinkButton to={part('complaint')}>投诉</LinkButton>
      </Actions>
    </>
  )
}
