import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { readCase } from '~/hall/case/case.read.server'
import { complaintForm } from '~/hall/complaint/complaint.form.server'
import { fileComplaint } from '~/hall/complaint/complaint.server'
import { complaintKindText } from '~/hall/complaint/complaint.text'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Remark } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '投诉 - 我的办件' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'hall.apply', (ctx, { caseId = '' }) => readCase(ctx, caseId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'hall.apply', complaintForm, async (ctx, { caseId = '' }, input) => {
    await fileComplaint(ctx, { caseId, ...input })
    return redirect(paths.hallCases)
  })

const choices = (['delay', 'conduct', 'extra-materials', 'several-trips'] as const).map(value => ({
  value,
  text: complaintKindText[value],
}))

export default function Complaint() {
  const row = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="投诉" back={paths.hallCase(row.id)} meta={`${row.item.name} · ${row.number}`}>
      <ErrorSummary reply={reply} />
      <PostForm>
        <RadioField name="kind" label="投诉类别" choices={choices} reply={reply} />
        <TextArea name="text" label="投诉内容" hint="写明时间、经过和要求" maxLength={2000} reply={reply} />
        <Remark>
          由未经手本件的人员核实，3 个工作日内答复；情况复杂的告知理由后延长，最长 15
          个工作日。已进入或依法应通过诉讼、仲裁、行政复议、信访处理的事项不在此受理。
        </Remark>
        <Actions pinned>
          <Submit>提交投诉</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
