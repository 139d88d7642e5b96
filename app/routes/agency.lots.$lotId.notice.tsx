import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { noticeForm } from '~/trading/notice/notice.form.server'
import { publishNotice } from '~/trading/notice/notice.server'
import { readNoticeForm } from '~/trading/notice/notice-form.read.server'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea, TextField } from '~/ui/TextField'
import { TimeField } from '~/ui/TimeField'

export const meta: MetaFunction = () => [{ title: '发布招标公告 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'notice.publish', (ctx, { lotId = '' }, url) =>
    readNoticeForm(ctx, lotId, ctx.platform.config.publicUrl ?? url.origin),
  )

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'notice.publish', noticeForm, async (ctx, { lotId = '' }, input) => {
    const { id } = await publishNotice(ctx, { lotId, ...input })
    return redirect(paths.notice(id))
  })

export default function PublishNotice() {
  const { lot, watermark, title, body, biddingEndsAt, explain } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="发布招标公告" back={paths.agencyLot(lot.id)} backText={lot.name} meta={lot.code}>
      <ErrorSummary reply={reply} />
      {watermark ? (
        <Notice kind="warn" title="演练">
          {watermark}
        </Notice>
      ) : null}
      <PostForm draft={`notice ${lot.id}`}>
        <TextField name="title" label="公告标题" value={title} maxLength={300} reply={reply} />
        <TextArea name="body" label="公告正文" rows={16} value={body} maxLength={50_000} reply={reply} />
        <TimeField
          name="biddingEndsAt"
          label="投标截止时间，即开标时间"
          hint="到时由系统按时钟截标并开标，无需人工操作。"
          value={biddingEndsAt}
          explain={explain.bidding}
          reply={reply}
        />
        <TimeField
          name="documentEndsAt"
          label="招标文件获取截止时间"
          hint="不填则与投标截止时间相同。"
          optional
          explain={explain.document}
          reply={reply}
        />
        {explain.notice ? (
          <TimeField
            name="noticeEndsAt"
            label="公告期限截止时间"
            hint="不填则为法定最短期限。"
            optional
            explain={explain.notice}
            reply={reply}
          />
        ) : null}
        <Notice kind="warn" title="发布后">
          公告和招标文件立即公开，开始接收投标；公告不能撤销，只能发布变更公告或者终止。
        </Notice>
        <Actions pinned>
          <Submit>发布招标公告</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
