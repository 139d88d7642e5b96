import type { Mark } from './edition'

/**
 * Whoever was punished, by an authority or a court, for breaking the law in tendering may sit in no evaluation committee (tender-rules EX-05). The
 * text sets no time after which that ends.
 */
export const formerlyPunished: { article: string; mark: Mark } = {
  article: '《评标委员会和评标方法暂行规定》（七部委令第12号）第十二条',
  mark: 'V-c',
}
