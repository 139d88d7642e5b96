import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { withdrawalPageForm } from '~/hall/case/case.form.server'
import { readCase } from '~/hall/case/case.read.server'
import { withdrawCase } from '~/hall/case/case.server'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { ConfirmTask } from '~/ui/ConfirmTask'
import { Page } from '~/ui/Page'
import { TextArea } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '撤回申请 - 我的办件' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'hall.apply', (ctx, { caseId = '' }) => readCase(ctx, caseId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'hall.apply', withdrawalPageForm, async (ctx, { caseId = '' }, { text }) => {
    await withdrawCase(ctx, { caseId, text })
    return redirect(paths.hallCase(caseId))
  })

export default function Withdrawal() {
  const row = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="撤回申请" back={paths.hallCase(row.id)}>
      <ConfirmTask
        object={`${row.item.name}（${row.number}）`}
        act="撤回申请"
        danger
        will={['办理立即终止，出具撤件单', '已提交的材料仍按规定留存备查']}
        cannotUndo={['撤回后不能恢复，如仍需办理须重新申请，期限重新计算']}
        reply={reply}
      >
        <TextArea name="text" label="撤回原因" rows={3} maxLength={500} optional reply={reply} />
      </ConfirmTask>
    </Page>
  )
}
