import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { onwardPath, paths } from '~/http/paths'
import { sessionHeader } from '~/http/session-cookie.server'
import { signInByCertificate } from '~/platform/identity/challenge.server'
import { certificateSignInForm } from '~/platform/identity/identity.form.server'
import { LinkButton } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '数字证书登录 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'session.start', async () => null)

/** Where the signed challenge of the sign-in page arrives. */
export const action = (args: ActionFunctionArgs) =>
  submit(args, 'session.start', certificateSignInForm, async (ctx, _params, input) => {
    const { started, choices } = await signInByCertificate(ctx, input)
    const onward = choices > 1 ? paths.memberships(input.next) : onwardPath(input.next, started.actor.role)
    return redirect(onward, { headers: { 'set-cookie': sessionHeader(args, started) } })
  })

export default function CertificateRefused() {
  const reply = useFormReply()
  return (
    <Page title="数字证书登录" back={paths.signIn()} backText="返回登录">
      <ErrorSummary reply={reply} />
      <Actions>
        <LinkButton to={paths.signIn()}>重新登录</LinkButton>
      </Actions>
    </Page>
  )
}
