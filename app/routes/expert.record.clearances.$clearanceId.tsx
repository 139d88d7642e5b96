import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { ClearanceFacts } from '~/trading/expert/ClearanceTable'
import { statementInput } from '~/trading/expert/clearance.form.server'
import { readOwnClearance } from '~/trading/expert/clearance.read.server'
import { stateCase } from '~/trading/expert/clearance.server'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '陈述申辩 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'expert.act', (ctx, { clearanceId = '' }) => readOwnClearance(ctx, clearanceId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.act', statementInput, async (ctx, { clearanceId: id = '' }, { text }) => {
    await stateCase(ctx, { id, text })
    return redirect(paths.expertOwnClearance(id))
  })

export default function StateCase() {
  const clearance = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="陈述申辩" back={paths.expertRecord} backText="我的专家档案" meta="由提出人以外的人员听取后决定。">
      <ErrorSummary reply={reply} />
      <ClearanceFacts clearance={clearance} />
      {clearance.state === 'proposed' && !clearance.statedAt ? (
        <PostForm>
          <TextArea name="text" label="陈述申辩意见" hint="只能提交一次；提交后可能提前作出决定。" rows={6} reply={reply} />
          <Actions pinned>
            <Submit>提交陈述申辩</Submit>
          </Actions>
        </PostForm>
      ) : null}
    </Page>
  )
}
