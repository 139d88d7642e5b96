import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { revocationInput } from '~/trading/expert/clearance.form.server'
import { readPenalty, revokePenalty } from '~/trading/expert/penalty.server'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { KeyValues } from '~/ui/KeyValues'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '撤销处罚记录 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'expert.manage', (ctx, { penaltyId = '' }) => readPenalty(ctx, penaltyId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.manage', revocationInput, async (ctx, { penaltyId: id = '' }, { reason }) => {
    await revokePenalty(ctx, { id, reason })
    return redirect(paths.expertPenalty(id))
  })

export default function RevokePenalty() {
  const { code, document, authority, decidedOn, revokedAt } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  const back = code ? paths.supervisorExpert(code) : paths.expertClearances
  return (
    <Page title="撤销处罚记录" back={back} backText={code ? `专家 ${code}` : '专家处理'} meta="由登记人以外的人员办理。">
      <ErrorSummary reply={reply} />
      <KeyValues
        items={[
          { label: '处罚机关', value: authority },
          { label: '决定书文号', value: document },
          { label: '决定日期', value: decidedOn },
          { label: '状态', value: revokedAt ? '已撤销' : '有效' },
        ]}
      />
      {revokedAt ? null : (
        <PostForm>
          <TextArea name="reason" label="撤销依据" hint="例如行政复议决定书、判决书文号，或者登记错误。" rows={3} reply={reply} />
          <Actions pinned>
            <Submit>撤销记录</Submit>
          </Actions>
        </PostForm>
      )}
    </Page>
  )
}
