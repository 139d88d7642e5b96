import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { CaseMaterials } from '~/hall/case/CaseSteps'
import { decisionPageForm } from '~/hall/case/case.form.server'
import { readCase } from '~/hall/case/case.read.server'
import { decideCase } from '~/hall/case/handle-case.server'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { RadioField } from '~/ui/ChoiceField'
import { ConfirmTask } from '~/ui/ConfirmTask'
import { Page } from '~/ui/Page'
import { TextArea } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '作出审批决定 - 大厅工作台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'hall.handle', (ctx, { caseId = '' }) => readCase(ctx, caseId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'hall.handle', decisionPageForm, async (ctx, { caseId = '' }, { approve, text }) => {
    await decideCase(ctx, { caseId, approve, text })
    return redirect(paths.clerkCase(caseId))
  })

const choices = [
  { value: 'true', text: '准予' },
  { value: 'false', text: '不予许可', hint: '须写明事实、理由和依据；复议与诉讼途径由系统写入决定书' },
]

export default function Decision() {
  const row = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page
      title="作出审批决定"
      back={paths.clerkCase(row.id)}
      meta={`${row.item.name} · ${row.number} · 申请人 ${row.applicant.name}`}
    >
      <CaseMaterials row={row} />
      <ConfirmTask
        object={row.number}
        act="作出审批决定"
        will={['出具决定书并以短信告知申请人', '决定写入平台日志，可供核验']}
        cannotUndo={['决定作出后不能在本页更改或撤销', '受理人员不能作出决定，须由另一人办理']}
        reply={reply}
      >
        <RadioField name="approve" label="审批决定" choices={choices} reply={reply} />
        <TextArea name="text" label="审查意见或理由" hint="准予时可不填" optional maxLength={2000} reply={reply} />
      </ConfirmTask>
    </Page>
  )
}
