// A client process of the opening bench: posts its share of the releases to all servers as fast as they take them.
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

interface Line {
  holder: number
  lotId: string
  message: string
  cms: string
}

const [file, tokenFile, ...servers] = process.argv.slice(2) as [string, string, ...string[]]
const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
const refused: string[] = []
let left = lines.length

/** One answer: nothing, or why it was refused. */
function answered(refusal: string | null): void {
  if (refusal) refused.push(refusal)
  left--
  if (left === 0) process.send!({ done: true, refused: refused.slice(0, 5), count: refused.length })
}

/** A balancer that sends what is about one lot to one process (README, Configuration). */
const placeOf = (lotId: string): number => Number.parseInt(lotId.slice(0, 8), 16) % servers.length

/** What is sent is made ready before the clock runs: making it is the clients' own work. */
function overSockets(): () => void {
  const sent = servers.map((): string[] => [])
  for (const [id, line] of lines.entries())
    sent[placeOf((JSON.parse(line) as Line).lotId)]!.push(`{"id":${id},${line.slice(1)}\n`)
  const bytes = sent.map(texts => Buffer.from(texts.join('')))
  return () => {
    const sockets = servers.map(path => connect(path))
    for (const socket of sockets)
      createInterface({ input: socket }).on('line', line => {
        const said = line.slice(line.indexOf(' ') + 1)
        answered(said === '0' ? null : said)
      })
    for (const [i, socket] of sockets.entries()) socket.write(bytes[i]!)
  }
}

function overHttp(): void {
  const tokens = JSON.parse(readFileSync(tokenFile, 'utf8')) as string[]
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  for (const line of lines) {
    const { holder, lotId, message, cms } = JSON.parse(line) as Line
    const [port, path] = [servers[placeOf(lotId)]!, `/api/v1/lots/${lotId}/releases`]
    const headers = { authorization: `Bearer ${tokens[holder]}`, 'content-type': 'application/json' }
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', agent, headers }, answer => {
      const parts: Buffer[] = []
      answer.on('data', part => parts.push(part))
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString()
        const isTaken = answer.statusCode === 201 && (JSON.parse(text) as { refused: unknown[] }).refused.length === 0
        answered(isTaken ? null : `${answer.statusCode} ${text.slice(0, 200)}`)
      })
    })
    sent.on('error', error => answered(error.message))
    sent.end(JSON.stringify({ message, cms }))
  }
}

const go = tokenFile === '-' ? overSockets() : overHttp
process.on('message', go)
process.on('disconnect', () => process.exit(0))
process.send!({ ready: true })
