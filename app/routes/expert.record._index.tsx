import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { ClearanceTable } from '~/trading/expert/ClearanceTable'
import { Engagements, Identity, Looks } from '~/trading/expert/ExpertIdentity'
import { AssessmentTables, ExpertEvents, ExpertFacts, ExpertTies, PenaltyTable } from '~/trading/expert/ExpertRecord'
import { expertEventText } from '~/trading/expert/expert.text'
import { readOwnRecord } from '~/trading/expert/library.read.server'
import { LinkButton } from '~/ui/Button'
import { EmptyState } from '~/ui/EmptyState'
import { Actions, Bullets, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '我的专家档案 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.act', async ctx => ({ record: await readOwnRecord(ctx) }))

const appealable = ['suspend', 'remove', 'ban']

export default function OwnRecord() {
  const { record } = useLoaderData<typeof loader>()
  if (!record)
    return (
      <Page title="我的专家档案">
        <EmptyState title="本账号没有专家档案">请用专家库开通的账号登录。</EmptyState>
      </Page>
    )
  const open = record.events.filter(event => appealable.includes(event.event) && !event.appeal)
  return (
    <Page title="我的专家档案" meta={`专家 ${record.code}`}>
      <ExpertFacts record={record} />
      <Section title="身份信息">
        <Identity person={record.person} />
        <Actions>
          <LinkButton to={paths.expertRecordPart('contact')}>更改联系方式</LinkButton>
        </Actions>
      </Section>
      <ExpertTies record={record} />
      <Actions>
        <LinkButton to={paths.expertRecordPart('leave')}>请假与可评标日</LinkButton>
        <LinkButton to={paths.expertRecordPart('ties')}>变更单位、申报回避</LinkButton>
      </Actions>
      <AssessmentTables record={record} />
      <Section title="处理和处罚">
        <ClearanceTable rows={record.clearances} to={paths.expertOwnClearance} />
        <PenaltyTable rows={record.penalties} />
      </Section>
      <Section title="评标经历">
        <Engagements rows={record.engagements} />
      </Section>
      <ExpertEvents record={record} />
      {open.length > 0 ? (
        <Bullets
          items={open.map(event => (
            <Link key={event.id} to={paths.expertOwnAppeal(event.id)}>
              对“{expertEventText[event.event as keyof typeof expertEventText]}”提出申诉
            </Link>
          ))}
        />
      ) : null}
      <Section title="谁看过我的身份信息">
        <Looks rows={record.looks} />
      </Section>
    </Page>
  )
}
