import type { LoaderFunctionArgs } from '@remix-run/node'
import { Outlet } from '@remix-run/react'
import { deskNames, menus } from '~/http/menus'
import { page } from '~/http/page.server'
import { DeskLayout } from '~/ui/DeskLayout'

export { shouldRevalidate } from '~/ui/last-known'

export const loader = (args: LoaderFunctionArgs) => page(args, 'desk.admin', async () => null)

export default function Desk() {
  return (
    <DeskLayout desk={deskNames.admin} menu={menus.admin} density="compact">
      <Outlet />
    </DeskLayout>
  )
}
