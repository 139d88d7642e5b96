import { Outlet } from '@remix-run/react'
import { publicMenu } from '~/http/menus'
import { DeskLayout } from '~/ui/DeskLayout'

export default function PublicPages() {
  return (
    <DeskLayout menu={publicMenu}>
      <Outlet />
    </DeskLayout>
  )
}
