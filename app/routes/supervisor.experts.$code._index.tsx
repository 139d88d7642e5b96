import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { ClearanceTable } from '~/trading/expert/ClearanceTable'
import { AssessmentTables, ExpertEvents, ExpertFacts, ExpertTies, PenaltyTable } from '~/trading/expert/ExpertRecord'
import { changeExpert } from '~/trading/expert/expert.server'
import { clearanceActText, expertEventText, expertStateText } from '~/trading/expert/expert.text'
import { readExpert } from '~/trading/expert/library.read.server'
import { keeperForm } from '~/trading/expert/record.form.server'
import { LinkButton, Submit } from '~/ui/Button'
import { SelectField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { Tag } from '~/ui/Tag'
import { TextArea, TextField } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '专家 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.manage', (ctx, { code = '' }) => readExpert(ctx, code))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.manage', keeperForm, async (ctx, { code = '' }, input) => {
    await changeExpert(ctx, { code, ...input })
    return redirect(paths.supervisorExpert(code))
  })

export default function ExpertPage() {
  const record = useLoaderData<typeof loader>()
  const { code, state, may, due } = record
  const reply = useFormReply()
  return (
    <Page
      title={`专家 ${code}`}
      back={paths.supervisorExperts}
      backText="专家库"
      tag={<Tag tone={state === 'active' ? 'done' : 'warn'}>{expertStateText[state]}</Tag>}
    >
      <ErrorSummary reply={reply} />
      {due.map(({ points, rule }) => (
        <Notice
          key={rule.id}
          kind="warn"
          title={`累计记 ${points} 分，达到“${rule.name}”：${rule.act ? clearanceActText[rule.act] : ''}`}
        >
          依据：{rule.source}。由一人提出处理、另一人决定，当事人可以陈述申辩和申诉。
        </Notice>
      ))}
      <ExpertFacts record={record} />
      <Actions>
        <LinkButton to={paths.supervisorExpertIdentity(code)}>查看身份信息（留痕）</LinkButton>
        <LinkButton to={paths.supervisorExpertTraining(code)}>登记培训</LinkButton>
        <LinkButton to={paths.supervisorExpertPart(code, 'penalty')}>登记处罚</LinkButton>
        <LinkButton to={paths.supervisorExpertPart(code, 'clearance')}>提出处理</LinkButton>
      </Actions>
      <ExpertTies record={record} />
      <AssessmentTables record={record} toMark={paths.expertMark} />
      <Section title="处理和处罚">
        <ClearanceTable rows={record.clearances} to={paths.expertClearance} />
        <PenaltyTable rows={record.penalties} to={paths.expertPenalty} />
      </Section>
      <ExpertEvents record={record} />
      {may.length > 0 ? (
        <Section title="动态管理">
          <PostForm>
            <SelectField
              name="event"
              label="办理"
              reply={reply}
              choices={may.map(event => ({ value: event, text: expertEventText[event] }))}
            />
            <TextField
              name="months"
              label="暂停期限"
              unit="月"
              hint="只在暂停时填写；留空为不定期。"
              inputMode="numeric"
              reply={reply}
              optional
            />
            <TextArea
              name="reason"
              label="原因"
              hint="将通知本人并告知申诉权利；暂停、清退的决定对外公开（发改法规规〔2022〕1117号），请勿写入个人隐私。"
              rows={3}
              reply={reply}
            />
            <Actions pinned>
              <Submit>提交</Submit>
            </Actions>
          </PostForm>
        </Section>
      ) : null}
    </Page>
  )
}
