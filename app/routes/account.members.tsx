import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { personOf } from '~/platform/identity/authorise.server'
import { roleText } from '~/platform/identity/identity.text'
import { memberForm } from '~/platform/organisation/organisation.form.server'
import { isAdministrator, listMembers, readOrganisation } from '~/platform/organisation/organisation.read.server'
import { addMember } from '~/platform/organisation/organisation.server'
import { Submit } from '~/ui/Button'
import { CheckField, SelectField } from '~/ui/ChoiceField'
import { DataTable } from '~/ui/DataTable'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, ForReaders, Remark, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '机构成员 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'membership.manage', async ctx => {
    const organisation = await readOrganisation(ctx, personOf(ctx).organisationId)
    const roles = organisation.roles.map(role => ({ value: role, text: roleText[role] }))
    return { name: organisation.name, roles, members: await listMembers(ctx), isAdmin: await isAdministrator(ctx) }
  })

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'membership.manage', memberForm, async (ctx, _params, input) => {
    await addMember(ctx, input)
    return redirect(paths.members)
  })

export default function Members() {
  const { name, roles, members, isAdmin } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="机构成员" meta={name}>
      <ErrorSummary reply={reply} />
      <DataTable
        caption="成员"
        rows={members}
        rowKey={member => member.membershipId}
        columns={[
          { head: '姓名', rowHead: true, first: true, cell: member => member.name },
          { head: '登录名', cell: member => member.login },
          { head: '角色', cell: member => roleText[member.role] },
          { head: '管理员', cell: member => (member.isAdmin ? '是' : '否') },
          {
            head: '办理',
            cell: member =>
              isAdmin ? (
                <Link to={paths.endMember(member.membershipId)}>
                  停用<ForReaders>{`${member.name}的${roleText[member.role]}角色`}</ForReaders>
                </Link>
              ) : (
                '—'
              ),
          },
        ]}
      />
      {isAdmin ? (
        <Section title="添加成员">
          <PostForm>
            <TextField name="login" label="登录名" hint="3 至 64 位字母、数字或 . _ @ -" autoComplete="off" reply={reply} />
            <TextField name="name" label="姓名" reply={reply} />
            <TextField name="phone" label="手机" type="tel" inputMode="tel" reply={reply} />
            <TextField
              name="password"
              label="初始密码"
              hint="至少 8 位，由成员登录后自行更改。"
              type="password"
              autoComplete="new-password"
              reply={reply}
            />
            <SelectField name="role" label="角色" choices={roles} reply={reply} />
            <CheckField
              name="isAdmin"
              label="管理"
              optional
              choices={[{ value: 'yes', text: '同时为机构管理员' }]}
              reply={reply}
            />
            <Actions>
              <Submit>添加成员</Submit>
            </Actions>
          </PostForm>
        </Section>
      ) : (
        <Remark>添加或停用成员由机构管理员办理。</Remark>
      )}
    </Page>
  )
}
