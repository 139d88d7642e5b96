import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { confirmForm } from '~/platform/identity/identity.form.server'
import { roleText } from '~/platform/identity/identity.text'
import { endMembershipForm } from '~/platform/organisation/organisation.form.server'
import { readMember } from '~/platform/organisation/organisation.read.server'
import { endMembership } from '~/platform/organisation/organisation.server'
import { ConfirmTask } from '~/ui/ConfirmTask'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '停用成员 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'membership.manage', (ctx, params) => readMember(ctx, endMembershipForm.parse(params).membershipId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'membership.manage', confirmForm, async (ctx, params) => {
    await endMembership(ctx, endMembershipForm.parse(params))
    return redirect(paths.members)
  })

export default function EndMembership() {
  const { name, role } = useLoaderData<typeof loader>()
  return (
    <Page title="停用成员" back={paths.members} backText="返回机构成员">
      <ConfirmTask
        object={`${name}（${roleText[role]}）`}
        will={['该成员不能再以此角色办理；其登录和接口令牌立即失效。']}
        cannotUndo={['已经办理的事项仍记在该成员名下，不因停用而改变。']}
        act="停用成员"
        danger
        reply={useFormReply()}
      />
    </Page>
  )
}
