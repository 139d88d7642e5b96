import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { ComplaintFacts } from '~/hall/complaint/ComplaintFacts'
import { complaintAnswerForm } from '~/hall/complaint/complaint.form.server'
import { answerComplaint, readComplaint } from '~/hall/complaint/complaint.server'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { LinkButton, Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '答复投诉 - 大厅工作台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'hall.handle', (ctx, { complaintId = '' }) => readComplaint(ctx, complaintId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'hall.handle', complaintAnswerForm, async (ctx, { complaintId = '' }, { text }) => {
    await answerComplaint(ctx, { complaintId, text })
    return redirect(paths.clerkComplaints)
  })

export default function AnswerComplaint() {
  const row = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title={row.number} back={paths.clerkComplaints}>
      <ErrorSummary reply={reply} />
      <ComplaintFacts row={row} />
      {row.state === 'answered' ? null : (
        <PostForm>
          <TextArea name="text" label="核实情况和答复" maxLength={2000} reply={reply} />
          <Actions pinned>
            <Submit>答复投诉</Submit>
            {row.isExtended ? null : <LinkButton to={paths.clerkComplaintExtension(row.id)}>延长答复期限</LinkButton>}
          </Actions>
        </PostForm>
      )}
    </Page>
  )
}
