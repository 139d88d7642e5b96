// A process of the opening bench's floor: the cryptography that the server itself must do, in a bare loop over data in memory.
import { readFileSync } from 'node:fs'
import { unbase64, utf8 } from '@/crypto/bytes'
import { relyOn } from '@/crypto/chain'
import { checkDetached } from '@/crypto/cms-verify'
import { parseHead } from '@/crypto/header'
import { readMessage } from '@/crypto/messages'
import { openSmall } from '@/crypto/open'
import { combineParts, type StageFacts, stageFactsOf } from '@/crypto/stage'
import { nodeSuites } from '@/crypto/suite-node'
import { certificateOf } from '@/crypto/x509'

interface Item {
  stage: StageFacts
  body: Uint8Array
  shares: Uint8Array[]
  partB: Uint8Array
}

const { messages, files, roots } = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as {
  messages: { message: string; cms: string }[]
  files: { statement: string; path: string }[]
  roots: string[]
}
const signed = messages.map(({ message, cms }) => ({ text: utf8(message), cms: unbase64(cms) }))
const items = new Map<string, Item>()
for (const { statement, path } of files) {
  const bytes = new Uint8Array(readFileSync(path))
  const head = parseHead(nodeSuites, bytes)
  items.set(statement, {
    stage: stageFactsOf([head]),
    body: bytes.subarray(head.bytes.length),
    shares: [],
    partB: new Uint8Array(),
  })
}
for (const { message } of messages) {
  for (const { statement, part, value } of readMessage('tbid/release@1', message).releases) {
    const item = items.get(statement)!
    if (part === 'b') item.partB = unbase64(value)
    else item.shares[Number(part.slice(1))] = unbase64(value)
  }
}
const trust = { roots: roots.map(certificateOf), at: new Date(), usages: ['digitalSignature' as const] }
const { hash } = nodeSuites.intl
const salt = new Uint8Array(67)

/** `share`: how much of the data. */
async function run(share: number): Promise<void> {
  for (const { text, cms } of signed.slice(0, signed.length * share)) {
    const check = checkDetached(cms, text)
    if (!check.ok || !relyOn(check.message.signer, trust).ok) throw new Error('signature')
    // An entry of the log: its payload's hash, then its leaf.
    hash(Buffer.concat([salt, hash(text)]))
  }
  for (const { stage, body, shares, partB } of [...items.values()].slice(0, items.size * share)) {
    const verdict = combineParts(stage, { shares, partB })
    if (verdict.state !== 'opened' || !(await openSmall(stage.files[0]!, verdict.stageKey, body)))
      throw new Error('does not open')
  }
}

process.on('message', async () => {
  const start = process.cpuUsage()
  await run(1)
  const { user, system } = process.cpuUsage(start)
  process.send!({ done: true, cpu: (user + system) / 1000 })
})
process.on('disconnect', () => process.exit(0))
// Like the servers it has done a little of this before the clock runs: what is measured is work, not the engine's compiling of it.
await run(1 / 16)
process.send!({ ready: true })
