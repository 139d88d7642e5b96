// A client process of the opening bench: posts its share of the releases to all servers as fast as they take them.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

const [file, ...paths] = process.argv.slice(2)
const lines = readFileSync(file!, 'utf8').split('\n').filter(Boolean)
const sockets = paths.map(path => connect(path))
let left = lines.length
const refused: string[] = []

for (const socket of sockets) {
  createInterface({ input: socket }).on('line', line => {
    const said = line.slice(line.indexOf(' ') + 1)
    if (said !== '0') refused.push(said)
    left--
    if (left === 0) process.send!({ done: true, refused: refused.slice(0, 5), count: refused.length })
  })
}

process.on('message', () => {
  for (const [id, line] of lines.entries())
    sockets[Math.floor(Math.random() * sockets.length)]!.write(`{"id":${id},${line.slice(1)}\n`)
})
process.on('disconnect', () => process.exit(0))
process.send!({ ready: true })
