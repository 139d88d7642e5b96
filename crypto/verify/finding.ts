// What a check found, and what all findings together mean (crypto.md §10.14).

/** `unproven`: consistent, but whether the issuer is who it says needs anchors. `noted`: worth knowing, proves and breaks nothing. */
export type Result = 'holds' | 'broken' | 'unproven' | 'noted'

export interface Finding {
  /** Stable English code for programs. */
  code: string
  result: Result
  /** Chinese sentence for people. */
  text: string
}

export const holds = (code: string, text: string): Finding => ({ code, result: 'holds', text })
export const broken = (code: string, text: string): Finding => ({ code, result: 'broken', text })
export const unproven = (code: string, text: string): Finding => ({ code, result: 'unproven', text })
export const noted = (code: string, text: string): Finding => ({ code, result: 'noted', text })

export const isBroken = (findings: Finding[]): boolean => findings.some(({ result }) => result === 'broken')

/** Says which of two sentences is true; a check that throws has not held. */
export function judge(code: string, good: string, bad: string, check: () => boolean): Finding {
  try {
    return check() ? holds(code, good) : broken(code, bad)
  } catch {
    return broken(code, bad)
  }
}

/** 0 holds · 1 broken · 3 consistent, issuer unproven. Nothing proven at all is broken: an empty list convinces nobody. */
export function exitCodeOf(findings: Finding[]): 0 | 1 | 3 {
  if (isBroken(findings) || !findings.some(({ result }) => result === 'holds')) return 1
  return findings.some(({ result }) => result === 'unproven') ? 3 : 0
}

export const verdictText: Record<0 | 1 | 3, string> = {
  0: '成立：各项核验通过',
  1: '不成立：有核验未通过',
  3: '内部一致，签发者未核验',
}
