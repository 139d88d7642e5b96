// npm run token -- --file FILE.p12 --password PASSWORD --pin PIN [--port 18789] [--origin URL]… [--ask]
// A USB key with its middleware, simulated: what a maker's program would do, on the address that pages look for by default.
import { readFileSync } from 'node:fs'
import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { startToken } from './token'

const usage = `npm run token -- --file FILE.p12 --password PASSWORD --pin PIN [--port 18789] [--origin URL]… [--ask]
  --file    the .p12 whose keys stand for those on the chip; --password opens it
  --pin     what the owner has to type; the third wrong one locks until the next start
  --origin  a site whose pages may ask; may stand several times. Without it only sites on this machine
  --ask     ask for the PIN here instead of taking it from the page
While it runs: type "out" and Enter to pull the key out, "in" to put it back (without --ask).`

const options = {
  file: { type: 'string' },
  password: { type: 'string' },
  pin: { type: 'string' },
  port: { type: 'string', default: '18789' },
  origin: { type: 'string', multiple: true },
  ask: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

async function main(): Promise<void> {
  const { values } = parseArgs({ options })
  const { file, password, pin, origin } = values
  if (values.help || !file || password === undefined || !pin) {
    console.error(usage)
    process.exit(values.help ? 0 : 2)
  }
  const lines = createInterface({ input: stdin, output: stdout })
  const token = await startToken({
    file: new Uint8Array(readFileSync(file)),
    password,
    pin,
    port: Number(values.port),
    mayAsk: origin ? asking => origin.includes(asking) : undefined,
    askOwner: values.ask ? async () => (await lines.question('PIN (empty cancels): ')) || null : undefined,
  })
  console.log(`USB key on ${token.url}`)
  if (!values.ask) lines.on('line', line => (line === 'out' ? token.remove() : line === 'in' ? token.insert() : undefined))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void token.close().then(() => process.exit(0)))
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
