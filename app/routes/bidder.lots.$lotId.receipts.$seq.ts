import type { LoaderFunctionArgs } from '@remix-run/node'
import { page } from '~/http/page.server'
import { Refusal } from '~/shared/refusal'
import { readMyBid } from '~/trading/bid/bid.read.server'

/** The receipt of one version, as a file that `npm run verify` reads. */
export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'bid.read', async (ctx, { lotId = '', seq = '' }) => {
    const version = (await readMyBid(ctx, lotId)).versions.find(one => String(one.seq) === seq)
    if (!version) throw new Refusal('not-found')
    const name = encodeURIComponent(`回执-${version.receipt.lotCode}-${seq}.json`)
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename*=UTF-8''${name}`,
    }
    return new Response(JSON.stringify(version.receipt, null, 2), { headers })
  })
