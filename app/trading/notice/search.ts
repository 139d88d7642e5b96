const runs = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{Letter}\p{Number}])+/gu

const isHan = (run: string) => /^\p{Script=Han}/u.test(run)

function pairsOf(run: string): string[] {
  const characters = [...run]
  return characters.slice(1).map((character, i) => `${characters[i]}${character}`)
}

const normal = (text: string) => text.normalize('NFKC').toLowerCase()

/** What a text can be found by: each Chinese character and pair of neighbours, each word and number whole. Needs no dictionary. */
export function searchTermsOf(text: string): string[] {
  const terms = new Set<string>()
  for (const [run] of normal(text).matchAll(runs)) {
    if (isHan(run)) for (const term of [...run, ...pairsOf(run)]) terms.add(term)
    else terms.add(run)
  }
  return [...terms]
}

export type SearchQuery = {
  /** All of these must be among the terms. */
  terms: string[]
  /** Each must stand in the text as it is: pairs alone would also match characters that are apart. */
  phrases: string[]
}

/** What somebody typed into the search box; null when it holds nothing to look for. */
export function searchQueryOf(typed: string): SearchQuery | null {
  const phrases = [...normal(typed).matchAll(runs)].map(([run]) => run).slice(0, 10)
  const terms = phrases.flatMap(run => (isHan(run) ? (run.length === 1 ? [run] : pairsOf(run)) : [run]))
  return phrases.length === 0 ? null : { terms: [...new Set(terms)], phrases }
}
