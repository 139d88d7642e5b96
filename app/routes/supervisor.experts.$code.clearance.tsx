import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { clearanceForm } from '~/trading/expert/clearance.form.server'
import { proposeClearance } from '~/trading/expert/clearance.server'
import { clearanceActText } from '~/trading/expert/expert.text'
import { readExpert } from '~/trading/expert/library.read.server'
import { Submit } from '~/ui/Button'
import { SelectField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea, TextField } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '提出处理 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.manage', (ctx, { code = '' }) => readExpert(ctx, code))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.manage', clearanceForm, async (ctx, { code = '' }, input) => {
    const { id } = await proposeClearance(ctx, { code, ...input })
    return redirect(paths.expertClearance(id))
  })

export default function ProposeClearance() {
  const { code, due, penalties } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  const standing = penalties.filter(penalty => !penalty.revokedAt)
  const choices = [
    ...due.map(({ points, rule }) => ({
      value: `rule ${rule.id}`,
      text: `${rule.act ? clearanceActText[rule.act] : ''}：记 ${points} 分，达到“${rule.name}”`,
    })),
    ...standing.map(({ id, document }) => ({ value: `penalty ${id}`, text: `清退：处罚记录 ${document}` })),
    ...Object.entries(clearanceActText).map(([act, text]) => ({ value: `act ${act}`, text: `${text}：其他事实` })),
  ]
  return (
    <Page
      title="提出处理"
      back={paths.supervisorExpert(code)}
      backText={`专家 ${code}`}
      meta="提出后通知本人，可在期限内陈述申辩；由另一人决定，决定前不改变状态。"
    >
      <ErrorSummary reply={reply} />
      <PostForm>
        <SelectField name="basis" label="处理和依据" choices={choices} reply={reply} />
        <TextField
          name="months"
          label="暂停期限"
          unit="月"
          hint="只在按其他事实暂停时填写；留空为不定期。"
          inputMode="numeric"
          reply={reply}
          optional
        />
        <TextArea name="reason" label="事实和理由" hint="将通知本人。" rows={4} reply={reply} />
        <Actions pinned>
          <Submit>提出并通知本人</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
