import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { HallScreen } from '~/trading/opening/HallScreen'
import { listAllEvents, readPublicOpening } from '~/trading/opening/read.server'
import { useHall } from '~/trading/opening/use-hall'

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `开标大屏 ${data?.opening.lotName ?? ''} - 公共资源交易平台` },
]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'portal.read', async (ctx, { lotId = '' }) => {
    const opening = await readPublicOpening(ctx, lotId)
    return { opening, events: opening.closedAt ? await listAllEvents(ctx, lotId) : [] }
  })

const nothing = () => {}

export default function OpeningScreen() {
  const { opening, events } = useLoaderData<typeof loader>()
  const live = useHall(opening.lotId, { hall: opening.hall, events }, nothing)
  return <HallScreen {...live} title={`开标 · ${opening.lotName}`} opensAt={opening.biddingEndsAt} />
}
