import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { capitalFen, formatFen, formatYuan, parseCapital, parseYuan, plainYuan } from '~/shared/money'

const anyFen = fc.bigInt({ min: -(10n ** 21n), max: 10n ** 21n })

describe('yuan as figures', () => {
  test('an amount is written with two decimals and thousands separators', () => {
    expect(formatFen(123456789n)).toBe('1,234,567.89')
    expect(formatFen(5n)).toBe('0.05')
    expect(formatFen(-100000n)).toBe('-1,000.00')
    expect(formatYuan(100n)).toBe('1.00 元')
    expect(plainYuan(123456789n)).toBe('1234567.89')
  })

  test('every writing of an amount reads back as the same amount', () => {
    fc.assert(
      fc.property(anyFen, fen => {
        for (const write of [formatFen, formatYuan, plainYuan]) expect(parseYuan(write(fen))).toBe(fen)
      }),
    )
  })

  test.each([
    '',
    '.',
    '1.',
    '.5',
    '1.234',
    '1,23',
    '12,3456',
    '1e3',
    '0x10',
    '１２',
    '一百',
    '--1',
    '1 000',
    'NaN',
    '1,234,56.00',
  ])('the text %j is not an amount', text => expect(parseYuan(text)).toBeNull())

  test('an amount beyond the safe integers keeps every fen', () => {
    expect(parseYuan('90071992547409931.23')).toBe(9007199254740993123n)
  })
})

describe('yuan in words (大写)', () => {
  // The worked examples of 支付结算办法 附一, and the zeros people get wrong.
  test.each([
    [12300n, '壹佰贰拾叁元整'],
    [140950n, '壹仟肆佰零玖元伍角整'],
    [600714n, '陆仟零柒元壹角肆分'],
    [168032n, '壹仟陆佰捌拾元叁角贰分'],
    [1640902n, '壹万陆仟肆佰零玖元零贰分'],
    [32504n, '叁佰贰拾伍元零肆分'],
    [0n, '零元整'],
    [5n, '伍分'],
    [50n, '伍角整'],
    [1000n, '壹拾元整'],
    [10_000_500n, '壹拾万零伍元整'],
    [1_000_000_000_000n, '壹佰亿元整'],
    [1_000_000_000_100n, '壹佰亿零壹元整'],
    [100_010_000_000n, '壹拾亿零壹拾万元整'],
    [10n ** 18n + 10n ** 14n, '壹亿零壹万亿元整'],
    [955_000_000n, '玖佰伍拾伍万元整'],
    [-12300n, '负壹佰贰拾叁元整'],
  ])('%d fen is %s', (fen, words) => {
    expect(capitalFen(fen)).toBe(words)
    expect(parseCapital(words)).toBe(fen)
  })

  test.each([
    ['人民币壹仟陆佰捌拾元零叁角贰分', 168032n],
    ['壹拾万柒仟元零伍角叁分', 10_700_053n],
    ['壹拾万零柒仟元伍角叁分', 10_700_053n],
    ['壹佰圆正', 10_000n],
    ['拾伍元整', 1_500n],
  ])('the other accepted writing %s is understood', (words, fen) => expect(parseCapital(words)).toBe(fen))

  test.each(['', '元整', '整', '壹贰元整', '壹佰贰佰元整', '一百元整', '壹佰', '万元整', '壹元贰元'])(
    '%j is not an amount in words',
    words => expect(parseCapital(words)).toBeNull(),
  )

  test('every amount in words reads back as the same amount', () => {
    const sparse = fc
      .array(fc.constantFrom('0', '0', '1', '9'), { minLength: 1, maxLength: 20 })
      .map(digits => BigInt(digits.join('')))
    fc.assert(
      fc.property(fc.oneof(anyFen, sparse), fen => {
        expect(parseCapital(capitalFen(fen))).toBe(fen)
      }),
    )
  })
})
