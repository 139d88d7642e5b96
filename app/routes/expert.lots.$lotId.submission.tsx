import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { confirmForm } from '~/trading/evaluation/evaluation.form.server'
import { readEvaluation } from '~/trading/evaluation/evaluation.read.server'
import { submitSheet } from '~/trading/evaluation/submit-sheet.server'
import { ConfirmTask } from '~/ui/ConfirmTask'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '提交评审表 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'evaluation.act', async (ctx, { lotId = '' }) => {
    const { lot, bids } = await readEvaluation(ctx, lotId)
    return { lot, count: bids.length }
  })

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'evaluation.act', confirmForm, async (ctx, { lotId = '' }) => {
    await submitSheet(ctx, { lotId })
    return redirect(paths.expertEvaluation(lotId))
  })

export default function SubmitSheet() {
  const { lot, count } = useLoaderData<typeof loader>()
  return (
    <Page title="提交评审表" back={paths.expertEvaluation(lot.id)} backText="评标" meta={lot.code}>
      <ConfirmTask
        object={`${lot.name}（${count} 个投标）`}
        act="提交评审表"
        will={['锁定您对全部投标的评审意见和打分，摘要记入日志。', '全体评委提交后，系统计算价格分并形成评标报告。']}
        cannotUndo={['提交后不能修改（财政部令第87号第六十四条）。']}
        reply={useFormReply()}
      />
    </Page>
  )
}
