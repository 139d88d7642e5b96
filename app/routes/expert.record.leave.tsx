import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { weekdayText } from '~/trading/expert/expert.text'
import { cancelLeave, readCalendarOf, setWeekdays, takeLeave } from '~/trading/expert/own-record.server'
import { leaveForm } from '~/trading/expert/record.form.server'
import { Submit } from '~/ui/Button'
import { CheckField } from '~/ui/ChoiceField'
import { DataTable } from '~/ui/DataTable'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { Hidden, PostButton, PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'
import { TimeField } from '~/ui/TimeField'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '请假与可评标日 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.act', ctx => readCalendarOf(ctx))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.act', leaveForm, async (ctx, _params, input) => {
    if (input.step === 'leave') await takeLeave(ctx, input)
    if (input.step === 'cancel') await cancelLeave(ctx, input)
    if (input.step === 'days') await setWeekdays(ctx, input)
    return redirect(paths.expertRecordPart('leave'))
  })

export default function Leave() {
  const { leaves, weekdays } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  const chosen = weekdayText.flatMap((_, day) => (weekdays & (1 << day) ? [String(day)] : []))
  return (
    <Page
      title="请假与可评标日"
      back={paths.expertRecord}
      backText="我的专家档案"
      meta="请假期间和不可评标日不会抽到您；已接受的评标不受影响。"
    >
      <ErrorSummary reply={reply} />
      <DataTable
        caption="请假"
        rows={leaves}
        rowKey={row => row.id}
        columns={[
          { head: '起', cell: row => <When at={row.fromAt} />, rowHead: true },
          { head: '止', cell: row => <When at={row.untilAt} /> },
          { head: '说明', cell: row => row.note || '—' },
          {
            head: '办理',
            cell: row => (
              <PostButton values={{ step: 'cancel', id: row.id }} link>
                撤销请假
              </PostButton>
            ),
          },
        ]}
      />
      <Section title="请假">
        <PostForm>
          <Hidden name="step" value="leave" />
          <TimeField name="fromAt" label="起" reply={reply} />
          <TimeField name="untilAt" label="止" reply={reply} />
          <TextField name="note" label="说明" reply={reply} optional />
          <Actions>
            <Submit>提交请假</Submit>
          </Actions>
        </PostForm>
      </Section>
      <Section title="可评标日">
        <PostForm>
          <Hidden name="step" value="days" />
          <CheckField
            name="days"
            label="每周可以参加评标的日子"
            values={chosen}
            choices={weekdayText.map((text, day) => ({ value: String(day), text }))}
            reply={reply}
          />
          <Actions>
            <Submit>保存可评标日</Submit>
          </Actions>
        </PostForm>
      </Section>
    </Page>
  )
}
