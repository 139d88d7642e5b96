import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { KeptNotice } from '~/trading/bid/KeptNotice'
import { DeskHome } from '~/trading/lot/DeskHome'
import { readDesk } from '~/trading/lot/lot.desk.server'

export const meta: MetaFunction = () => [{ title: '待办 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'desk.bidder', ctx => readDesk(ctx))

export default function DeskPage() {
  const desk = useLoaderData<typeof loader>()
  return (
    <DeskHome
      title="待办"
      desk={desk}
      empty="招标公告发布后，可投标的标段列在这里；开标后列出本机构参加的标段。"
      lotPath={lot => paths.bidderLot(lot.id)}
    >
      <KeptNotice org={desk.organisationId} submissionPath={id => paths.bidderTask(id, 'submission')} />
    </DeskHome>
  )
}
