import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { ClearanceFacts } from '~/trading/expert/ClearanceTable'
import { clearanceDecisionForm } from '~/trading/expert/clearance.form.server'
import { readClearance } from '~/trading/expert/clearance.read.server'
import { decideClearance } from '~/trading/expert/clearance.server'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '决定处理 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'expert.manage', (ctx, { clearanceId = '' }) => readClearance(ctx, clearanceId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.manage', clearanceDecisionForm, async (ctx, { clearanceId: id = '' }, input) => {
    await decideClearance(ctx, { id, ...input })
    return redirect(paths.expertClearance(id))
  })

export default function Clearance() {
  const clearance = useLoaderData<typeof loader>()
  const { state, isMine, isDue } = clearance
  const reply = useFormReply()
  const wait = isMine ? '由提出人以外的人员决定。' : '陈述申辩期限未满，本人尚未提交陈述。'
  return (
    <Page title={`对专家 ${clearance.code} 的处理`} back={paths.expertClearances} backText="专家处理">
      <ErrorSummary reply={reply} />
      <ClearanceFacts clearance={clearance} />
      {state !== 'proposed' ? null : isMine || !isDue ? (
        <Notice title="您现在不能作出决定">{wait}</Notice>
      ) : (
        <Section title="决定">
          <PostForm>
            <RadioField
              name="carryOut"
              label="结论"
              reply={reply}
              choices={[
                { value: 'yes', text: '执行', hint: '立即生效并通知本人；暂停、清退的决定对外公开，本人可以申诉。' },
                { value: 'no', text: '不予处理', hint: '通知本人；同样的记分不再提出。' },
              ]}
            />
            <TextArea name="decision" label="决定的理由" hint="请勿写入个人隐私。" rows={3} reply={reply} />
            <Actions pinned>
              <Submit>提交决定</Submit>
            </Actions>
          </PostForm>
        </Section>
      )}
    </Page>
  )
}
