import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { type ClientLoaderFunctionArgs, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { AvoidedTable } from '~/trading/draw/AvoidedTable'
import { findAvoided } from '~/trading/draw/avoided.read.server'
import { DrawFacts, DrawSteps, DrawTag, PartyTable, SeatTable } from '~/trading/draw/DrawProgress'
import { readDraw } from '~/trading/draw/draw.read.server'
import { useDraw } from '~/trading/draw/use-draw'
import { ConnectionState } from '~/ui/LiveRegion'
import { askOrKeep } from '~/ui/last-known'
import { Columns, Section, Stack } from '~/ui/layout'
import { Page } from '~/ui/Page'

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `专家抽取 ${data?.lotName ?? ''} - 公共资源交易平台` }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'draw.read', async (ctx, { drawId = '' }) => ({
    ...(await readDraw(ctx, drawId)),
    avoided: await findAvoided(ctx, drawId),
  }))

export const clientLoader = (args: ClientLoaderFunctionArgs) => askOrKeep<typeof loader>(args)

export default function PublicDraw() {
  const draw = useLoaderData<typeof clientLoader>()
  const connected = useDraw(draw.id, draw)
  return (
    <Page
      title={`专家抽取：${draw.lotName}`}
      back={paths.publicLot(draw.lotId)}
      backText={draw.lotName}
      meta={`${draw.projectName} · 第 ${draw.number} 次抽取`}
      tag={<DrawTag state={draw.state} />}
    >
      <Columns>
        <Stack>
          <Section title="席位">
            {draw.seats.length > 0 ? (
              <SeatTable draw={draw} />
            ) : (
              <p>抽取完成后，这里列出各席位的专家承诺值；姓名在评标结果确定前保密。</p>
            )}
          </Section>
          <Section title="四方进度">
            <PartyTable draw={draw} />
          </Section>
        </Stack>
        <Section title="进程">
          <ConnectionState connected={connected} />
          <DrawSteps draw={draw} />
        </Section>
      </Columns>
      <Section title="抽取信息">
        <DrawFacts draw={draw} />
      </Section>
      {draw.avoided ? (
        <Section title="回避人数">
          <AvoidedTable rows={draw.avoided} />
        </Section>
      ) : null}
    </Page>
  )
}
