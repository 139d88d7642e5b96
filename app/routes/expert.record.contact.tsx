import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { changeContact } from '~/trading/expert/own-record.server'
import { contactForm } from '~/trading/expert/record.form.server'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '更改联系方式 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.act', async () => null)

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.act', contactForm, async (ctx, _params, input) => {
    await changeContact(ctx, input)
    return redirect(paths.expertRecord)
  })

export default function Contact() {
  const reply = useFormReply()
  return (
    <Page title="更改联系方式" back={paths.expertRecord} backText="我的专家档案" meta="加密保存；评标邀请发往这里的手机。">
      <ErrorSummary reply={reply} />
      <PostForm>
        <TextField name="phone" label="手机" type="tel" inputMode="tel" autoComplete="tel" reply={reply} />
        <TextField name="email" label="邮箱" type="email" inputMode="email" autoComplete="email" reply={reply} optional />
        <TextField name="bankName" label="收款银行" reply={reply} optional />
        <TextField name="bankAccount" label="收款账号" inputMode="numeric" autoComplete="off" reply={reply} optional />
        <Actions pinned>
          <Submit>保存</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
