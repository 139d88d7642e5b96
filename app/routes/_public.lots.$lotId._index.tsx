import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { nameOfRegion } from '~/platform/organisation/organisation.read.server'
import { DocumentTable } from '~/trading/document/DocumentTable'
import { LotFacts } from '~/trading/lot/LotFacts'
import { LotPhases } from '~/trading/lot/LotPhases'
import { LotTag } from '~/trading/lot/LotTag'
import { lotNextText } from '~/trading/lot/lot.text'
import { ScoringTable } from '~/trading/lot/ScoringTable'
import { scoringOf } from '~/trading/lot/scoring'
import { NoticeTable } from '~/trading/notice/NoticeTable'
import { readPublicLot } from '~/trading/notice/portal.read.server'
import { ProjectFacts } from '~/trading/project/ProjectFacts'
import { LinkButton } from '~/ui/Button'
import { Countdown } from '~/ui/Countdown'
import { Actions, Section } from '~/ui/layout'
import { Notice, SealedNotice } from '~/ui/Notice'
import { Page } from '~/ui/Page'

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.lot.name ?? '标段'} - 公共资源交易平台` }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'portal.read', async (ctx, { lotId = '' }) => {
    const lot = await readPublicLot(ctx, lotId)
    return { lot, region: nameOfRegion(lot.project.regionCode) }
  })

export default function PublicLot() {
  const { lot, region } = useLoaderData<typeof loader>()
  return (
    <Page
      title={lot.name}
      back={paths.home}
      backText="公告"
      tag={<LotTag state={lot.state} />}
      meta={`${lot.code} · ${lot.edition.name}`}
    >
      <LotPhases state={lot.state} />
      <Notice title="下一步">{lotNextText[lot.state]}</Notice>
      {lot.failReason ? (
        <Notice kind="bad" title="原因">
          {lot.failReason}
        </Notice>
      ) : null}
      {lot.state === 'bidding' && lot.biddingEndsAt ? (
        <>
          <Countdown label="投标截止，即开标" until={lot.biddingEndsAt} />
          <SealedNotice>投标人数、投标人名称和投标内容：开标前任何人（包括平台）不可见。</SealedNotice>
        </>
      ) : null}
      <Actions>
        {lot.state === 'bidding' ? (
          <LinkButton to={paths.bidderLot(lot.id)} look="primary">
            递交投标文件
          </LinkButton>
        ) : null}
        <LinkButton to={paths.openingHall(lot.id)}>进入开标大厅</LinkButton>
      </Actions>
      <Section title="招标文件">
        <DocumentTable documents={lot.documents} href={paths.file} empty="本标段没有公开的文件。" />
      </Section>
      <Section title="标段信息">
        <LotFacts lot={lot} />
      </Section>
      <Section title="评标办法">
        <ScoringTable scoring={scoringOf(lot)} />
      </Section>
      <Section title="公告">
        <NoticeTable items={lot.notices} href={paths.notice} short />
      </Section>
      <Section title="项目信息">
        <ProjectFacts project={lot.project} region={region} edition={lot.edition.name} />
      </Section>
    </Page>
  )
}
