import { decryptFiles, decryptPrice } from '~/trading/opening/decrypt.server'
import type { Handlers } from '../handler'

export const trading = {
  'trading.bid.decrypt-price': (ctx, { bidId }) => decryptPrice(ctx, bidId),
  'trading.bid.decrypt-files': (ctx, { bidId }) => decryptFiles(ctx, bidId),
} satisfies Handlers<'trading.'>
