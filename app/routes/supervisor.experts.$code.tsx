import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { expertForm } from '~/trading/expert/expert.form.server'
import { changeExpert, readExpert } from '~/trading/expert/expert.server'
import { expertEventText, expertStateText } from '~/trading/expert/expert.text'
import { Submit } from '~/ui/Button'
import { SelectField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { KeyValues } from '~/ui/KeyValues'
import { Actions, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '专家 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.manage', (ctx, { code = '' }) => readExpert(ctx, code))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.manage', expertForm, async (ctx, { code = '' }, input) => {
    await changeExpert(ctx, { code, ...input })
    return redirect(paths.supervisorExpert(code))
  })

export default function ExpertPage() {
  const { code, disc, regionCode, employerName, state, events } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title={`专家 ${code}`} back={paths.supervisorExperts} backText="专家库">
      <ErrorSummary reply={reply} />
      <KeyValues
        items={[
          { label: '状态', value: expertStateText[state] },
          { label: '专业', value: disc.join('、') },
          { label: '地区', value: regionCode },
          { label: '工作单位', value: employerName },
        ]}
      />
      {events.length > 0 ? (
        <Section title="动态管理">
          <PostForm>
            <SelectField
              name="event"
              label="办理"
              reply={reply}
              choices={events.map(event => ({ value: event, text: expertEventText[event] }))}
            />
            <TextArea
              name="reason"
              label="原因"
              hint="暂停、清退的决定应当公开（发改法规规〔2022〕1117号）。"
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
