// Putting a stage's key together from what was released, and saying whose fault it is when that fails (crypto.md §10.7).
import { xor } from './bytes.ts'
import { type Head, type PartName, type Release, wrapBindOf } from './header.ts'
import { canonical } from './jcs.ts'
import { type BodyFacts, bodyFactsOf, fitsBody } from './open.ts'
import { shareCommit } from './seal.ts'
import { combine, interpolate, shareX } from './shamir.ts'
import type { Suite } from './suite.ts'

/** All that opening a stage needs of the heads of its files: what a server keeps, so that it reads them once. */
export interface StageFacts {
  suite: Suite
  release: Release
  /** Shares needed, and the commitment of each share dealt, by header index; k = 0 where none are dealt. */
  k: number
  commits: string[]
  files: BodyFacts[]
}

/** The facts of heads that make one stage of one bid. Throws when they do not. */
export function stageFactsOf(heads: Head[]): StageFacts {
  if (stageProblem(heads)) throw new Error('stage: files do not belong together')
  const { suite, header } = heads[0]!
  const { k, shares } = header.parts.c ?? { k: 0, shares: [] }
  return { suite, release: header.release, k, commits: shares.map(share => share.commit), files: heads.map(bodyFactsOf) }
}

export interface ReleasedParts {
  /** Posted shares by header index; null or missing where none came. */
  shares: (Uint8Array | null)[]
  /** The bidder's part, or null. */
  partB: Uint8Array | null
}

export interface Released extends ReleasedParts {
  /** Heads of **all** files of the stage. */
  heads: Head[]
}

export interface ShareFindings {
  /** Do not fit their `commit`: the custodian's fault, counted as missing. */
  unfit: number[]
  /** Fit, but have x = 0 or a wrong length: dealt so. */
  setAside: number[]
  /** Subsets passed over because two of their shares have the same x. */
  repeatedX: number[][]
  /** Fit, yet off the polynomial that opened the bid: dealt inconsistently. */
  inconsistent: number[]
}

export type StageVerdict = ShareFindings &
  (
    | { state: 'opened'; stageKey: Uint8Array; subset: number[]; usedB: boolean }
    /** `missing`: what could still open it. */
    | { state: 'waiting'; missing: PartName[] }
    | { state: 'bidder-fault' }
  )

/** Why files do not make one stage of one bid, or null when they do: same binding, suite, release and parts; roles and ids once each. */
export function stageProblem(heads: Head[]): 'empty' | 'binding' | 'parts' | 'role-repeated' | 'id-repeated' | null {
  const headers = heads.map(head => head.header)
  const differ = (of: (header: (typeof headers)[number]) => unknown) =>
    headers.length > 1 && new Set(headers.map(header => canonical(of(header)))).size > 1
  if (headers.length === 0) return 'empty'
  if (differ(header => ({ bind: wrapBindOf(header.bind), suite: header.suite }))) return 'binding'
  if (differ(header => ({ parts: header.parts, release: header.release }))) return 'parts'
  if (new Set(headers.map(header => header.bind.role)).size < headers.length) return 'role-repeated'
  if (new Set(headers.map(header => header.bind.fileId)).size < headers.length) return 'id-repeated'
  return null
}

/** All k-subsets of the given indices, in lexicographic order. */
export function subsets(indices: number[], k: number): number[][] {
  if (k === 0) return [[]]
  return indices.flatMap((first, at) => subsets(indices.slice(at + 1), k - 1).map(rest => [first, ...rest]))
}

interface Sorted extends ShareFindings {
  k: number
  /** Fit their commit, set-aside ones included: the custodians did their part. */
  valid: number[]
  usable: number[]
  shares: Uint8Array[]
}

function sortShares({ suite, k, commits }: StageFacts, { shares }: ReleasedParts): Sorted {
  const posted = commits.map((_, i) => shares[i] ?? null)
  const all = posted.flatMap((share, i) => (share ? [i] : []))
  const valid = all.filter(i => shareCommit(suite, posted[i]!) === commits[i])
  const usable = valid.filter(i => posted[i]!.length === suite.keyBytes + 1 && shareX(posted[i]!) !== 0)
  return {
    k,
    valid,
    usable,
    shares: posted.map(share => share ?? new Uint8Array()),
    unfit: all.filter(i => !valid.includes(i)),
    setAside: valid.filter(i => !usable.includes(i)),
    repeatedX: [],
    inconsistent: [],
  }
}

const findingsOf = ({ unfit, setAside, repeatedX, inconsistent }: ShareFindings): ShareFindings => ({
  unfit,
  setAside,
  repeatedX,
  inconsistent,
})

interface Attempt {
  need: PartName[]
  /** Parts of this way to open that have not come. */
  missing: PartName[]
}

/** The key of a stage, or why not yet or never. Deterministic: the first fitting subset in lexicographic order opens the bid. */
export const combineStage = (released: Released): StageVerdict => combineParts(stageFactsOf(released.heads), released)

/** As `combineStage`, for a stage whose heads were read before. */
export function combineParts(stage: StageFacts, released: ReleasedParts): StageVerdict {
  const { partB } = released
  const sorted = sortShares(stage, released)
  const ways: Attempt[] = stage.release.map(need => ({
    need,
    missing: need.filter(part => (part === 'b' ? partB === null : sorted.valid.length < sorted.k)),
  }))
  for (const { need } of ways.filter(way => way.missing.length === 0)) {
    const opened = need.includes('c') ? tryShares(stage, sorted, need.includes('b') ? partB : null) : tryAlone(stage, partB)
    if (opened) return { state: 'opened', ...opened, usedB: need.includes('b'), ...findingsOf(sorted) }
  }
  const missing = [...new Set(ways.flatMap(way => way.missing))]
  return missing.length ? { state: 'waiting', missing, ...findingsOf(sorted) } : { state: 'bidder-fault', ...findingsOf(sorted) }
}

const fitsAll = ({ files }: StageFacts, key: Uint8Array) => files.every(file => fitsBody(file, key))

function tryAlone(stage: StageFacts, partB: Uint8Array | null) {
  return partB && fitsAll(stage, partB) ? { stageKey: partB, subset: [] } : null
}

function tryShares(stage: StageFacts, sorted: Sorted, partB: Uint8Array | null) {
  if (partB && partB.length !== stage.suite.keyBytes) return null
  for (const subset of subsets(sorted.usable, sorted.k)) {
    const shares = subset.map(i => sorted.shares[i]!)
    if (new Set(shares.map(shareX)).size < shares.length) {
      sorted.repeatedX.push(subset)
      continue
    }
    const partC = combine(shares)
    const stageKey = partB ? xor(partB, partC) : partC
    if (!fitsAll(stage, stageKey)) continue
    sorted.inconsistent = offPolynomial(sorted, subset)
    return { stageKey, subset }
  }
  return null
}

function offPolynomial({ usable, shares }: Sorted, subset: number[]): number[] {
  const basis = subset.map(i => shares[i]!)
  return usable.filter(i => {
    const share = shares[i]!
    const expected = interpolate(basis, shareX(share))
    return expected.some((byte, at) => byte !== share[at])
  })
}
