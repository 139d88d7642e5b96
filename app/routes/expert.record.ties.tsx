import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { avoidKindText } from '~/trading/expert/expert.text'
import { changeEmployer, declareTie } from '~/trading/expert/own-record.server'
import { tiesForm } from '~/trading/expert/record.form.server'
import { Submit } from '~/ui/Button'
import { SelectField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { Hidden, PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'
import { DateField } from '~/ui/TimeField'

export const meta: MetaFunction = () => [{ title: '变更单位、申报回避 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.act', async () => null)

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.act', tiesForm, async (ctx, _params, input) => {
    if (input.step === 'tie') await declareTie(ctx, input.tie)
    else await changeEmployer(ctx, input.employer)
    return redirect(paths.expertRecord)
  })

export default function Ties() {
  const reply = useFormReply()
  const kinds = Object.entries(avoidKindText).map(([value, text]) => ({ value, text }))
  return (
    <Page title="变更单位、申报回避" back={paths.expertRecord} backText="我的专家档案">
      <ErrorSummary reply={reply} />
      <Section title="申报回避单位">
        <PostForm>
          <Hidden name="step" value="tie" />
          <TextField name="organisationName" label="应回避的单位" reply={reply} />
          <TextField name="creditCode" label="统一社会信用代码" maxLength={18} reply={reply} optional />
          <SelectField name="kind" label="关系" choices={kinds} reply={reply} />
          <TextField name="reason" label="说明" reply={reply} />
          <Actions>
            <Submit>申报</Submit>
          </Actions>
        </PostForm>
      </Section>
      <Section title="变更工作单位">
        <PostForm>
          <Hidden name="step" value="employer" />
          <TextField name="employerName" label="新单位" reply={reply} />
          <TextField name="employerCode" label="新单位统一社会信用代码" maxLength={18} reply={reply} optional />
          <DateField name="fromOn" label="到任日期" reply={reply} />
          <Actions>
            <Submit>变更单位</Submit>
          </Actions>
        </PostForm>
      </Section>
    </Page>
  )
}
