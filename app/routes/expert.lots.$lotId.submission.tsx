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
    const { lot, bids, envelopes } = await readEvaluation(ctx, lotId)
    return { lot, count: bids.length, envelopes }
  })

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'evaluation.act', confirmForm, async (ctx, { lotId = '' }) => {
    await submitSheet(ctx, { lotId })
    return redirect(paths.expertEvaluation(lotId))
  })

const next = {
  1: '全体评委提交后，系统计算价格分并形成评标报告。',
  2: '全体评委提交后，确定通过第一信封评审的投标；第二信封开启后，系统计算价格分并形成评标报告。',
}

export default function SubmitSheet() {
  const { lot, count, envelopes } = useLoaderData<typeof loader>()
  return (
    <Page title="提交评审表" back={paths.expertEvaluation(lot.id)} backText="评标" meta={lot.code}>
      <ConfirmTask
        object={`${lot.name}（${count} 个投标）`}
        act="提交评审表"
        will={['锁定您对全部投标的评审意见和打分，摘要记入日志。', next[envelopes]]}
        cannotUndo={['提交后不能修改（财政部令第87号第六十四条）。']}
        reply={useFormReply()}
      />
    </Page>
  )
}
