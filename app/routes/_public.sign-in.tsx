import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { onwardPath, paths } from '~/http/paths'
import { sessionHeader } from '~/http/session-cookie.server'
import { CertificateSignIn } from '~/platform/identity/CertificateSignIn'
import { DemoAccounts } from '~/platform/identity/DemoAccounts'
import { listDemoAccounts } from '~/platform/identity/demo.server'
import { signInForm } from '~/platform/identity/identity.form.server'
import { signInByPassword } from '~/platform/identity/sign-in.server'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Columns, Remark, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { Hidden, PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '登录 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'session.start', async (ctx, _params, url) => ({
    next: url.searchParams.get('next') ?? '',
    demo: await listDemoAccounts(ctx),
  }))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'session.start', signInForm, async (ctx, _params, input) => {
    const { started, choices } = await signInByPassword(ctx, input)
    const onward = choices > 1 ? paths.memberships(input.next) : onwardPath(input.next, started.actor.role)
    return redirect(onward, { headers: { 'set-cookie': sessionHeader(args, started) } })
  })

export default function SignIn() {
  const { next, demo } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="登录" meta="可用密码或数字证书登录；连续五次输错密码，账号锁定 15 分钟。">
      <ErrorSummary reply={reply} />
      <Columns>
        <Section title="密码登录">
          <PostForm>
            <Hidden name="next" value={next} />
            <TextField name="login" label="登录名" autoComplete="username" reply={reply} />
            <TextField name="password" label="密码" type="password" autoComplete="current-password" reply={reply} />
            <Actions>
              <Submit>登录</Submit>
              <Link to={paths.register}>注册机构</Link>
              {demo.length > 0 ? <a href="#demo">用演练账号登录</a> : null}
            </Actions>
          </PostForm>
        </Section>
        <Section title="数字证书登录">
          <CertificateSignIn next={next} />
        </Section>
      </Columns>
      {demo.length > 0 ? (
        <Section title="演练账号" id="demo">
          <Remark>
            演练环境中，任何人都可以用下列账号扮演一方。无人扮演的一方由演示程序代为办理；您登录后，该方由您办理。全部账号与 .p12
            证书文件的密码均为 <code>demo-2026</code>。
          </Remark>
          <DemoAccounts accounts={demo} next={next} />
        </Section>
      ) : null}
    </Page>
  )
}
