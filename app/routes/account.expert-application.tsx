import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { sessionHeader } from '~/http/session-cookie.server'
import { startSession } from '~/platform/identity/session.server'
import { ApplicationFacts } from '~/trading/expert/ApplicationFacts'
import { ApplicationFields, NextStep } from '~/trading/expert/ApplicationFields'
import { fileAppeal } from '~/trading/expert/appeal.server'
import { applicationSteps } from '~/trading/expert/application.form.server'
import { readOwnApplication } from '~/trading/expert/application.read.server'
import { admittedAccount, applyToLibrary, withdrawApplication } from '~/trading/expert/application.server'
import { listSpecialties } from '~/trading/expert/specialty.read.server'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Bullets, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { Hidden, PostForm } from '~/ui/PostForm'

export const meta: MetaFunction = () => [{ title: '申请成为评标专家 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'expert.apply', async ctx => ({
    application: await readOwnApplication(ctx),
    specialties: await listSpecialties(ctx),
  }))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.apply', applicationSteps, async (ctx, _params, input) => {
    if (input.step === 'apply') await applyToLibrary(ctx, input.application)
    if (input.step === 'withdraw') await withdrawApplication(ctx, { id: input.id })
    if (input.step === 'appeal') await fileAppeal(ctx, { eventId: input.id, text: input.text })
    if (input.step !== 'enter') return redirect(paths.applyAsExpert)
    const started = await startSession(ctx, await admittedAccount(ctx))
    return redirect(paths.expertRecord, { headers: { 'set-cookie': sessionHeader(args, started) } })
  })

export default function Apply() {
  const { application, specialties } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  const mayApply = !application || ['declined', 'refused', 'withdrawn'].includes(application.state)
  return (
    <Page title="申请成为评标专家" meta="个人申请、单位推荐、专家库审核（《评标专家和评标专家库管理办法》第六条）。">
      <ErrorSummary reply={reply} />
      {application ? (
        <Section title={`我的申请 ${application.code}`}>
          <ApplicationFacts application={application} name={application.name} />
          <NextStep application={application} reply={reply} />
        </Section>
      ) : null}
      {mayApply ? (
        <Section title="填写申请">
          <Bullets
            items={[
              '从事相关领域工作满八年并具有高级职称或者具有同等专业水平（《招标投标法》第三十七条）。',
              '姓名、证件号码、手机和银行账号加密保存，只用于通知、核对身份和支付报酬，每次查看您都能看到记录。',
            ]}
          />
          <PostForm>
            <Hidden name="step" value="apply" />
            <ApplicationFields specialties={specialties} reply={reply} />
            <Actions pinned>
              <Submit>提交申请</Submit>
            </Actions>
          </PostForm>
        </Section>
      ) : null}
    </Page>
  )
}
