import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { LotPhases } from '~/trading/lot/LotPhases'
import { LotTag } from '~/trading/lot/LotTag'
import { TimelineTable } from '~/trading/supervision/TimelineTable'
import { TimelineVerifier } from '~/trading/supervision/TimelineVerifier'
import { readTimelineLines } from '~/trading/supervision/timeline.read.server'
import { LinkButton } from '~/ui/Button'
import { Actions, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '标段日志 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'timeline.read', async (ctx, { lotId = '' }) => {
    const { lot, project, lines } = await readTimelineLines(ctx, lotId)
    return { lot: { id: lot.id, name: lot.name, code: lot.code, state: lot.state }, projectName: project.name, lines }
  })

export default function SupervisedLot() {
  const { lot, projectName, lines } = useLoaderData<typeof loader>()
  return (
    <Page
      title={lot.name}
      back="/supervisor"
      backText="监督工作台"
      tag={<LotTag state={lot.state} />}
      meta={`${lot.code} · ${projectName}`}
    >
      <LotPhases state={lot.state} />
      <Actions>
        <LinkButton to={paths.openingHall(lot.id)}>开标大厅</LinkButton>
        <LinkButton to={paths.supervisorArchive(lot.id)}>归档包</LinkButton>
      </Actions>
      <Section title="日志" aside={`${lines.length} 条，先后为序`}>
        <p>
          每一步都是一条只能追加的日志记录。截止之前，投标的递交、替换和撤回不在其中（《招标投标法》第二十二条）；截标后一并列出。
        </p>
        <TimelineVerifier path={paths.timeline(lot.id)} />
        <TimelineTable lines={lines} download={paths.timeline(lot.id)} />
      </Section>
    </Page>
  )
}
