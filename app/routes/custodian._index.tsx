import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { CustodyTable } from '~/trading/custody/CustodyTable'
import { listCustody } from '~/trading/custody/custody.read.server'
import { DeskHome } from '~/trading/lot/DeskHome'
import { readDesk } from '~/trading/lot/lot.desk.server'

export const meta: MetaFunction = () => [{ title: '待办 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'desk.custodian', async ctx => ({ desk: await readDesk(ctx), lots: await listCustody(ctx) }))

export default function DeskPage() {
  const { desk, lots } = useLoaderData<typeof loader>()
  return (
    <DeskHome
      title="待办"
      desk={desk}
      empty="代理机构指定本机构为保管人后，标段列在这里。"
      lotPath={lot => paths.custodianLot(lot.id)}
    >
      <CustodyTable lots={lots.filter(lot => lot.due !== null)} href={paths.custodianLot} />
    </DeskHome>
  )
}
