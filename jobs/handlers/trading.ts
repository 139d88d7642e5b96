import { makeNoticePaper } from '~/trading/notice/notice-paper.server'
import { destroySealed } from '~/trading/opening/destroy.server'
import { readPriceOf, unpackBid } from '~/trading/opening/read-out.server'
import type { Handlers } from '../handler'

export const trading = {
  'trading.bid.decrypt-price': readPriceOf,
  'trading.bid.decrypt-files': unpackBid,
  'trading.notice.paper': makeNoticePaper,
  'trading.lot.destroy-sealed': destroySealed,
} satisfies Handlers<'trading.'>
