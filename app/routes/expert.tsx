import type { LoaderFunctionArgs } from '@remix-run/node'
import { Outlet, useLoaderData } from '@remix-run/react'
import { deskNames, menus } from '~/http/menus'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { findOwn } from '~/trading/expert/library.server'
import { DeskLayout } from '~/ui/DeskLayout'

export { shouldRevalidate } from '~/ui/last-known'

/** A tenderer's representative sits in the same committees and stands in no library. */
export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'desk.expert', async ctx => ({ isInLibrary: (await findOwn(ctx)) !== null }))

export default function Desk() {
  const { isInLibrary } = useLoaderData<typeof loader>()
  const menu = menus.expert.filter(item => isInLibrary || item.to !== paths.expertRecord)
  return (
    <DeskLayout desk={deskNames.expert} menu={menu} density="compact">
      <Outlet />
    </DeskLayout>
  )
}
