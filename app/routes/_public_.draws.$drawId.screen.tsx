import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { DrawScreen } from '~/trading/draw/DrawScreen'
import { readDraw } from '~/trading/draw/draw.read.server'
import { readDrawLines } from '~/trading/draw/draw-line.read.server'
import { useDraw } from '~/trading/draw/use-draw'

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `抽取大屏 ${data?.draw.lotName ?? ''} - 公共资源交易平台` },
]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'draw.read', async (ctx, { drawId = '' }) => ({
    draw: await readDraw(ctx, drawId),
    lines: await readDrawLines(ctx, drawId),
  }))

export default function PublicDrawScreen() {
  const { draw, lines } = useLoaderData<typeof loader>()
  useDraw(draw.id)
  return <DrawScreen draw={draw} lines={lines} />
}
