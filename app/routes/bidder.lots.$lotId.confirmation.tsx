import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { readBidPage } from '~/trading/bid/bid-page.read.server'
import { SignTask } from '~/trading/bid/SignTask'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '确认投标文件 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'bid.submit', (ctx, { lotId = '' }) => readBidPage(ctx, lotId))

export default function Confirmation() {
  const { lot, mine, current, isOpen, scope } = useLoaderData<typeof loader>()
  const back = paths.bidderLot(lot.id)
  const due = mine.needsConfirmation
  return (
    <Page title="确认投标文件" back={back} backText={lot.name} meta={lot.code}>
      {isOpen && current && due ? (
        <>
          <Notice title="变更公告">
            <Link to={paths.notice(due.notice)}>{due.title}</Link>
          </Notice>
          <SignTask
            act="确认投标文件"
            back={back}
            taskOf={key => ({
              task: 'confirm',
              scope,
              key,
              statement: current.statementHash,
              notice: due.notice,
              noticeHash: due.noticeHash,
            })}
            consequences={['确认表示已知悉变更，原密封文件内容不变、继续有效。', '如变更影响报价或内容，请改为重新密封并替换。']}
          />
        </>
      ) : (
        <Notice title="无需确认">本机构的投标文件是在现行招标文件下递交的，或者现在不接收投标。</Notice>
      )}
    </Page>
  )
}
