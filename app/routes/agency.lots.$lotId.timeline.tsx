import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { LotTag } from '~/trading/lot/LotTag'
import { TimelineView } from '~/trading/supervision/TimelineView'
import { readTimelinePage } from '~/trading/supervision/timeline.read.server'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '标段日志 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'timeline.read', (ctx, { lotId = '' }) => readTimelinePage(ctx, lotId))

export default function AgencyTimeline() {
  const { lot, projectName, timeline, names } = useLoaderData<typeof loader>()
  return (
    <Page
      title="标段日志"
      back={paths.agencyLot(lot.id)}
      backText={lot.name}
      tag={<LotTag state={lot.state} />}
      meta={`${lot.code} · ${projectName}`}
    >
      <TimelineView timeline={timeline} names={names} download={paths.timeline(lot.id)} />
    </Page>
  )
}
