import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { readBidPage } from '~/trading/bid/bid-page.read.server'
import { SignTask } from '~/trading/bid/SignTask'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '撤回投标文件 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'bid.submit', (ctx, { lotId = '' }) => readBidPage(ctx, lotId))

export default function Withdrawal() {
  const { lot, current, isOpen, scope } = useLoaderData<typeof loader>()
  const back = paths.bidderLot(lot.id)
  return (
    <Page title="撤回投标文件" back={back} backText={lot.name} meta={lot.code}>
      {isOpen && current ? (
        <SignTask
          act="撤回投标文件"
          back={back}
          taskOf={key => ({ task: 'withdraw', scope, key })}
          consequences={[
            '撤回到达后，本机构的投标文件不参加开标，也不会被解密（《招标投标法》第二十九条）。',
            '截止前可以重新密封递交；截止后不能再递交。',
          ]}
        />
      ) : (
        <Notice kind="warn" title="不能撤回">
          {current ? '投标截止时间已过，不能撤回。' : '本机构在本标段没有有效的投标文件。'}
        </Notice>
      )}
    </Page>
  )
}
