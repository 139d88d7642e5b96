import { type ActionFunctionArgs, redirect } from '@remix-run/node'
import { useFormReply } from '~/http/form-reply'
import { submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { revokeCertificate } from '~/platform/identity/certificate.server'
import { noFields } from '~/platform/identity/identity.form.server'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Page } from '~/ui/Page'

export const loader = () => redirect(paths.certificates)

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'certificate.manage', noFields, async (ctx, { fingerprint = '' }) => {
    await revokeCertificate(ctx, { fingerprint })
    return redirect(paths.certificates)
  })

export default function RevocationRefused() {
  return (
    <Page title="吊销证书" back={paths.certificates} backText="返回数字证书">
      <ErrorSummary reply={useFormReply()} />
    </Page>
  )
}
