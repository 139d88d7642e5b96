import type { LoaderFunctionArgs } from '@remix-run/node'
import { page } from '~/http/page.server'
import { readAnchors } from '~/platform/anchor/anchor.server'

/** The trust anchors where every paper and receipt says they are. */
export const loader = async (args: LoaderFunctionArgs) => Response.json(await page(args, 'log.read', ctx => readAnchors(ctx)))
