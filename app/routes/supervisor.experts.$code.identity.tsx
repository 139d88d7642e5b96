import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { Engagements, Identity } from '~/trading/expert/ExpertIdentity'
import { lookAt } from '~/trading/expert/library.read.server'
import { lookInput } from '~/trading/expert/record.form.server'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '专家身份信息 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.look', async (_ctx, { code = '' }) => ({ code }))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.look', lookInput, async (ctx, { code = '' }, { purpose }) =>
    // What is shown once is not kept by any cache.
    data({ seen: await lookAt(ctx, { code, purpose }) }, { headers: { 'cache-control': 'no-store' } }),
  )

export default function ExpertIdentity() {
  const { code } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const seen = answer && 'seen' in answer ? answer.seen : null
  const reply = useFormReply()
  return (
    <Page
      title={`专家 ${code} 的身份信息`}
      back={paths.supervisorExpert(code)}
      backText={`专家 ${code}`}
      meta="只用于通知、核对身份和支付报酬。每次查看写入日志，本人可以看到查看人、时间和用途。"
    >
      <ErrorSummary reply={reply} />
      {seen ? (
        <>
          <Section title="身份信息">
            <Identity person={seen} />
          </Section>
          <Section title="评标经历（结果已公布的）">
            <Engagements rows={seen.engagements} />
          </Section>
        </>
      ) : (
        <PostForm>
          <TextField name="purpose" label="查看用途" hint="例如：核对第 3 批名单中的重名。" reply={reply} />
          <Actions>
            <Submit>查看并留痕</Submit>
          </Actions>
        </PostForm>
      )}
    </Page>
  )
}
