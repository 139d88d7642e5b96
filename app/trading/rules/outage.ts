import type { Mark } from './edition'

/**
 * A time of an opening that ran while the platform could not be reached is made longer by what was lost of it: no bidder may lose
 * by the platform's fault (《电子招标投标办法》第三十一条; [G] for the length, which the law leaves open). Seconds.
 */
export const outageRule: { leastSeconds: number; article: string; mark: Mark } = {
  leastSeconds: 15,
  article: '《电子招标投标办法》第三十一条',
  mark: 'G',
}
