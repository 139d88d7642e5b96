import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { revocationInput } from '~/trading/expert/clearance.form.server'
import { readMark, revokeMark } from '~/trading/expert/mark.server'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { KeyValues } from '~/ui/KeyValues'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea } from '~/ui/TextField'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '撤销评价 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.manage', (ctx, { markId = '' }) => readMark(ctx, markId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.manage', revocationInput, async (ctx, { markId: id = '' }, { reason }) => {
    await revokeMark(ctx, { id, reason })
    return redirect(paths.expertMark(id))
  })

export default function RevokeMark() {
  const { code, rule, points, note, at, revokedAt } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page
      title="撤销评价"
      back={paths.supervisorExpert(code)}
      backText={`专家 ${code}`}
      meta="由作出评价以外的人员办理；撤销后不再计分。"
    >
      <ErrorSummary reply={reply} />
      <KeyValues
        items={[
          { label: '考核项目', value: `${rule}（记 ${points} 分）` },
          { label: '事实', value: note },
          { label: '时间', value: <When at={at} /> },
          { label: '状态', value: revokedAt ? '已撤销' : '有效' },
        ]}
      />
      {revokedAt ? null : (
        <PostForm>
          <TextArea name="reason" label="撤销理由" rows={3} reply={reply} />
          <Actions pinned>
            <Submit>撤销评价</Submit>
          </Actions>
        </PostForm>
      )}
    </Page>
  )
}
