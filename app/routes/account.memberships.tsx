import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData, useSearchParams } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { onwardPath } from '~/http/paths'
import { sessionHeader } from '~/http/session-cookie.server'
import { membershipForm } from '~/platform/identity/identity.form.server'
import { roleText } from '~/platform/identity/identity.text'
import { readMe } from '~/platform/identity/me.server'
import { switchMembership } from '~/platform/identity/session.server'
import { DataTable } from '~/ui/DataTable'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Page } from '~/ui/Page'
import { PostButton } from '~/ui/PostForm'
import { Tag } from '~/ui/Tag'

export const meta: MetaFunction = () => [{ title: '切换身份 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'me.read', ctx => readMe(ctx))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'session.switch', membershipForm, async (ctx, _params, { membershipId, next }) => {
    const started = await switchMembership(ctx, { token: args.context.sessionToken, membershipId })
    return redirect(onwardPath(next, started.actor.role), { headers: { 'set-cookie': sessionHeader(args, started) } })
  })

export default function Memberships() {
  const me = useLoaderData<typeof loader>()
  const reply = useFormReply()
  const [params] = useSearchParams()
  return (
    <Page title="选择身份" meta="一人可有多个身份；每次只以一个身份办理，日志按该身份记录。">
      <ErrorSummary reply={reply} />
      <DataTable
        caption="我的身份"
        rows={me.memberships}
        rowKey={row => row.id}
        columns={[
          { head: '机构', rowHead: true, first: true, cell: row => row.organisationName },
          { head: '角色', cell: row => roleText[row.role] },
          {
            head: '办理',
            cell: row =>
              row.id === me.membershipId ? (
                <Tag tone="active">当前身份</Tag>
              ) : (
                <PostButton link values={{ membershipId: row.id, next: params.get('next') ?? '' }}>
                  以{roleText[row.role]}身份继续
                </PostButton>
              ),
          },
        ]}
      />
    </Page>
  )
}
