import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { complaintExtensionForm } from '~/hall/complaint/complaint.form.server'
import { extendComplaint, readComplaint } from '~/hall/complaint/complaint.server'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Remark } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '延长答复期限 - 大厅工作台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'hall.handle', (ctx, { complaintId = '' }) => readComplaint(ctx, complaintId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'hall.handle', complaintExtensionForm, async (ctx, { complaintId = '' }, { reason }) => {
    await extendComplaint(ctx, { complaintId, reason })
    return redirect(paths.clerkComplaint(complaintId))
  })

export default function ExtendComplaint() {
  const row = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="延长答复期限" back={paths.clerkComplaint(row.id)} meta={row.number}>
      <ErrorSummary reply={reply} />
      <Remark>只能延长一次，延至收到之日起 15 个工作日；理由会告知投诉人。</Remark>
      <PostForm>
        <TextArea name="reason" label="延长理由" rows={3} maxLength={500} reply={reply} />
        <Actions pinned>
          <Submit>延长答复期限</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
