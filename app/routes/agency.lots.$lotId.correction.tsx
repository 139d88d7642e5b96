import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { correctionForm } from '~/trading/notice/notice.form.server'
import { publishCorrection } from '~/trading/notice/notice.server'
import { readCorrectionForm } from '~/trading/notice/notice-form.read.server'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea, TextField } from '~/ui/TextField'
import { TimeField } from '~/ui/TimeField'

export const meta: MetaFunction = () => [{ title: '发布变更公告 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'notice.publish', (ctx, { lotId = '' }) => readCorrectionForm(ctx, lotId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'notice.publish', correctionForm, async (ctx, { lotId = '' }, input) => {
    const { id } = await publishCorrection(ctx, { lotId, ...input })
    return redirect(paths.notice(id))
  })

const effects = [
  { value: 'yes', text: '可能影响投标文件编制', hint: '距投标截止不足法定时间的，应当顺延投标截止时间。' },
  { value: 'no', text: '不影响投标文件编制' },
]

export default function PublishCorrection() {
  const { lot, title, local, explain } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="发布变更公告" back={paths.agencyLot(lot.id)} backText={lot.name} meta={lot.code}>
      <ErrorSummary reply={reply} />
      <Notice kind="warn" title="对已递交投标的影响">
        变更公告发布后，此前递交的投标文件须由投标人重新确认，未确认的视为无效；已上传的澄清文件同时公开。
      </Notice>
      <PostForm draft={`correction ${lot.id}`}>
        <TextField name="title" label="公告标题" value={title} maxLength={300} reply={reply} />
        <TextArea name="body" label="变更内容" hint="写明改动之处，原为何、现为何。" rows={10} maxLength={50_000} reply={reply} />
        <RadioField name="affectsBids" label="对投标文件的影响" choices={effects} reply={reply} />
        <TimeField name="biddingEndsAt" label="投标截止时间，即开标时间" value={local} seconds explain={explain} reply={reply} />
        <Actions pinned>
          <Submit>发布变更公告</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
