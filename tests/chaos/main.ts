// npm run chaos -- NAME… [--runs N]: real processes, real SIGKILL. One JSON line per case, a last line with the totals.
import { parseArgs } from 'node:util'
import type { Case } from './case'
import { chaosOpening } from './opening'

const harnesses: Record<string, (runs: number) => AsyncIterable<Case>> = { opening: chaosOpening }

const usage = `npm run chaos -- [--runs N] NAME…
  names: ${Object.keys(harnesses).join(' ')} (all when none is given); --runs: kills per name, 5 unless told`

async function main(): Promise<void> {
  const options = { runs: { type: 'string' }, help: { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const runs = Number(values.runs ?? 5)
  const names = positionals.length > 0 ? positionals : Object.keys(harnesses)
  const isWrong = names.some(name => !(name in harnesses)) || !Number.isInteger(runs) || runs < 1
  if (values.help || isWrong) {
    console.error(usage)
    process.exit(isWrong ? 2 : 0)
  }
  const totals = { chaos: 'total', cases: 0, ok: 0, failed: 0 }
  for (const name of names) {
    for await (const one of harnesses[name]!(runs)) {
      console.log(JSON.stringify(one))
      totals.cases++
      totals[one.ok ? 'ok' : 'failed']++
    }
  }
  console.log(JSON.stringify(totals))
  process.exitCode = totals.failed === 0 ? 0 : 1
}

main().then(
  () => process.exit(),
  error => {
    console.error(error)
    process.exit(1)
  },
)
