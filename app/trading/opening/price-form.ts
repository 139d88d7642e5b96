import { capitalFen, parseCapital } from '~/shared/money'

/** The 开标一览表 as the bidder sealed it (role `price`). Amount in fen, as text. */
export type PriceForm = {
  t: 'tbid/price@1'
  lot: string
  priceFen: string
  priceWords: string
  currency: 'CNY'
  durationDays: number
  quality: string
  manager: string
  note: string
}

export type ReadFlag = 'words-differ' | 'words-unreadable' | 'above-ceiling' | 'by-twin'

export type ReadPrice = { priceFen: bigint; flags: ReadFlag[]; form: PriceForm }

const isText = (value: unknown, max: number): value is string => typeof value === 'string' && value.length <= max

/** The form behind parsed JSON, or null when it is not one for this lot. Unknown fields make it unreadable. */
export function priceFormOf(value: unknown, lotId: string): PriceForm | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const form: Record<string, unknown> = { ...value }
  const names = ['currency', 'durationDays', 'lot', 'manager', 'note', 'priceFen', 'priceWords', 'quality', 't']
  if (Object.keys(form).sort().join() !== names.join()) return null
  const { t, lot, priceFen, priceWords, currency, durationDays, quality, manager, note } = form
  if (t !== 'tbid/price@1' || lot !== lotId || currency !== 'CNY') return null
  if (!isText(priceFen, 18) || !/^(0|[1-9]\d*)$/.test(priceFen) || !isText(priceWords, 100)) return null
  if (!Number.isSafeInteger(durationDays) || Number(durationDays) < 0) return null
  if (!isText(quality, 500) || !isText(manager, 200) || !isText(note, 2000)) return null
  return { t, lot, priceFen, priceWords, currency, durationDays: Number(durationDays), quality, manager, note }
}

/**
 * The price that counts: words win over figures, and the difference is recorded (评标委员会和评标方法暂行规定 19).
 * A price above the ceiling is read out like any other; rejecting it is the committee's act.
 */
export function readPrice(form: PriceForm, ceilingFen: bigint): ReadPrice {
  const figures = BigInt(form.priceFen)
  const words = parseCapital(form.priceWords)
  const priceFen = words ?? figures
  const flags: ReadFlag[] = []
  if (words === null) flags.push('words-unreadable')
  else if (words !== figures) flags.push('words-differ')
  if (priceFen > ceilingFen) flags.push('above-ceiling')
  return { priceFen, flags, form }
}

/** The price in words as it is read out. */
export const wordsOf = (priceFen: bigint): string => capitalFen(priceFen)
