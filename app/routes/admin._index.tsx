import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { AlarmTable } from '~/platform/alarm/AlarmTable'
import { listAlarms } from '~/platform/alarm/alarm.server'
import { DeskHome } from '~/trading/lot/DeskHome'
import { readDesk } from '~/trading/lot/lot.desk.server'

export const meta: MetaFunction = () => [{ title: '运行 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'alarm.read', async ctx => ({ desk: await readDesk(ctx), alarms: await listAlarms(ctx) }))

export default function DeskPage() {
  const { desk, alarms } = useLoaderData<typeof loader>()
  return (
    <DeskHome title="运行" desk={desk} hideLots empty="运行状况列在这里，不含任何标的内容。">
      <AlarmTable alarms={alarms} />
    </DeskHome>
  )
}
