// Money is a whole number of 分 in a bigint. These functions are the only doors between it and text.
export type Fen = bigint

const yuanText = /^(-?)(?:¥|￥)?(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?(?:\s*元)?$/

/** Reads yuan such as `1234.5`, `1,234.50` or `1,234.50 元`; null when it is anything else or has more than two decimals. */
export function parseYuan(text: string): Fen | null {
  const match = yuanText.exec(text.trim())
  if (!match) return null
  const [, minus, whole = '', fraction = ''] = match
  const fen = BigInt(whole.replaceAll(',', '')) * 100n + BigInt(fraction.padEnd(2, '0'))
  return minus ? -fen : fen
}

/** `1234.50`: two decimals, no separators, for inputs, JSON and decimals. */
export function plainYuan(fen: Fen): string {
  const digits = (fen < 0n ? -fen : fen).toString().padStart(3, '0')
  return `${fen < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** `1,234.50` from `1234.50`: a plain amount in yuan with thousands separators. */
export const groupYuan = (plain: string): string => plain.replace(/\B(?=(\d{3})+\.)/g, ',')

/** `1,234.50`: two decimals with thousands separators, for tables. */
export const formatFen = (fen: Fen): string => groupYuan(plainYuan(fen))

/** `1,234.50 元`: for sentences. */
export const formatYuan = (fen: Fen): string => `${formatFen(fen)} 元`

const digits = '零壹贰叁肆伍陆柒捌玖'
const places = ['', '拾', '佰', '仟']
/** Below this the amount can be written in words: 10^20 yuan. */
const capitalLimit = 10n ** 22n

/** A number below 10,000 in words, a run of inner zeros as one 零; 0 is empty. */
function capitalGroup(value: bigint): string {
  let words = ''
  let gap = false
  for (const [at, digit] of [...value.toString().padStart(4, '0')].entries()) {
    if (digit === '0') gap = words !== ''
    else {
      words += `${gap ? '零' : ''}${digits[Number(digit)]}${places[3 - at]}`
      gap = false
    }
  }
  return words
}

/** Whole yuan in words; a part whose leading digits are zero is joined by 零. */
function capitalWhole(value: bigint): string {
  const [unit, scale] = value >= 100_000_000n ? ['亿', 100_000_000n] : ['万', 10_000n]
  if (value < scale) return capitalGroup(value)
  const rest = value % scale
  const link = rest > 0n && rest < scale / 10n ? '零' : ''
  return `${capitalWhole(value / scale)}${unit}${link}${capitalWhole(rest)}`
}

/** 大写 as cheques and bids write it (支付结算办法 附一): 123 yuan → 壹佰贰拾叁元整, 1.05 yuan → 壹元零伍分. Throws RangeError at 10^20 yuan. */
export function capitalFen(fen: Fen): string {
  if (fen < 0n) return `负${capitalFen(-fen)}`
  if (fen >= capitalLimit) throw new RangeError('amount too large for words')
  const whole = capitalWhole(fen / 100n)
  const jiao = Number((fen / 10n) % 10n)
  const cents = Number(fen % 10n)
  if (jiao === 0 && cents === 0) return `${whole || '零'}元整`
  const yuan = whole && `${whole}元`
  if (cents === 0) return `${yuan}${digits[jiao]}角整`
  const tenth = jiao > 0 ? `${digits[jiao]}角` : yuan && '零'
  return `${yuan}${tenth}${digits[cents]}分`
}

const capitalText =
  /^(负)?(?:人民币)?(?:(.+?)[元圆])?(?:零?([零壹贰叁肆伍陆柒捌玖])角)?(?:零?([壹贰叁肆伍陆柒捌玖])分)?(?:[整正])?$/

/** Value of one group of up to 仟; null when a character is unknown or places do not fall. */
function parseGroup(words: string): bigint | null {
  if (
    !/^零?(?:[壹贰叁肆伍陆柒捌玖]仟)?零?(?:[壹贰叁肆伍陆柒捌玖]佰)?零?(?:[壹贰叁肆伍陆柒捌玖]?拾)?零?[壹贰叁肆伍陆柒捌玖]?零?$/.test(
      words,
    )
  )
    return null
  let value = 0
  for (const [pair] of words.matchAll(/[壹贰叁肆伍陆柒捌玖]?[仟佰拾]|[壹贰叁肆伍陆柒捌玖]/g)) {
    const digit = digits.indexOf(pair[0] ?? '')
    const scale = 10 ** Math.max(places.indexOf(pair.at(-1) ?? ''), 0)
    value += (digit < 0 ? 1 : digit) * scale
  }
  return BigInt(value)
}

function parseWhole(words: string): bigint | null {
  const unit = ['亿', '万'].find(name => words.includes(name))
  if (!unit) return parseGroup(words)
  const at = words.lastIndexOf(unit)
  const [high, low] = [parseWhole(words.slice(0, at)), parseWhole(words.slice(at + 1))]
  if (high === null || low === null || high === 0n) return null
  const scale = unit === '亿' ? 100_000_000n : 10_000n
  return low < scale ? high * scale + low : null
}

/** Reads an amount in words, in any of the accepted writings (整 or 正, optional 零); null when it is not one. */
export function parseCapital(text: string): Fen | null {
  const match = capitalText.exec(text.replaceAll(/\s/g, ''))
  if (!match || (match[2] ?? match[3] ?? match[4]) === undefined) return null
  const whole = match[2] === undefined ? 0n : parseWhole(match[2])
  if (whole === null) return null
  const fen = whole * 100n + BigInt(digits.indexOf(match[3] ?? '零') * 10 + digits.indexOf(match[4] ?? '零'))
  return match[1] ? -fen : fen
}
