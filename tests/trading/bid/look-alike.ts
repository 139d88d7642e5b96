// Whether two dumps can be told apart by anything but randomness: names that are random are replaced by how they hang together.
import { createHash } from 'node:crypto'

/** Everything somebody could read of a platform: lines of text, by where they stand. */
export type Dump = Map<string, string[]>

/** What is known in public, by the name it gets: the lots in the order of their notices. */
export type Known = Map<string, string>

/** What randomness looks like: identifiers, keys, hashes, boxes, instants. Whether two of them are equal is kept. */
const random = [
  /\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?/,
  /\b1[78]\d{11}\b/,
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/,
  /\b[0-9A-Z]{18}\b/,
  /(?:\\x|\b)[0-9a-f]{16,}\b/,
  /[A-Za-z0-9+/_-]{22,}={0,2}/,
  /\bu[0-9a-f]{8}\b/,
  /(?<=-)[0-9a-f]{4}(?=\.pdf)/,
]
/** Instants fall together by chance, of a second or a millisecond: whether two are equal is asked apart (`instantsOf`). */
const instants = 2
const instant = new RegExp(`^(?:${random[0]?.source}|${random[1]?.source})$`)
const anyRandom = new RegExp(`(${random.map(one => one.source).join('|')})`)

interface Line {
  /** Where it stands, and its text with each random name replaced by its length. */
  form: string
  tokens: string[]
}

/** Where the length of what is encrypted must say nothing. Elsewhere signatures by chance differ by a byte or two. */
const isExact = (source: string, text: string) =>
  source === 'files' || source === 'table public.bid_act' || (source === 'table public.log_payload' && text.endsWith(',,)'))

function shapeOf(token: string, exact: boolean): string {
  const kind = random.findIndex(one => new RegExp(`^(?:${one.source.replace(/\(\?[<=][^)]*\)/g, '')})$`).test(token))
  return kind < instants || (!exact && token.length > 128) ? `<${kind}>` : `<${kind} ${token.length}>`
}

function read(source: string, text: string, known: Known): Line {
  const tokens: string[] = []
  const exact = isExact(source, text)
  const replaced = [...known].reduce((line, [name, title]) => line.replaceAll(name, ` [[${title}]] `), text)
  const form = replaced
    .split(/(\[\[[^\]]+\]\])/)
    .map(part => {
      if (part.startsWith('[[')) return tokens.push(part) && '@'
      return part
        .split(anyRandom)
        .map((piece, at) => {
          if (at % 2 === 0) return piece
          if (!instant.test(piece)) tokens.push(piece)
          return shapeOf(piece, exact)
        })
        .join('')
    })
    .join('')
  return { form: `${source}: ${form}`, tokens }
}

const digest = (text: string) => createHash('sha256').update(text).digest('base64').slice(0, 16)

const rounds = 6

/**
 * Colours every line by its text and by what else stands in the lines it shares names with, so far as six steps reach
 * (Weisfeiler–Lehman): two dumps that nothing but randomness tells apart get the same colours as often.
 */
export function coloursOf(dump: Dump, known: Known): Map<string, number> {
  const lines = [...dump].flatMap(([source, texts]) => texts.map(text => read(source, text, known)))
  let colours = lines.map(line => digest(line.form))
  let names = new Map(lines.flatMap(line => line.tokens.map(token => [token, token.startsWith('[[') ? token : ''] as const)))
  for (let round = 0; round < rounds; round++) {
    const seen = new Map<string, string[]>()
    for (const [i, { tokens }] of lines.entries())
      for (const [at, token] of tokens.entries()) {
        const own = seen.get(token) ?? []
        seen.set(token, own)
        own.push(`${colours[i]}.${at}`)
      }
    names = new Map([...seen].map(([token, places]) => [token, digest(`${names.get(token)}|${places.sort().join()}`)]))
    colours = lines.map((line, i) => digest(`${colours[i]}|${line.tokens.map(token => names.get(token)).join()}`))
  }
  const counted = new Map<string, number>()
  for (const [i, { form }] of lines.entries()) {
    const key = `${form.slice(0, 300)} #${colours[i]}`
    counted.set(key, (counted.get(key) ?? 0) + 1)
  }
  return counted
}

/** Instants to the microsecond that stand in these lines. */
export const instantsOf = (lines: string[]): Set<string> =>
  new Set(lines.flatMap(line => line.match(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{4,6}/g) ?? []))

/** What stands in one dump and not (as often) in the other; nothing, if they cannot be told apart. */
export function differences(one: Map<string, number>, two: Map<string, number>): string[] {
  const keys = new Set([...one.keys(), ...two.keys()])
  return [...keys].flatMap(key => {
    const [a, b] = [one.get(key) ?? 0, two.get(key) ?? 0]
    return a === b ? [] : [`${a} against ${b}: ${key}`]
  })
}
