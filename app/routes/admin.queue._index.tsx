import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { DeadLetterTable } from '~/platform/outbox/DeadLetterTable'
import { listDeadLetters, readQueueState, retryDeadLetter } from '~/platform/outbox/dead-letter.server'
import { retryForm } from '~/platform/outbox/outbox.form.server'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Figures, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '任务队列 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'queue.read', async ctx => ({ state: await readQueueState(ctx), dead: await listDeadLetters(ctx) }))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'queue.retry', retryForm, async (ctx, _params, { id }) => {
    await retryDeadLetter(ctx, { id })
    return redirect('/admin/queue')
  })

export default function Queue() {
  const { state, dead } = useLoaderData<typeof loader>()
  return (
    <Page title="任务队列" meta="任务只是叫醒：到期的事项以数据库为准，队列清空也不丢失。这里不含任何标的内容。">
      <ErrorSummary reply={useFormReply()} />
      <Figures
        items={[
          { label: '待办任务', value: state.waiting, unit: '个' },
          { label: '正在执行', value: state.begun, unit: '个' },
          { label: '最久等待', value: state.oldestSeconds, unit: '秒' },
        ]}
      />
      <Section title={`已放弃的任务（${state.dead}）`}>
        <DeadLetterTable letters={dead} />
      </Section>
      <p>
        <a href="/admin/queue/board">打开队列看板（只读）</a>
      </p>
    </Page>
  )
}
