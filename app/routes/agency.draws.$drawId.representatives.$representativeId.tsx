import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { replacementInput } from '~/trading/draw/draw.form.server'
import { representativeStateText } from '~/trading/draw/draw.text'
import { readReplaceable } from '~/trading/draw/draw-page.read.server'
import { replaceRepresentative } from '~/trading/draw/representative-acts.server'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea, TextField } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '另行指定招标人代表 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'draw.request', (ctx, { drawId = '', representativeId = '' }) => readReplaceable(ctx, drawId, representativeId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'draw.request', replacementInput, async (ctx, { drawId = '', representativeId: id = '' }, input) => {
    const { lot } = await readReplaceable(ctx, drawId, id)
    await replaceRepresentative(ctx, { id, ...input })
    return redirect(paths.agencyLotTask(lot.id, 'draw'))
  })

export default function Replacement() {
  const { lot, representative } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  const { name, state, isReplaceable } = representative
  return (
    <Page title="另行指定招标人代表" back={paths.agencyLotTask(lot.id, 'draw')} backText="抽取评标专家" meta={lot.name}>
      <ErrorSummary reply={reply} />
      {isReplaceable ? (
        <PostForm>
          <Notice title={`${name}：${representativeStateText[state]}`}>
            原代表的评审意见无效，由新代表重新评审（《招标投标法实施条例》第四十八条）。
          </Notice>
          <TextField name="name" label="姓名" reply={reply} />
          <TextField name="idNumber" label="身份证号" hint="报到时核对，加密保存。" reply={reply} />
          <TextField name="phone" label="手机" inputMode="tel" reply={reply} />
          <TextField name="title" label="职务、职称" reply={reply} optional />
          <TextField name="unit" label="工作单位" reply={reply} optional />
          <TextArea name="reason" label="更换原因" rows={2} reply={reply} />
          <Actions pinned>
            <Submit>指定</Submit>
          </Actions>
        </PostForm>
      ) : (
        <Notice title="现在不能更换">
          只有在不能参加、应当回避或者到时未到场时才可以更换（《招标投标法实施条例》第四十八条、第七十条）。
        </Notice>
      )}
    </Page>
  )
}
