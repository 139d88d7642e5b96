import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { type ClientLoaderFunctionArgs, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { DrawScreen } from '~/trading/draw/DrawScreen'
import { readDraw } from '~/trading/draw/draw.read.server'
import { readDrawLines } from '~/trading/draw/draw-line.read.server'
import { useDraw } from '~/trading/draw/use-draw'
import { askOrKeep } from '~/ui/last-known'

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `抽取大屏 ${data?.draw.lotName ?? ''} - 公共资源交易平台` },
]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'draw.read', async (ctx, { drawId = '' }) => ({
    draw: await readDraw(ctx, drawId),
    lines: await readDrawLines(ctx, drawId),
  }))

export const clientLoader = (args: ClientLoaderFunctionArgs) => askOrKeep<typeof loader>(args)

export default function PublicDrawScreen() {
  const loaded = useLoaderData<typeof clientLoader>()
  const connected = useDraw(loaded.draw.id, loaded)
  return <DrawScreen draw={loaded.draw} lines={loaded.lines} connected={connected} />
}
