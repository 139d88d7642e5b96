import { Outlet } from '@remix-run/react'
import { hallMenu } from '~/http/menus'
import { DeskLayout } from '~/ui/DeskLayout'

export default function Hall() {
  return (
    <DeskLayout desk="政务大厅" menu={hallMenu}>
      <Outlet />
    </DeskLayout>
  )
}
