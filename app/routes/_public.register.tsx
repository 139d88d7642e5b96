import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { onwardPath, paths } from '~/http/paths'
import { sessionHeader } from '~/http/session-cookie.server'
import { startSession } from '~/platform/identity/session.server'
import { registerForm } from '~/platform/organisation/organisation.form.server'
import { regionChoices, roleChoices } from '~/platform/organisation/organisation.read.server'
import { registerOrganisation } from '~/platform/organisation/organisation.server'
import { Submit } from '~/ui/Button'
import { CheckField, SelectField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { FieldGroup, PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '注册机构 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'organisation.register', async ctx => ({
    regions: regionChoices(),
    roles: roleChoices(ctx),
  }))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'organisation.register', registerForm, async (ctx, _params, input) => {
    const { personId } = await registerOrganisation(ctx, input)
    const started = await startSession(ctx, { personId })
    const onward = input.roles.length > 1 ? paths.memberships() : onwardPath(undefined, started.actor.role)
    return redirect(onward, { headers: { 'set-cookie': sessionHeader(args, started) } })
  })

export default function Register() {
  const { regions, roles } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page
      title="注册机构"
      back={paths.signIn()}
      backText="返回登录"
      meta="一个机构以统一社会信用代码只注册一次；其他人员由机构管理员添加。"
    >
      <ErrorSummary reply={reply} />
      <PostForm>
        <FieldGroup title="机构">
          <TextField
            name="creditCode"
            label="统一社会信用代码"
            hint="18 位，按 GB 32100—2015 校验。"
            maxLength={18}
            reply={reply}
          />
          <TextField name="name" label="单位名称" hint="与营业执照一致。" autoComplete="organization" reply={reply} />
          <SelectField name="regionCode" label="所在行政区划" choices={regions} reply={reply} />
          <TextField name="address" label="地址" autoComplete="street-address" reply={reply} />
          <TextField name="contact" label="联系人" reply={reply} />
          <TextField name="phone" label="联系电话" type="tel" inputMode="tel" reply={reply} />
          <CheckField name="roles" label="角色" hint="可选多项；登录后选择以哪个角色办理。" choices={roles} reply={reply} />
        </FieldGroup>
        <FieldGroup title="机构管理员">
          <TextField name="login" label="登录名" hint="3 至 64 位字母、数字或 . _ @ -" autoComplete="username" reply={reply} />
          <TextField name="adminName" label="姓名" autoComplete="name" reply={reply} />
          <TextField name="adminPhone" label="手机" type="tel" inputMode="tel" reply={reply} />
          <TextField name="password" label="密码" hint="至少 8 位。" type="password" autoComplete="new-password" reply={reply} />
          <TextField name="passwordAgain" label="再次输入密码" type="password" autoComplete="new-password" reply={reply} />
        </FieldGroup>
        <Actions pinned>
          <Submit>注册机构</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
