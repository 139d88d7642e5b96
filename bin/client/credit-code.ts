// 统一社会信用代码 (GB 32100—2015) for organisations that exist in a rehearsal only.
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** The 主体标识码 (GB 11714): eight digits and their check character. */
function subjectCode(serial: number): string {
  const digits = String(serial).padStart(8, '0')
  const weights = [3, 7, 9, 10, 5, 8, 4, 2]
  const check = 11 - (weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0) % 11)
  return digits + (check === 10 ? 'X' : check === 11 ? '0' : String(check))
}

function checkCharacter(first17: string): string {
  let weight = 1
  let sum = 0
  for (const character of first17) {
    sum += alphabet.indexOf(character) * weight
    weight = (weight * 3) % 31
  }
  return alphabet[(31 - (sum % 31)) % 31]!
}

/** A code of an enterprise (91) in the region, from an eight-digit serial. */
export function creditCode(region: string, serial: number): string {
  const first17 = `91${region}${subjectCode(serial)}`
  return first17 + checkCharacter(first17)
}
