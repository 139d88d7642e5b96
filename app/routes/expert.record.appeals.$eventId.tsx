import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { fileAppeal } from '~/trading/expert/appeal.server'
import { appealInput } from '~/trading/expert/record.form.server'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '提出申诉 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.act', async () => null)

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.act', appealInput, async (ctx, { eventId = '' }, { text }) => {
    await fileAppeal(ctx, { eventId, text })
    return redirect(paths.expertRecord)
  })

export default function OwnAppeal() {
  const reply = useFormReply()
  return (
    <Page
      title="提出申诉"
      back={paths.expertRecord}
      backText="我的专家档案"
      meta="由未作出原决定的人员处理；对同一决定只能申诉一次。"
    >
      <ErrorSummary reply={reply} />
      <PostForm>
        <TextArea name="text" label="申诉理由" rows={6} reply={reply} />
        <Actions pinned>
          <Submit>提交申诉</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
