import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData, useSearchParams } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { changePassword } from '~/platform/identity/account.server'
import { passwordForm } from '~/platform/identity/identity.form.server'
import { roleText } from '~/platform/identity/identity.text'
import { readMe } from '~/platform/identity/me.server'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { KeyValues } from '~/ui/KeyValues'
import { Actions, Section } from '~/ui/layout'
import { Alert } from '~/ui/Notice'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '账户 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'me.read', ctx => readMe(ctx))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'account.manage', passwordForm, async (ctx, _params, { current, next }) => {
    await changePassword(ctx, { current, next, token: args.context.sessionToken })
    return redirect(`${paths.account}?changed=1`)
  })

export default function AccountPage() {
  const me = useLoaderData<typeof loader>()
  const reply = useFormReply()
  const [params] = useSearchParams()
  return (
    <Page title="账户" meta={`${me.organisation.name} · ${roleText[me.role]}`}>
      <ErrorSummary reply={reply} />
      {params.has('changed') && !reply ? (
        <Alert kind="done" title="密码已更改">
          其他设备上的登录已全部退出。
        </Alert>
      ) : null}
      <KeyValues
        items={[
          { label: '姓名', value: me.name },
          { label: '机构', value: me.organisation.name },
          { label: '统一社会信用代码', value: me.organisation.creditCode },
          { label: '角色', value: roleText[me.role], change: paths.memberships() },
        ]}
      />
      <Section title="更改密码">
        <PostForm>
          <TextField name="current" label="当前密码" type="password" autoComplete="current-password" reply={reply} />
          <TextField name="next" label="新密码" hint="至少 8 位。" type="password" autoComplete="new-password" reply={reply} />
          <TextField name="again" label="再次输入新密码" type="password" autoComplete="new-password" reply={reply} />
          <Actions>
            <Submit>更改密码</Submit>
          </Actions>
        </PostForm>
      </Section>
    </Page>
  )
}
