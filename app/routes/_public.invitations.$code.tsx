import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { sessionHeader } from '~/http/session-cookie.server'
import { answerForm } from '~/trading/draw/draw.form.server'
import { answerBySession } from '~/trading/draw/draw-answer.server'
import { readInvitation } from '~/trading/draw/invitation.read.server'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { KeyValues } from '~/ui/KeyValues'
import { Actions } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '评标邀请 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'invitation.answer', (ctx, { code = '' }) => readInvitation(ctx, code))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'invitation.answer', answerForm, async (ctx, { code = '' }, input) => {
    const { lotId, started } = await answerBySession(ctx, { ...input, code })
    if (!lotId || !started) return redirect(`/invitations/${code}`)
    return redirect(paths.expertArrival(lotId), { headers: { 'set-cookie': sessionHeader(args, started) } })
  })

const accepted = {
  expert: '接受后请按时到场，携带身份证件；无正当理由缺席将记入考核。',
  representative: '接受后请按时到场，携带身份证件。',
}
const declined = { expert: '由系统按同一排序通知下一名专家。', representative: '由招标人另行指定。' }

export default function Invitation() {
  const { kind, city, at, hours, answerBy, stateText, answerable } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="评标邀请" meta="为保密起见，接受前只告知时间、城市和时长，不告知项目和投标人。">
      <ErrorSummary reply={reply} />
      <KeyValues
        items={[
          { label: '时间', value: <When at={at} /> },
          { label: '城市', value: city },
          { label: '预计时长', value: `${hours} 小时` },
          { label: '请于此前答复', value: <When at={answerBy} seconds /> },
        ]}
      />
      {answerable ? (
        <PostForm>
          <RadioField
            name="answer"
            label="是否参加"
            reply={reply}
            choices={[
              { value: 'accept', text: '参加', hint: accepted[kind] },
              { value: 'decline', text: '不能参加', hint: declined[kind] },
            ]}
          />
          <TextField name="reason" label="不能参加的原因" reply={reply} optional />
          <Actions pinned>
            <Submit>提交答复</Submit>
          </Actions>
        </PostForm>
      ) : (
        <Notice title="本邀请已有结果">{stateText}</Notice>
      )}
    </Page>
  )
}
