// What a party's owner lets its agent commit to (rules.json in the party's folder), and the supervisor's check of the lists.
import { hashOf } from '@/crypto/draw'
import type { DrawPrelude } from '@/crypto/draw-message'
import { digestExcluded, leavesOf, pageSize, pageTop, rootOfTops } from '@/crypto/draw-pool'
import type { RulesV2 } from '@/crypto/draw-rules'
import type { Api } from './api'
import type { Keep } from './store'

export type DrawRules = RulesV2

/** Checked before every commit; whoever changes the file changes what the agent does from the next draw on. */
export type OwnerRules = {
  /** Commit to nothing: every draw waits, visibly. */
  pause: boolean
  /** Least number of eligible people per seat: a list too narrow is a choice, not a draw. */
  eligiblePerSeat: number
  /** Most people of one employer. */
  employerLimit: number
  /** Most people barred because the agency listed their unit (supervisor only: others do not see the list). */
  listedAtMost: number
  /** Highest running number: a draw repeated more often waits for a person. */
  numberAtMost: number
}

export const ownerRules: OwnerRules = { pause: false, eligiblePerSeat: 2, employerLimit: 1, listedAtMost: 5_000, numberAtMost: 3 }

const file = 'rules.json'

/** The owner's rules from the party's folder; written there with their defaults at first start, for the owner to edit. Throws on an unknown or malformed one. */
export function readOwnerRules(keep: Keep): OwnerRules {
  const kept = keep.read<Record<string, unknown>>(file)
  if (!kept) {
    keep.write(file, ownerRules)
    return ownerRules
  }
  for (const [name, value] of Object.entries(kept)) {
    const usual = ownerRules[name as keyof OwnerRules]
    const fits = typeof value === typeof usual && (typeof value !== 'number' || (Number.isSafeInteger(value) && value >= 0))
    if (!fits) throw new Error(`${file}: ${name}`)
  }
  return { ...ownerRules, ...kept }
}

/** What in a draw goes against the owner's rules; empty when the agent may commit. */
export function checkOwnerRules(owner: OwnerRules, prelude: DrawPrelude, rules: DrawRules): string[] {
  const problems: string[] = []
  if (owner.pause) problems.push('paused by the owner')
  if (hashOf(rules) !== prelude.rules.hash) problems.push('rules hash')
  const places = rules.seats.reduce((all, seat) => all + seat.n, 0)
  if (prelude.eligible.size < places * owner.eligiblePerSeat)
    problems.push(`${prelude.eligible.size} eligible people for ${places} seats`)
  if (rules.maxPerEmployer > owner.employerLimit) problems.push(`${rules.maxPerEmployer} people of one employer`)
  if (prelude.number > owner.numberAtMost) problems.push(`draw number ${prelude.number}`)
  return problems
}

export type Lists = { eligible: [string, unknown][]; barred: [string, string][] }

/** That E and the excluded are exactly the pool, and that all of it hashes to what the prelude says. */
export function checkLists(prelude: DrawPrelude, lists: Lists, pages: Uint8Array[]): string[] {
  const problems: string[] = []
  if (hashOf(lists.eligible) !== prelude.eligible.hash || lists.eligible.length !== prelude.eligible.size)
    problems.push('eligible hash')
  try {
    const excluded = digestExcluded(pages, { eligible: lists.eligible.map(([c]) => c), barred: lists.barred })
    if (excluded.hash !== prelude.excluded.hash || excluded.size !== prelude.excluded.size) problems.push('excluded hash')
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error))
  }
  return problems
}

/** A pool in pages, after its root, size and order were checked. Throws otherwise. */
export function readPool(bytes: Uint8Array, { root, size }: DrawPrelude['pool']): Uint8Array[] {
  const leaves = leavesOf(bytes)
  if (bytes.length !== size * 32) throw new Error('pool size')
  if (leaves.some((leaf, at) => at > 0 && Buffer.compare(leaves[at - 1]!, leaf) >= 0)) throw new Error('pool not ascending')
  const width = pageSize * 32
  const pages = Array.from({ length: Math.ceil(bytes.length / width) }, (_, at) => bytes.subarray(at * width, (at + 1) * width))
  if (rootOfTops(pages.map(pageTop)) !== root) throw new Error('pool root')
  return pages
}

// Draws of one day stand on one pool: read and hashed once.
let known: { root: string; pages: Uint8Array[] } | null = null

async function poolOf(api: Api, pool: DrawPrelude['pool']): Promise<Uint8Array[]> {
  if (known?.root === pool.root) return known.pages
  const bytes = await api.getBytes(`/api/v1/expert-pools/${pool.root}`)
  if (!bytes) throw new Error('no pool')
  known = { root: pool.root, pages: readPool(bytes, pool) }
  return known.pages
}

/** The supervisor's check before it commits (crypto.md §10.11). */
export async function checkPool(api: Api, owner: OwnerRules, id: string, prelude: DrawPrelude): Promise<string[]> {
  const lists = await api.getJson<Lists>(`/api/v1/draws/${id}/pool`)
  if (!lists) return ['no lists']
  const listed = lists.barred.filter(([, reason]) => reason === 'listed').length
  const narrow = listed > owner.listedAtMost ? [`${listed} people barred by the agency's list`] : []
  return [...narrow, ...checkLists(prelude, lists, await poolOf(api, prelude.pool))]
}
