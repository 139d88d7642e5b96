// npm run party -- --role witness|agency|supervisor|third --url URL --keys DIR [--token TOKEN] [--name NAME]
// One outside party in a process of its own: a witness of the log, or a draw agent. It holds its keys in DIR and speaks only HTTP.
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { connect } from './api'
import { type Agent, agentStep, registerAgent } from './draw-agent'
import { readOwnerRules } from './owner-rules'
import { openKeep } from './store'
import { pinnedLog, registerWitness, SplitView, witnessKey, witnessStep } from './witness'

const usage = `npm run party -- --role witness|agency|supervisor|third --url URL --keys DIR [--token TOKEN] [--name NAME] [--every MS]
  --keys   the party's own folder; keys are made there at first start (0600). A supervisor uses its witness's folder.
  Its owner's rules stand in DIR/rules.json, made at first start: what a draw agent checks before it commits.
  --token  API token of the party's account; or PARTY_TOKEN in the environment`

const roles = ['witness', 'agency', 'supervisor', 'third'] as const
type Role = (typeof roles)[number]

function readArgs() {
  const options = {
    role: { type: 'string' },
    url: { type: 'string' },
    keys: { type: 'string' },
    token: { type: 'string' },
  } as const
  const more = { name: { type: 'string' }, every: { type: 'string' }, help: { type: 'boolean' } } as const
  const { values } = parseArgs({ options: { ...options, ...more } })
  const role = roles.find(one => one === values.role)
  const token = values.token ?? process.env.PARTY_TOKEN
  if (values.help || !role || !values.url || !values.keys || !token) {
    console.error(usage)
    process.exit(values.help ? 0 : 2)
  }
  return { role, url: values.url, keys: values.keys, token, name: values.name ?? role, every: Number(values.every ?? 300) }
}

const say = (role: Role, what: string) => console.log(`${new Date().toISOString()} ${role} ${what}`)

type Step = () => Promise<string[]>

async function makeStep({ role, url, keys: folder, token, name }: ReturnType<typeof readArgs>): Promise<Step> {
  const api = connect(url, token)
  const keep = openKeep(folder)
  const log = await pinnedLog(api, keep)
  const watcher = witnessKey(keep, `${name}.witness`)
  if (role === 'witness') {
    await registerWitness(api, keep, watcher)
    return async () => {
      const size = await witnessStep(api, keep, watcher, log)
      return size === null ? [] : [`cosigned ${size}`]
    }
  }
  const keys = { sign: keep.key('sign', 'ed25519'), wrap: keep.key('wrap', 'p256') }
  const agent: Agent = { party: role, name, ...keys, keep, log, rules: readOwnerRules(keep) }
  await registerAgent(api, agent)
  return () => agentStep(api, { ...agent, rules: readOwnerRules(keep) })
}

/** Keeps trying: a platform that is down or says no is asked again, more slowly. A split view ends the process with 1. */
async function run(): Promise<void> {
  const args = readArgs()
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, () => stop.abort())
  let step: Step | undefined
  while (!stop.signal.aborted) {
    let wait = args.every
    try {
      step ??= await makeStep(args)
      for (const done of await step()) say(args.role, done)
    } catch (error) {
      say(args.role, `failed: ${error instanceof Error ? error.message : String(error)}`)
      if (error instanceof SplitView) process.exit(1)
      wait = Math.max(1_000, args.every)
    }
    await pause(wait, undefined, { signal: stop.signal }).catch(() => {})
  }
}

await run()
