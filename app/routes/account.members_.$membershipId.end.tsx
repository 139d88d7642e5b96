import { type ActionFunctionArgs, redirect } from '@remix-run/node'
import { useFormReply } from '~/http/form-reply'
import { submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { noFields } from '~/platform/identity/identity.form.server'
import { endMembershipForm } from '~/platform/organisation/organisation.form.server'
import { endMembership } from '~/platform/organisation/organisation.server'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Page } from '~/ui/Page'

export const loader = () => redirect(paths.members)

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'membership.manage', noFields, async (ctx, params) => {
    await endMembership(ctx, endMembershipForm.parse(params))
    return redirect(paths.members)
  })

export default function EndRefused() {
  return (
    <Page title="停用成员" back={paths.members} backText="返回机构成员">
      <ErrorSummary reply={useFormReply()} />
    </Page>
  )
}
