import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { DocumentTable } from '~/trading/document/DocumentTable'
import { listPublicDocuments } from '~/trading/document/document.read.server'
import { LotTag } from '~/trading/lot/LotTag'
import { NoticeProof } from '~/trading/notice/NoticeProof'
import { NoticeTable } from '~/trading/notice/NoticeTable'
import { noticeKindText } from '~/trading/notice/notice.text'
import { readNotice } from '~/trading/notice/portal.read.server'
import { Countdown } from '~/ui/Countdown'
import { Prose, Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'
import { PrintHead } from '~/ui/Paper'
import { When } from '~/ui/When'

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.notice.title ?? '公告'} - 公共资源交易平台` }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'portal.read', async (ctx, { noticeId = '' }) => {
    const notice = await readNotice(ctx, noticeId)
    return { notice, documents: await listPublicDocuments(ctx, notice.lotId) }
  })

export default function PublicNotice() {
  const { notice, documents } = useLoaderData<typeof loader>()
  const superseding = notice.sameLot.find(other => other.kind === 'correction' && other.publishedAt > notice.publishedAt)
  return (
    <Page
      title={notice.title}
      back={paths.home}
      backText="公告"
      tag={<LotTag state={notice.lotState} />}
      meta={
        <>
          {noticeKindText[notice.kind]} · {notice.tendererName} · 发布于 <When at={notice.publishedAt} seconds />
        </>
      }
    >
      <PrintHead title={notice.title} number={notice.lotCode} at={notice.publishedAt} hash={notice.bodyHash} />
      {superseding ? (
        <Notice kind="warn" title="已有变更">
          本公告发布后有变更，以<Link to={paths.notice(superseding.id)}>最新的变更公告</Link>为准。
        </Notice>
      ) : null}
      {notice.biddingEndsAt ? <Countdown label="投标截止，即开标" until={notice.biddingEndsAt} /> : null}
      <Prose>{notice.body}</Prose>
      {notice.paperId ? <a href={paths.paper(notice.paperId)}>下载电子签名的公告（PDF）</a> : null}
      <p data-print="no">
        <Link to={paths.publicLot(notice.lotId)}>
          标段 {notice.lotName}（{notice.lotCode}）
        </Link>
        {notice.biddingEndsAt ? <a href={`${paths.notice(notice.id)}/calendar.ics`}>　把开标时间加入日历</a> : null}
      </p>
      <NoticeProof notice={notice} />
      <Section title="招标文件">
        <DocumentTable documents={documents} href={paths.file} empty="本公告没有附带文件。" />
      </Section>
      <Section title="本标段的公告">
        <NoticeTable items={notice.sameLot} href={paths.notice} short />
      </Section>
    </Page>
  )
}
