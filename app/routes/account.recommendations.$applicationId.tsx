import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { ApplicationFacts } from '~/trading/expert/ApplicationFacts'
import { readToRecommend } from '~/trading/expert/application.read.server'
import { recommend } from '~/trading/expert/application.server'
import { recommendationForm } from '~/trading/expert/record.form.server'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '出具推荐意见 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'expert.recommend', (ctx, { applicationId = '' }) => readToRecommend(ctx, { id: applicationId }))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.recommend', recommendationForm, async (ctx, { applicationId: id = '' }, input) => {
    await recommend(ctx, { id, ...input })
    return redirect(paths.recommendations)
  })

export default function Recommendation() {
  const application = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="出具推荐意见" back={paths.recommendations} backText="专家推荐" meta="您的这次查看已记录，申请人可以看到。">
      <ErrorSummary reply={reply} />
      <ApplicationFacts application={application} name={application.name} />
      {application.state === 'submitted' ? (
        <Section title="单位意见">
          <PostForm>
            <RadioField
              name="agree"
              label="意见"
              reply={reply}
              choices={[
                { value: 'yes', text: '同意推荐' },
                { value: 'no', text: '不予推荐' },
              ]}
            />
            <TextArea name="text" label="说明" rows={3} reply={reply} />
            <Actions pinned>
              <Submit>提交意见</Submit>
            </Actions>
          </PostForm>
        </Section>
      ) : null}
    </Page>
  )
}
