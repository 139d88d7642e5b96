import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { DrawFacts } from '~/trading/draw/DrawProgress'
import { confirmedForm } from '~/trading/draw/draw.form.server'
import { readDrawFor } from '~/trading/draw/draw-page.read.server'
import { approveDraw } from '~/trading/draw/draw-request.server'
import { ConfirmTask } from '~/ui/ConfirmTask'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '审核、核准抽取 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'draw.approve', (ctx, { drawId = '' }) => readDrawFor(ctx, drawId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'draw.approve', confirmedForm, async (ctx, { drawId = '' }) => {
    await approveDraw(ctx, { id: drawId })
    return redirect(paths.supervisorDraw(drawId))
  })

export default function ApproveDraw() {
  const draw = useLoaderData<typeof loader>()
  const act = draw.state === 'requested' ? '审核抽取' : '核准抽取'
  return (
    <Page title={act} back={paths.supervisorDraw(draw.id)} backText={draw.lotName}>
      <DrawFacts draw={draw} />
      <ConfirmTask
        object={draw.drawId}
        act={act}
        will={[
          '须由两人先后审核、核准，第二人不能是第一人，也不能是申请人；两人姓名和时间均留痕。',
          '开标时由系统自动抽取，贵机构的代理程序和见证程序须在线参加。',
          '席位、专业、地区和回避条件按上表固定，核准后不能修改。',
        ]}
        cannotUndo={['结果由四方随机数唯一确定，抽取后不能重抽；确需作废须由两人办理并写明原因，原记录永久保留。']}
        reply={useFormReply()}
      />
    </Page>
  )
}
