import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { readLot } from '~/trading/lot/find-lot.server'
import { terminationForm } from '~/trading/notice/notice.form.server'
import { terminateLot } from '~/trading/notice/notice.server'
import { ConfirmTask } from '~/ui/ConfirmTask'
import { Page } from '~/ui/Page'
import { TextArea } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '终止标段 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'notice.publish', async (ctx, { lotId = '' }) => {
    const { id, name, code } = (await readLot(ctx, lotId)).lot
    return { id, name, code }
  })

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'notice.publish', terminationForm, async (ctx, { lotId = '' }, { reason }) => {
    await terminateLot(ctx, { lotId, reason })
    return redirect(paths.agencyLot(lotId))
  })

export default function TerminateLot() {
  const { id, name, code } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="终止标段" back={paths.agencyLot(id)} backText={name} meta={code}>
      <ConfirmTask
        object={`${name}（${code}）`}
        act="终止标段"
        danger
        will={[
          '已公告的，同时发布终止公告，写明原因。',
          '停止接收投标；已递交的投标文件不解密。',
          '此操作记入日志，任何人可核验。',
        ]}
        cannotUndo={['终止后不能恢复；再次采购须重新招标（《招标投标法实施条例》第三十一条）。']}
        reply={reply}
      >
        <TextArea name="reason" label="终止原因" rows={4} maxLength={2000} reply={reply} />
      </ConfirmTask>
    </Page>
  )
}
