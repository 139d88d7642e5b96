// npm run chaos -- NAME… [--runs N] [--fault NAME]: real processes, real SIGKILL. One JSON line per case, then the table and the totals.
import { parseArgs } from 'node:util'
import type { Case } from './case'
import { chaosDraw } from './draw'
import { chaosFaults, faultNames } from './faults'
import { chaosKills } from './kills'
import { chaosOpening } from './opening'
import { tableOf } from './table'

const harnesses: Record<string, (runs: number) => AsyncIterable<Case>> = {
  opening: chaosOpening,
  draw: chaosDraw,
  'opening-kills': chaosKills,
  'opening-faults': () => chaosFaults(),
}

const usage = `npm run chaos -- [--runs N] [--fault NAME] NAME…
  names: ${Object.keys(harnesses).join(' ')} (opening when none is given); --runs: openings with kills in them, 100 unless told
  --fault: part of one of: ${faultNames.join('; ')}`

async function main(): Promise<void> {
  const options = { runs: { type: 'string' }, fault: { type: 'string' }, help: { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const runs = Number(values.runs ?? 100)
  const names = positionals.length > 0 ? positionals : ['opening']
  const isWrong = names.some(name => !(name in harnesses)) || !Number.isInteger(runs) || runs < 1
  if (values.help || isWrong) {
    console.error(usage)
    process.exit(isWrong ? 2 : 0)
  }
  const cases: Case[] = []
  const lists = values.fault ? [chaosFaults(values.fault)] : names.map(name => harnesses[name]!(runs))
  for (const list of lists)
    for await (const one of list) {
      cases.push({ ...one, case: cases.length + 1 })
      console.log(JSON.stringify(cases.at(-1)))
    }
  const failed = cases.filter(one => !one.ok).length
  const kills = cases.reduce((sum, one) => sum + one.kills.length, 0)
  console.log(tableOf(cases))
  console.log(JSON.stringify({ chaos: 'total', cases: cases.length, kills, ok: cases.length - failed, failed }))
  process.exitCode = failed === 0 && cases.length > 0 ? 0 : 1
}

main().then(
  () => process.exit(),
  error => {
    console.error(error)
    process.exit(1)
  },
)
