import { makeNoticePaper } from '~/trading/notice/notice-paper.server'
import { destroySealed } from '~/trading/opening/destroy.server'
import { unpackLot } from '~/trading/opening/read-out.server'
import type { Handlers } from '../handler'

export const trading = {
  'trading.lot.unpack': unpackLot,
  'trading.notice.paper': makeNoticePaper,
  'trading.lot.destroy-sealed': destroySealed,
} satisfies Handlers<'trading.'>
