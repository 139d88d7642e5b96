import type { Day } from './time'

// ISO 7064 MOD 37-2: values 0..36. Powers are taken modularly; 2^i in a 32-bit integer goes wrong from i = 31 on.
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*'

/** The check character K of a unified deal code (统一交易标识码), over its 35 characters without hyphens. */
export function dealCheckCharacter(body: string): string {
  let sum = 0
  let weight = 1
  for (const character of [...body].reverse()) {
    weight = (weight * 2) % 37
    const value = alphabet.indexOf(character)
    if (value < 0) throw new RangeError(`not a character of a deal code: ${character}`)
    sum += value * weight
  }
  return alphabet[(((38 - sum) % 37) + 37) % 37]!
}

export type DealCodeParts = { tradeClass: string; creditCode: string; day: Day; serial: number }

const serialOf = (serial: number, width: number) => {
  const digits = String(serial).padStart(width, '0')
  if (!Number.isInteger(serial) || serial < 0 || digits.length > width)
    throw new RangeError(`serial ${serial} does not fit ${width} digits`)
  return digits
}

/** TTT-CCCCCCCCCCCCCCCCCC-YYYYMMDD-NNNNNN-K: class of transaction, the platform's credit code, day, serial, check character. */
export function dealCodeOf({ tradeClass, creditCode, day, serial }: DealCodeParts): string {
  const parts = [tradeClass, creditCode, day.replaceAll('-', ''), serialOf(serial, 6)]
  return [...parts, dealCheckCharacter(parts.join(''))].join('-')
}

export function isDealCode(code: string): boolean {
  if (!/^[A-Z]\d{2}-[0-9A-Z]{18}-\d{8}-\d{6}-[0-9A-Z*]$/.test(code)) return false
  return dealCheckCharacter(code.slice(0, -2).replaceAll('-', '')) === code.at(-1)
}

/** 项目编号, 17: the platform's id (letter, 6-digit region, 4 digits) and a serial of 6. */
export function projectCodeOf(platform: string, serial: number): string {
  if (!/^[A-Z]\d{10}$/.test(platform)) throw new RangeError(`not a platform id: ${platform}`)
  return platform + serialOf(serial, 6)
}

/** 招标项目编号, 20: project code and 3 digits. */
export const tenderProjectCodeOf = (projectCode: string, serial: number) => projectCode + serialOf(serial, 3)

/** 标段(包)编号, 23: tender project code and 3 digits. */
export const lotCodeOf = (tenderProjectCode: string, serial: number) => tenderProjectCode + serialOf(serial, 3)

/** 文件编号, 26: lot code and 3 digits. */
export const documentCodeOf = (lotCode: string, serial: number) => lotCode + serialOf(serial, 3)
