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
    return redirect(paths.supervisorDrawNames(drawId))
  })

export default function SupervisorDrawNames() {
  const unlock = useLoaderData<typeof loader>()
  return (
    <Page title="评标委员会名单" back={paths.supervisorDraw(unlock.id)} backText="专家抽取" meta={unlock.drawId}>
      <NamesTask unlock={unlock} reply={useFormReply()} />
    </Page>
  )
}
