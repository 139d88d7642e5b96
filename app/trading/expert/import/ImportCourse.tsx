import { useEffect } from 'react'
import type { FormReply } from '~/shared/form-reply'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Stack } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { PostForm } from '~/ui/PostForm'
import { Progress } from '~/ui/Progress'
import { cancellableStates, progressOf, unfinishedStates } from './import-progress'
import { importStateText } from './issue.text'
import type { readImport } from './report.server'

export type ImportView = Awaited<ReturnType<typeof readImport>>['report']
type Shown = Omit<ImportView, 'createdAt' | 'touchedAt' | 'finishedAt' | 'counts' | 'problem'>

const lookEveryMs = 1_000

/** Looks again while something is under way. Without scripts the page asks for itself anew. */
function useCourse(isUnderWay: boolean, ask: () => void): void {
  useEffect(() => {
    if (!isUnderWay) return
    const timer = setInterval(ask, lookEveryMs)
    return () => clearInterval(timer)
  }, [isUnderWay, ask])
}

const leaving = '可以离开本页，导入由系统继续办理；服务中断后自动从已检查处继续，不会重复入库。'

/** A list under way: how far it is, how it can be taken back, and that nobody needs to wait for it. */
function UnderWay({ report, seconds, reply }: { report: Shown; seconds: number; reply: FormReply | undefined }) {
  const share = progressOf(report, seconds)
  const isTaking = report.state === 'taking'
  const found = `已检查 ${report.rows} 行，不合格 ${report.rejected} 行。`
  return (
    <Stack>
      <ErrorSummary reply={reply} />
      <Progress what={importStateText[report.state]} leaving={leaving} {...share} />
      <p>{isTaking ? `${found}合格的 ${report.staged} 行正在一次入库，不能再取消。` : `${found}检查完之前没有任何一行入库。`}</p>
      {cancellableStates.includes(report.state) ? (
        <PostForm>
          <Actions>
            <Submit look="danger">取消导入</Submit>
          </Actions>
        </PostForm>
      ) : null}
      <noscript>
        <meta httpEquiv="refresh" content="3" />
      </noscript>
    </Stack>
  )
}

/** What became of a list, or how far it is. */
export function ImportCourse({ report, seconds, problem, reply, ask }: CourseProps) {
  const isUnderWay = unfinishedStates.includes(report.state)
  useCourse(isUnderWay, ask)
  if (isUnderWay) return <UnderWay report={report} seconds={seconds} reply={reply} />
  const sums = `共 ${report.rows} 行，不合格 ${report.rejected} 行。`
  if (report.state !== 'done')
    return (
      <Notice kind="warn" title={importStateText[report.state]}>
        {problem ?? `取消时已检查 ${report.rows} 行，其中不合格 ${report.rejected} 行；名单本身已删除。`}
      </Notice>
    )
  const title = report.isTaken ? `已导入 ${report.accepted} 行` : '没有导入任何一行'
  return (
    <Notice kind={report.isTaken ? 'done' : 'warn'} title={title}>
      {sums}
    </Notice>
  )
}

type CourseProps = { report: Shown; seconds: number; problem: string | null; reply: FormReply | undefined; ask: () => void }
