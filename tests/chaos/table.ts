import type { Case } from './case'

const cell = (text: string, width: number) => text.padEnd(width)

/** Kills and outcomes: what was done, in which phase, how often, and how many of the openings so struck ended right. */
export function tableOf(cases: Case[]): string {
  const rows = new Map<string, { what: string; phase: string; times: number; right: number }>()
  for (const one of cases)
    for (const { what, phase } of one.kills.length > 0 ? one.kills : [{ what: one.fault, phase: '–' }]) {
      const key = `${what}|${phase}`
      const row = rows.get(key) ?? { what, phase, times: 0, right: 0 }
      rows.set(key, { ...row, times: row.times + 1, right: row.right + (one.ok ? 1 : 0) })
    }
  const head = `${cell('what', 40)}${cell('phase', 14)}${cell('times', 8)}ended right`
  const lines = [...rows.values()]
    .sort((a, b) => a.what.localeCompare(b.what) || a.phase.localeCompare(b.phase))
    .map(row => `${cell(row.what, 40)}${cell(row.phase, 14)}${cell(String(row.times), 8)}${row.right}`)
  return [head, ...lines].join('\n')
}
