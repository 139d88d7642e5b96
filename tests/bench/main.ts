// npm run bench -- NAME… [--json]: what the platform costs beside what its cryptography costs bare, in the same run.
import type { Figure } from './figure'

type Options = { experts?: number; lots?: number; bids?: number; draws?: number; suite?: string; part?: string }
type Bench = (options: Options) => AsyncIterable<Figure>

const benches: Record<string, () => Promise<Bench>> = {
  seal: async () => (await import('./seal')).benchSeal,
  punctual: async () => (await import('./punctual')).benchPunctual,
  commit: async () => (await import('./commit')).benchCommit,
  opening: async () => (await import('./opening')).benchOpening,
  hall: async () => (await import('./hall')).benchHall,
  draw: async () => (await import('./draw')).benchDraw,
  parties: async () => (await import('./draw-parties')).benchParties,
  library: async () => (await import('./library')).benchLibrary,
}

const usage = `npm run bench -- [--json] [--experts N] [--lots N] [--bids N] [--draws N] [--suite intl|gm] [--part P] NAME…
  names: ${Object.keys(benches).join(' ')} (all when none is given); parts of library: list, maker
  ratio > 1: slower than the floor; peerRatio > 1: faster than the usual way`

function line({ bench, case: name, unit, ours, floor, ratio, peer, peerRatio }: Figure): string {
  const beside = [
    floor === undefined ? '' : `floor ${floor}, ratio ${ratio}`,
    peer === undefined ? '' : `peer ${peer}, peerRatio ${peerRatio}`,
  ]
  return `${bench} · ${name}: ${ours} ${unit}  ${beside.filter(Boolean).join('; ')}`
}

function readArguments(args: string[]): { options: Options; names: string[] } {
  const options: Options = {}
  const names: string[] = []
  for (let at = 0; at < args.length; at++) {
    const [arg, value] = [args[at]!, args[at + 1]]
    if (arg === '--experts' || arg === '--lots' || arg === '--bids' || arg === '--draws')
      options[arg.slice(2) as 'lots'] = Number(value)
    else if (arg === '--suite') options.suite = value
    else if (arg === '--part') options.part = value
    else if (arg !== '--json') names.push(arg)
    if (arg !== '--json' && arg !== '--help' && arg.startsWith('--')) at++
  }
  return { options, names }
}

async function main(args: string[]): Promise<void> {
  const { options, names } = readArguments(args)
  const unknown = names.filter(name => !(name in benches))
  if (args.includes('--help') || unknown.length > 0) {
    console.error(unknown.length ? `unknown: ${unknown.join(' ')}\n${usage}` : usage)
    process.exit(unknown.length ? 2 : 0)
  }
  for (const name of names.length ? names : Object.keys(benches)) {
    const bench = await benches[name]!()
    for await (const figure of bench(options)) console.log(args.includes('--json') ? JSON.stringify(figure) : line(figure))
  }
}

await main(process.argv.slice(2))
process.exit(0)
