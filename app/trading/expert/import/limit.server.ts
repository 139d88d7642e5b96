import type { Ctx } from '~/platform/ctx'
import { rulesInForce } from '../rule.server'

/** What a list may be at most. Where the library has set nothing: a list twice as long as the largest library of a province. */
const usual = { rows: 200, size: 512, waiting: 5 }

export type ImportLimits = { rows: number; bytes: number; waiting: number }

/** Rows, bytes, and lists worked on or waiting at once, by the library's rules of kind `import` (万行, MB, 份). */
export async function importLimits(ctx: Ctx): Promise<ImportLimits> {
  const set = Object.fromEntries((await rulesInForce(ctx, 'import')).map(({ code, value }) => [code, value]))
  const { rows, size, waiting } = { ...usual, ...set }
  return { rows: rows * 10_000, bytes: size * 1_048_576, waiting }
}
