import type { LoaderFunctionArgs } from '@remix-run/node'
import { Outlet, useLoaderData } from '@remix-run/react'
import { accountMenu } from '~/http/menus'
import { page } from '~/http/page.server'
import { deskOf } from '~/http/paths'
import { personOf } from '~/platform/identity/authorise.server'
import { DeskLayout } from '~/ui/DeskLayout'

export const loader = (args: LoaderFunctionArgs) => page(args, 'me.read', async ctx => ({ desk: deskOf(personOf(ctx).role) }))

export default function Account() {
  const { desk } = useLoaderData<typeof loader>()
  return (
    <DeskLayout desk="账户" menu={accountMenu(desk)}>
      <Outlet />
    </DeskLayout>
  )
}
