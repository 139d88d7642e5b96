/** Citizen identity numbers (公民身份号码, GB 11643—1999): 17 digits and a check character. */

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** Whether the check character fits and the birthday exists. */
export function isIdNumber(text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text)) return false
  const birthday = birthdayOf(text)
  const date = new Date(`${birthday}T00:00:00Z`)
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== birthday) return false
  const sum = weights.reduce((total, weight, at) => total + weight * Number(text[at]), 0)
  return '10X98765432'[sum % 11] === text[17]
}

/** The birthday it states, `YYYY-MM-DD`. */
export const birthdayOf = (text: string): string => `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`

/** Full years on that day. */
export function ageOn(text: string, day: string): number {
  const [birthday, years] = [birthdayOf(text), Number(day.slice(0, 4)) - Number(text.slice(6, 10))]
  return day.slice(5) < birthday.slice(5) ? years - 1 : years
}
