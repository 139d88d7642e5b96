import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { DocumentTable } from '~/trading/document/DocumentTable'
import { readAgencyLot } from '~/trading/lot/agency-lot.read.server'
import { CustodianTable } from '~/trading/lot/CustodianTable'
import { LotFacts } from '~/trading/lot/LotFacts'
import { LotPhases } from '~/trading/lot/LotPhases'
import { LotTag } from '~/trading/lot/LotTag'
import { lotNextText } from '~/trading/lot/lot.text'
import { ScoringTable } from '~/trading/lot/ScoringTable'
import { scoringOf } from '~/trading/lot/scoring'
import { tasksOf } from '~/trading/lot/tasks'
import { NoticeTable } from '~/trading/notice/NoticeTable'
import { LinkButton } from '~/ui/Button'
import { Countdown } from '~/ui/Countdown'
import { Actions, Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.lot.name ?? '标段'} - 公共资源交易平台` }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'lot.read', (ctx, { lotId = '' }) => readAgencyLot(ctx, lotId))

export default function AgencyLot() {
  const { lot, project, edition, custodians, documents, notices } = useLoaderData<typeof loader>()
  return (
    <Page
      title={lot.name}
      back={paths.project(project.id)}
      backText={project.name}
      tag={<LotTag state={lot.state} />}
      meta={`${lot.code} · ${edition.name}`}
    >
      <LotPhases state={lot.state} />
      <Notice title="下一步">{lotNextText[lot.state]}</Notice>
      {lot.failReason ? (
        <Notice kind="bad" title="原因">
          {lot.failReason}
        </Notice>
      ) : null}
      {lot.state === 'bidding' && lot.biddingEndsAt ? <Countdown label="投标截止，即开标" until={lot.biddingEndsAt} /> : null}
      <Actions>
        {tasksOf(lot.state).map(({ task, text, isMain }) => (
          <LinkButton key={task} to={paths.agencyLotTask(lot.id, task)} look={isMain ? 'primary' : 'plain'}>
            {text}
          </LinkButton>
        ))}
        <LinkButton to={paths.agencyLotTask(lot.id, 'timeline')}>标段日志</LinkButton>
      </Actions>
      <Section title="标段信息">
        <LotFacts lot={lot} />
      </Section>
      <Section title="保管人">
        <CustodianTable custodians={custodians} />
      </Section>
      <Section title="招标文件">
        <DocumentTable documents={documents} href={paths.file} empty="发布公告前须上传招标文件。" showState />
      </Section>
      <Section title="公告">
        {notices.length > 0 ? <Link to={paths.publicLot(lot.id)}>查看公开页面</Link> : null}
        <NoticeTable items={notices} href={paths.notice} short />
      </Section>
      <Section title="评标办法">
        <ScoringTable scoring={scoringOf(lot)} />
      </Section>
    </Page>
  )
}
