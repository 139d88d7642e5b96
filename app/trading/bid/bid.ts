import type { LotState } from '@/db/schema/trading/project'

/** The file that holds the 开标一览表; read out in seconds because it is small (crypto.md §0.8). */
export const priceRole = 'price'

/** Largest content of one file, and of the sealed file that holds it with its padding (at most 12 %) and tags. */
export const contentLimit = 1_073_741_824
export const sealedLimit = 1_210_000_000

/** The 开标一览表 as the bidder fills it; the content of the price file, as canonical JSON. */
export interface PriceForm {
  t: 'tbid/price@1'
  lot: string
  /** Decimal digits, in 分. */
  priceFen: string
  priceWords: string
  currency: 'CNY'
  durationDays: number
  quality: string
  manager: string
  note: string
}

/** Whether bids may still be committed, replaced or withdrawn, as pages show it; the commit itself asks the database's clock. */
export const takesBids = (lot: { state: LotState; biddingEndsAt: Date | null }, now: Date): boolean =>
  lot.state === 'bidding' && lot.biddingEndsAt !== null && now < lot.biddingEndsAt
