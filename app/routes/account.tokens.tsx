import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { tokenForm } from '~/platform/identity/identity.form.server'
import { readMe } from '~/platform/identity/me.server'
import { issueToken, listTokens } from '~/platform/identity/token.server'
import { Submit } from '~/ui/Button'
import { CheckField } from '~/ui/ChoiceField'
import { DataTable } from '~/ui/DataTable'
import { Disclosure } from '~/ui/Disclosure'
import { EmptyState } from '~/ui/EmptyState'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Code, ForReaders, Section } from '~/ui/layout'
import { Alert } from '~/ui/Notice'
import { Page } from '~/ui/Page'
import { PostButton, PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '接口令牌 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'token.manage', async ctx => ({ tokens: await listTokens(ctx), permissions: (await readMe(ctx)).permissions }))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'token.manage', tokenForm, async (ctx, _params, input) => data({ issued: (await issueToken(ctx, input)).token }))

export default function Tokens() {
  const { tokens, permissions } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  const answer = useActionData<typeof action>()
  return (
    <Page title="接口令牌" meta="供本机构的程序通过 /api/v1 办理；权限不超过当前身份，随身份失效。">
      <ErrorSummary reply={reply} />
      {answer && 'issued' in answer ? (
        <Alert kind="done" title="令牌已签发，只显示这一次">
          <Code>{answer.issued}</Code>
        </Alert>
      ) : null}
      <DataTable
        caption="已签发的令牌"
        rows={tokens}
        rowKey={token => token.id}
        empty={<EmptyState title="还没有令牌">签发后列在这里；令牌本身只显示一次，平台只保存其摘要。</EmptyState>}
        columns={[
          { head: '用途', rowHead: true, first: true, cell: token => token.label },
          { head: '权限', cell: token => token.scopes.join('、') || '当前身份的全部权限' },
          { head: '到期', cell: token => <When at={token.expiresAt} /> },
          {
            head: '状态',
            cell: token =>
              token.revokedAt ? (
                '已撤销'
              ) : (
                <PostButton link action={`/account/tokens/${token.id}/revocation`}>
                  撤销<ForReaders>{token.label}</ForReaders>
                </PostButton>
              ),
          },
        ]}
      />
      <Section title="签发令牌">
        <PostForm>
          <TextField name="label" label="用途" hint="例如：投标客户端。" reply={reply} />
          <TextField name="days" label="有效期" unit="日" inputMode="numeric" value="30" reply={reply} />
          <Disclosure summary="限定权限（不选则为当前身份的全部权限）">
            <CheckField
              name="scopes"
              label="权限"
              optional
              choices={permissions.map(value => ({ value, text: value }))}
              reply={reply}
            />
          </Disclosure>
          <Actions>
            <Submit>签发令牌</Submit>
          </Actions>
        </PostForm>
      </Section>
    </Page>
  )
}
