import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { confirmedForm } from '~/trading/draw/draw.form.server'
import { NamesTask } from '~/trading/draw/NamesTask'
import { readUnlock, unlockNames } from '~/trading/draw/unlock.server'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '评标委员会名单 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'draw.unlock', (ctx, { drawId = '' }) => readUnlock(ctx, drawId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'draw.unlock', confirmedForm, async (ctx, { drawId = '' }) => {
    await unlockNames(ctx, { id: drawId })
    return redirect(paths.agencyDrawNames(drawId))
  })

export default function AgencyDrawNames() {
  const unlock = useLoaderData<typeof loader>()
  return (
    <Page title="评标委员会名单" back={paths.agencyLotTask(unlock.lotId, 'draw')} backText="抽取评标专家" meta={unlock.drawId}>
      <NamesTask unlock={unlock} reply={useFormReply()} />
    </Page>
  )
}
