import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { CaseLimit } from '~/hall/case/CaseFacts'
import { CaseMaterials } from '~/hall/case/CaseSteps'
import { acceptanceForm } from '~/hall/case/case.form.server'
import { readCase } from '~/hall/case/case.read.server'
import { answerCase } from '~/hall/case/handle-case.server'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '答复是否受理 - 大厅工作台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'hall.handle', (ctx, { caseId = '' }) => readCase(ctx, caseId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'hall.handle', acceptanceForm, async (ctx, { caseId = '' }, input) => {
    await answerCase(ctx, { caseId, ...input })
    return redirect(paths.clerkCase(caseId))
  })

const choices = [
  { value: 'accept', text: '受理', hint: '材料齐全、符合法定形式；出具受理通知书，期限自次日起算' },
  { value: 'correct', text: '一次性告知补正', hint: '每件只能告知一次，须列明全部内容' },
  { value: 'refuse', text: '不予受理', hint: '依法不需要许可或不属于本机关职权；须说明理由和依据' },
]

export default function Acceptance() {
  const row = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page
      title="答复是否受理"
      back={paths.clerkCase(row.id)}
      meta={`${row.item.name} · ${row.number} · 申请人 ${row.applicant.name}`}
    >
      <ErrorSummary reply={reply} />
      <CaseLimit row={row} />
      <CaseMaterials row={row} />
      <PostForm>
        <RadioField name="decision" label="受理决定（《行政许可法》第三十二条）" choices={choices} reply={reply} />
        <TextArea
          name="text"
          label="告知内容、理由或说明"
          hint="写入通知书并发给申请人；受理时可不填"
          optional
          maxLength={2000}
          reply={reply}
        />
        <Actions pinned>
          <Submit>出具通知书</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
