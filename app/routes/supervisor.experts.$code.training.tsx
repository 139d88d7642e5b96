import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useParams } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { noteTraining } from '~/trading/expert/mark.server'
import { trainingForm } from '~/trading/expert/record.form.server'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'
import { DateField } from '~/ui/TimeField'

export const meta: MetaFunction = () => [{ title: '登记培训 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.manage', async () => null)

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.manage', trainingForm, async (ctx, { code = '' }, input) => {
    await noteTraining(ctx, { code, ...input })
    return redirect(paths.supervisorExpert(code))
  })

export default function Training() {
  const { code = '' } = useParams()
  const reply = useFormReply()
  return (
    <Page title="登记培训" back={paths.supervisorExpert(code)} backText={`专家 ${code}`}>
      <ErrorSummary reply={reply} />
      <PostForm>
        <TextField name="name" label="课程" reply={reply} />
        <DateField name="onDay" label="日期" reply={reply} />
        <TextField name="hours" label="学时" inputMode="numeric" reply={reply} />
        <RadioField
          name="passed"
          label="结果"
          choices={[
            { value: 'yes', text: '合格' },
            { value: 'no', text: '不合格' },
          ]}
          reply={reply}
        />
        <Actions pinned>
          <Submit>登记</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
