import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { DeskHome } from '~/trading/lot/DeskHome'
import { readDesk } from '~/trading/lot/lot.desk.server'

export const meta: MetaFunction = () => [{ title: '待办 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'desk.supervisor', ctx => readDesk(ctx))

export default function DeskPage() {
  const desk = useLoaderData<typeof loader>()
  return (
    <DeskHome
      title="待办"
      desk={desk}
      empty="监督范围内的标段建立后，按剩余时间列在这里。"
      lotPath={lot => paths.supervisorLot(lot.id)}
    />
  )
}
