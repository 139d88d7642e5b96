// npm run fuzz: damaged and invented input for every parser that outsiders can reach. No crash, no hang, always a named refusal.
import { acceptsSamples, freshSeed, fuzz, heapMiB, mostGrowthMiB } from './run'
import { targets } from './targets'

const usage = 'npm run fuzz -- [--cases N] [--seed S] [--json] [NAME…]'

function optionOf(args: string[], name: string): number | null {
  const at = args.indexOf(name)
  if (at < 0) return null
  const [, value] = args.splice(at, 2)
  if (!/^\d+$/.test(value ?? '')) throw new Error(usage)
  return Number(value)
}

async function main(args: string[]): Promise<void> {
  const cases = optionOf(args, '--cases') ?? 1_000_000
  const seed = optionOf(args, '--seed') ?? freshSeed()
  const isJson = args.includes('--json')
  const names = args.filter(arg => arg !== '--json')
  const chosen = targets.filter(t => names.length === 0 || names.includes(t.name))
  if (chosen.length === 0 || names.some(name => !targets.some(t => t.name === name)))
    throw new Error(`${usage}\n  ${targets.map(t => t.name).join(' ')}`)
  const before = heapMiB()
  let [total, faults] = [0, 0]
  for (const target of chosen) {
    await acceptsSamples(target)
    const outcome = await fuzz(target, Math.ceil((cases * target.share) / chosen.reduce((sum, t) => sum + t.share, 0)), seed)
    total += outcome.cases
    faults += outcome.faults.length
    console.log(
      isJson
        ? JSON.stringify(outcome)
        : `${outcome.target}: ${outcome.cases} cases, ${outcome.accepted} accepted, ${outcome.refused} refused, slowest ${outcome.slowestMs.toFixed(1)} ms${outcome.faults.map(f => `\n  FAULT ${f}`).join('')}`,
    )
  }
  const [heapBeforeMiB, heapAfterMiB] = [Math.round(before), Math.round(heapMiB())]
  const hasGrown = heapAfterMiB - heapBeforeMiB > mostGrowthMiB
  const last = { cases: total, faults, seed, heapBeforeMiB, heapAfterMiB, hasGrown }
  const grown = `heap ${heapBeforeMiB} → ${heapAfterMiB} MiB${hasGrown ? ', GROWN' : ''}`
  console.log(isJson ? JSON.stringify(last) : `${total} cases, ${faults} faults, ${grown}, seed ${seed}`)
  process.exit(faults || hasGrown ? 1 : 0)
}

await main(process.argv.slice(2)).catch(error => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(2)
})
