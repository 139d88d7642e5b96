import type { LoaderFunctionArgs } from '@remix-run/node'
import { Outlet } from '@remix-run/react'
import { deskNames, menus } from '~/http/menus'
import { page } from '~/http/page.server'
import { DeskLayout } from '~/ui/DeskLayout'

export { shouldRevalidate } from '~/ui/last-known'

export const loader = (args: LoaderFunctionArgs) => page(args, 'desk.agency', async () => null)

export default function Desk() {
  return (
    <DeskLayout desk={deskNames.agency} menu={menus.agency} density="compact">
      <Outlet />
    </DeskLayout>
  )
}
