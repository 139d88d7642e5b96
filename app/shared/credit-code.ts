// GB 32100—2015: 18 characters, the letters I O S V Z are not used, the last is a check character (ISO 7064-like, modulus 31).
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

function checkCharacter(first17: string): string | undefined {
  let sum = 0
  let weight = 1
  for (const character of first17) {
    const value = alphabet.indexOf(character)
    if (value < 0) return undefined
    sum += value * weight
    weight = (weight * 3) % 31
  }
  return alphabet[(31 - (sum % 31)) % 31]
}

/** Whether this is a unified social credit code (统一社会信用代码) by GB 32100: form, alphabet and check character. */
export function isCreditCode(code: string): boolean {
  return /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(code) && checkCharacter(code.slice(0, 17)) === code[17]
}

/** Completes the first 17 characters with their check character; throws when a character is not of the alphabet. */
export function creditCodeOf(first17: string): string {
  const check = first17.length === 17 ? checkCharacter(first17) : undefined
  if (check === undefined) throw new RangeError(`not the first 17 characters of a credit code: ${first17}`)
  return first17 + check
}
