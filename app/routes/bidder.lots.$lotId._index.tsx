import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { type BidPageRead, readBidPage } from '~/trading/bid/bid-page.read.server'
import { KeptNotice } from '~/trading/bid/KeptNotice'
import { SealAgainNotice } from '~/trading/bid/SealAgainNotice'
import { UnfinishedNotice } from '~/trading/bid/UnfinishedNotice'
import { RefusedTable, VersionTable } from '~/trading/bid/VersionTable'
import { DocumentTable } from '~/trading/document/DocumentTable'
import { LotFacts } from '~/trading/lot/LotFacts'
import { LotTag } from '~/trading/lot/LotTag'
import { LinkButton } from '~/ui/Button'
import { Countdown } from '~/ui/Countdown'
import { EmptyState } from '~/ui/EmptyState'
import { Actions, Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.lot.name ?? '标段'} - 公共资源交易平台` }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'bid.read', (ctx, { lotId = '' }) => readBidPage(ctx, lotId))

export default function BidderLot() {
  const { lot, mine, current, isOpen, scope, sealAgain } = useLoaderData<typeof loader>()
  return (
    <Page title={lot.name} back="/bidder" backText="待办" tag={<LotTag state={lot.state} />} meta={lot.code}>
      <KeptNotice lotId={lot.id} org={scope.org} submissionPath={id => paths.bidderTask(id, 'submission')} />
      <Standing mine={mine} hasBid={current !== null} isOpen={isOpen} />
      {mine.unfinished ? <UnfinishedNotice unfinished={mine.unfinished} hasBid={current !== null} /> : null}
      {sealAgain ? <SealAgainNotice due={sealAgain} href={paths.bidderTask(lot.id, 'submission')} /> : null}
      {isOpen && lot.biddingEndsAt ? <Countdown label="投标截止，即开标" until={lot.biddingEndsAt} /> : null}
      <Tasks lotId={lot.id} mine={mine} hasBid={current !== null} isOpen={isOpen} />
      <Section title="我的投标">
        {mine.versions.length > 0 ? (
          <VersionTable
            versions={mine.versions}
            receiptHref={seq => paths.bidderReceipt(lot.id, seq)}
            paperHref={seq => paths.bidderReceiptPaper(lot.id, seq)}
          />
        ) : (
          <EmptyState title="尚未递交">在投标截止时间前密封并递交；收到可核验的回执才算送达。</EmptyState>
        )}
        {mine.refused.length > 0 ? <RefusedTable refused={mine.refused} /> : null}
      </Section>
      <Section title="标段信息">
        <LotFacts lot={lot} />
      </Section>
      <Section title="招标文件">
        <DocumentTable documents={lot.documents} href={paths.file} empty="公告尚未附招标文件。" />
      </Section>
    </Page>
  )
}

type StandingProps = { mine: BidPageRead['mine']; hasBid: boolean; isOpen: boolean }

function Standing({ mine, hasBid, isOpen }: StandingProps) {
  if (mine.needsConfirmation) {
    return (
      <Notice kind="warn" title="须重新确认">
        招标文件已变更（{mine.needsConfirmation.title}）。截止前未确认也未替换的投标文件无效。
      </Notice>
    )
  }
  if (hasBid)
    return (
      <Notice kind="done" title="已送达">
        本机构的投标文件已密封送达。截止前可以补充、修改（重新密封后替换）或撤回，次数不限（《招标投标法》第二十九条）。
      </Notice>
    )
  return isOpen ? <Notice title="下一步">密封并递交投标文件。</Notice> : null
}

function Tasks({ lotId, mine, hasBid, isOpen }: StandingProps & { lotId: string }) {
  return (
    <Actions>
      {isOpen && mine.needsConfirmation ? (
        <LinkButton to={paths.bidderTask(lotId, 'confirmation')} look="primary">
          确认投标文件
        </LinkButton>
      ) : null}
      {isOpen ? (
        <LinkButton to={paths.bidderTask(lotId, 'submission')} look={hasBid ? 'plain' : 'primary'}>
          {hasBid ? '替换投标文件' : '密封并递交'}
        </LinkButton>
      ) : null}
      {isOpen && hasBid ? <LinkButton to={paths.bidderTask(lotId, 'withdrawal')}>撤回投标文件</LinkButton> : null}
      <LinkButton to={paths.openingHall(lotId)} look={isOpen ? 'plain' : 'primary'}>
        进入开标大厅
      </LinkButton>
    </Actions>
  )
}
