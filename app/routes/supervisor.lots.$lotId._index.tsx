import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { LotPhases } from '~/trading/lot/LotPhases'
import { LotTag } from '~/trading/lot/LotTag'
import { TimelineView } from '~/trading/supervision/TimelineView'
import { readTimelinePage } from '~/trading/supervision/timeline.read.server'
import { LinkButton } from '~/ui/Button'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '标段日志 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'timeline.read', (ctx, { lotId = '' }) => readTimelinePage(ctx, lotId))

export default function SupervisedLot() {
  const { lot, projectName, timeline, names } = useLoaderData<typeof loader>()
  return (
    <Page
      title={lot.name}
      back="/supervisor"
      backText="监督工作台"
      tag={<LotTag state={lot.state} />}
      meta={`${lot.code} · ${projectName}`}
    >
      <LotPhases state={lot.state} />
      <Actions>
        <LinkButton to={paths.openingHall(lot.id)}>开标大厅</LinkButton>
        <LinkButton to={paths.supervisorArchive(lot.id)}>归档包</LinkButton>
      </Actions>
      <TimelineView timeline={timeline} names={names} download={paths.timeline(lot.id)} />
    </Page>
  )
}
