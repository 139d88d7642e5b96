import type { Failure } from '../opening/settle'
import type { Mark } from './edition'

export type TwinRule = {
  /**
   * `release`: the twin must be in hand when the release window ends, for whoever fails by its own doing would otherwise first
   * hear the others' prices and then choose. `after`: the time for twins begins when the failure is found.
   */
  until: 'release' | 'after'
  article: string
  mark: Mark
}

const article = '《电子招标投标办法》第三十一条：招标文件可以明确解密失败的补救方案'

/**
 * Failures (解密失败) that a twin file can make good, whosever fault they are. One that was decrypted and could not be read, or
 * that was void before, is none.
 */
export const twinRules: Partial<Record<Failure, TwinRule>> = {
  'no-release': { until: 'release', article, mark: 'G' },
  'wrong-key': { until: 'release', article, mark: 'G' },
  'shares-missing': { until: 'after', article, mark: 'G' },
  'file-corrupt': { until: 'after', article, mark: 'G' },
  'storage-damaged': { until: 'after', article, mark: 'G' },
}

/** Files that were refused because they do not fit their commitment: so many in an hour, each of them recorded. */
export const mostTwinRefusals = 10
