import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { type ClientLoaderFunctionArgs, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { DrawFacts, DrawSteps, DrawTag, PartyTable, SeatTable } from '~/trading/draw/DrawProgress'
import { stoppedStates } from '~/trading/draw/draw'
import { readDrawFor } from '~/trading/draw/draw-page.read.server'
import { useDraw } from '~/trading/draw/use-draw'
import { LinkButton } from '~/ui/Button'
import { ConnectionState } from '~/ui/LiveRegion'
import { askOrKeep } from '~/ui/last-known'
import { Actions, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '专家抽取 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'draw.approve', (ctx, { drawId = '' }) => readDrawFor(ctx, drawId))

export const clientLoader = (args: ClientLoaderFunctionArgs) => askOrKeep<typeof loader>(args)

export default function SupervisorDraw() {
  const draw = useLoaderData<typeof clientLoader>()
  const connected = useDraw(draw.id, draw)
  const isOpen = !stoppedStates.includes(draw.state)
  return (
    <Page
      title={draw.lotName}
      back={paths.supervisorDraws}
      backText="专家抽取"
      meta={`${draw.projectName} · 第 ${draw.number} 次抽取`}
      tag={<DrawTag state={draw.state} />}
    >
      <ConnectionState connected={connected} />
      <DrawSteps draw={draw} />
      <Actions>
        {draw.state === 'requested' || draw.state === 'reviewed' ? (
          <LinkButton to={paths.supervisorDrawPart(draw.id, 'approval')} look="primary">
            {draw.state === 'requested' ? '审核抽取' : '核准抽取'}
          </LinkButton>
        ) : null}
        {isOpen ? (
          <LinkButton to={paths.supervisorDrawPart(draw.id, 'void')}>{draw.isVoidAsked ? '确认作废' : '申请作废'}</LinkButton>
        ) : null}
        <LinkButton to={paths.publicDraw(draw.id)}>公开页面</LinkButton>
        <LinkButton to={paths.drawScreen(draw.id)}>抽取大屏</LinkButton>
        <LinkButton to={paths.supervisorDrawNames(draw.id)}>委员会名单</LinkButton>
      </Actions>
      <Section title="抽取信息">
        <DrawFacts draw={draw} />
      </Section>
      <Section title="四方进度">
        <PartyTable draw={draw} />
        <SeatTable draw={draw} />
      </Section>
    </Page>
  )
}
