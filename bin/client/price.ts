// The 开标一览表 as a bidder fills it: tbid/price@1.
import { canonicalBytes } from '../../crypto/jcs'

const digits = '零壹贰叁肆伍陆柒捌玖'
const places = ['', '拾', '佰', '仟']
const groups = ['', '万', '亿', '万亿']

/** Four digits in words, without leading zeros; '' for zero. */
function fourWords(value: number): string {
  const text = [...String(value).padStart(4, '0')].map((digit, at) =>
    digit === '0' ? '零' : digits[Number(digit)] + places[3 - at]!,
  )
  return text
    .join('')
    .replace(/零+/g, '零')
    .replace(/^零|零$/g, '')
}

function yuanWords(yuan: bigint): string {
  let rest = yuan
  let words = ''
  for (let group = 0; rest > 0n; group++, rest /= 10_000n) {
    const part = Number(rest % 10_000n)
    const lower =
      words && Number((yuan / 10_000n ** BigInt(group - 1)) % 10_000n) < 1_000 && !words.startsWith('零') ? `零${words}` : words
    words = part === 0 ? (words && !words.startsWith('零') ? `零${words}` : words) : fourWords(part) + groups[group]! + lower
  }
  return words
}

/** An amount in capital words (大写), as 《票据管理实施办法》 writes it: 1234500 分 is 壹万贰仟叁佰肆拾伍元整. */
export function inWords(fen: bigint): string {
  const [jiao, last] = [Number((fen / 10n) % 10n), Number(fen % 10n)]
  const yuan = fen >= 100n ? `${yuanWords(fen / 100n)}元` : ''
  if (jiao === 0 && last === 0) return `${yuan || '零元'}整`
  const small = `${jiao ? `${digits[jiao]}角` : yuan ? '零' : ''}${last ? `${digits[last]}分` : ''}`
  return `${yuan}${small}${last ? '' : '整'}`
}

export interface Price {
  lot: string
  fen: bigint
  durationDays: number
  quality: string
  manager: string
  note?: string
}

/** The bytes of the price file; words are made from the figures, so that they agree. */
export function priceFile(price: Price): Uint8Array {
  return canonicalBytes({
    t: 'tbid/price@1',
    lot: price.lot,
    priceFen: String(price.fen),
    priceWords: inWords(price.fen),
    currency: 'CNY',
    durationDays: price.durationDays,
    quality: price.quality,
    manager: price.manager,
    note: price.note ?? '',
  })
}
