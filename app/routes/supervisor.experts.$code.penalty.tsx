import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useParams } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { penaltyForm } from '~/trading/expert/clearance.form.server'
import { penaltyKindText } from '~/trading/expert/expert.text'
import { notePenalty } from '~/trading/expert/penalty.server'
import { formerlyPunished } from '~/trading/rules/punished'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea, TextField } from '~/ui/TextField'
import { DateField } from '~/ui/TimeField'

export const meta: MetaFunction = () => [{ title: '登记处罚 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.manage', async () => null)

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.manage', penaltyForm, async (ctx, { code = '' }, input) => {
    await notePenalty(ctx, { code, ...input })
    return redirect(paths.supervisorExpert(code))
  })

export default function NotePenalty() {
  const { code = '' } = useParams()
  const reply = useFormReply()
  return (
    <Page
      title="登记处罚"
      back={paths.supervisorExpert(code)}
      backText={`专家 ${code}`}
      meta={`曾因招标投标活动中的违法行为受过处罚的，不得进入评标委员会（${formerlyPunished.article}）。登记后立即不再抽取。`}
    >
      <ErrorSummary reply={reply} />
      <PostForm>
        <RadioField
          name="kind"
          label="处罚种类"
          choices={Object.entries(penaltyKindText).map(([value, text]) => ({ value, text }))}
          reply={reply}
        />
        <TextField name="authority" label="处罚机关" reply={reply} />
        <TextField name="document" label="决定书文号" reply={reply} />
        <DateField name="decidedOn" label="决定日期" reply={reply} />
        <TextArea name="facts" label="违法事实" rows={3} reply={reply} />
        <Actions pinned>
          <Submit>登记</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
