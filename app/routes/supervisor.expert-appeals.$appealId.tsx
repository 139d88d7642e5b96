import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { decideAppeal, readAppeal } from '~/trading/expert/appeal.server'
import { appealStateText, expertEventText } from '~/trading/expert/expert.text'
import { appealDecisionForm } from '~/trading/expert/record.form.server'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { KeyValues } from '~/ui/KeyValues'
import { Actions, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea } from '~/ui/TextField'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '处理申诉 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'expert.appeal', (ctx, { appealId = '' }) => readAppeal(ctx, appealId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.appeal', appealDecisionForm, async (ctx, { appealId: id = '' }, input) => {
    await decideAppeal(ctx, { id, ...input })
    return redirect(paths.expertAppeals)
  })

export default function Appeal() {
  const appeal = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title={`专家 ${appeal.code} 的申诉`} back={paths.expertAppeals} backText="专家申诉">
      <ErrorSummary reply={reply} />
      <KeyValues
        items={[
          { label: '状态', value: appealStateText[appeal.state] },
          { label: '原决定', value: expertEventText[appeal.against.event] },
          { label: '原决定理由', value: appeal.against.reason },
          { label: '申诉理由', value: appeal.text },
          { label: '提出时间', value: <When at={appeal.filedAt} /> },
          ...(appeal.decision ? [{ label: '处理意见', value: appeal.decision }] : []),
        ]}
      />
      {appeal.state === 'filed' ? (
        <Section title="处理">
          <PostForm>
            <RadioField
              name="uphold"
              label="结论"
              reply={reply}
              choices={[
                { value: 'yes', text: '申诉成立', hint: '撤销原决定，恢复原状态。' },
                { value: 'no', text: '申诉不成立' },
              ]}
            />
            <TextArea name="decision" label="处理意见" hint="将通知本人。" rows={3} reply={reply} />
            <Actions pinned>
              <Submit>提交处理意见</Submit>
            </Actions>
          </PostForm>
        </Section>
      ) : null}
    </Page>
  )
}
