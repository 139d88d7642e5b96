import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { voidForm } from '~/trading/draw/draw.form.server'
import { readDrawFor } from '~/trading/draw/draw-page.read.server'
import { voidDraw } from '~/trading/draw/draw-void.server'
import { VoidTask } from '~/trading/draw/VoidTask'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '作废抽取 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'draw.void', (ctx, { drawId = '' }) => readDrawFor(ctx, drawId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'draw.void', voidForm, async (ctx, { drawId = '' }, { reason }) => {
    await voidDraw(ctx, { id: drawId, reason })
    return redirect(paths.supervisorDraw(drawId))
  })

export default function VoidDraw() {
  const draw = useLoaderData<typeof loader>()
  return (
    <Page title="作废抽取" back={paths.supervisorDraw(draw.id)} backText={draw.lotName}>
      <VoidTask draw={draw} reply={useFormReply()} />
    </Page>
  )
}
