import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { ApplicationFacts } from '~/trading/expert/ApplicationFacts'
import { readApplication } from '~/trading/expert/application.read.server'
import { decideApplication, noteLetter } from '~/trading/expert/application.server'
import { applicationDecisionForm } from '~/trading/expert/record.form.server'
import { LinkButton, Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { Hidden, PostForm } from '~/ui/PostForm'
import { TextArea, TextField } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '审核入库申请 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'expert.manage', (ctx, { applicationId = '' }) => readApplication(ctx, applicationId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.manage', applicationDecisionForm, async (ctx, { applicationId: id = '' }, input) => {
    if (input.step === 'letter') await noteLetter(ctx, { id, letter: input.letter })
    else await decideApplication(ctx, { id, admit: input.admit, reason: input.reason })
    return redirect(paths.expertApplication(id))
  })

export default function ReviewApplication() {
  const application = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title={`入库申请 ${application.code}`} back={paths.expertApplications} backText="入库申请">
      <ErrorSummary reply={reply} />
      <ApplicationFacts application={application} />
      <Actions>
        <LinkButton to={paths.supervisorExpert(application.code)}>专家档案</LinkButton>
      </Actions>
      {application.state === 'submitted' ? (
        <Section title="登记纸质推荐函">
          <PostForm>
            <Hidden name="step" value="letter" />
            <TextField name="letter" label="推荐函文号" hint="单位未在本平台注册时登记；登记人不得再作审核决定。" reply={reply} />
            <Actions>
              <Submit>登记推荐函</Submit>
            </Actions>
          </PostForm>
        </Section>
      ) : null}
      {application.state === 'recommended' ? (
        <Section title="审核决定">
          <PostForm>
            <Hidden name="step" value="decision" />
            <RadioField
              name="admit"
              label="决定"
              reply={reply}
              choices={[
                { value: 'yes', text: '同意入库' },
                { value: 'no', text: '不予入库', hint: '将通知本人并告知申诉权利。' },
              ]}
            />
            <TextArea name="reason" label="理由" rows={3} reply={reply} />
            <Actions pinned>
              <Submit>提交决定</Submit>
            </Actions>
          </PostForm>
        </Section>
      ) : null}
    </Page>
  )
}
