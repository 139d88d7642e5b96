// tbid-seal/1 is documented well enough for strangers: programs that import nothing of ours open our published files, in both suites.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { concat, utf8 } from '@/crypto/bytes'
import gm from '../vectors/tbid-seal/full-gm.json'
import intl from '../vectors/tbid-seal/full-intl.json'

const folder = mkdtempSync(join(tmpdir(), 'open-tender-stranger-'))
afterAll(() => rmSync(folder, { recursive: true }))

const hasPython = spawnSync('python3', ['-c', 'from cryptography.hazmat.primitives.hashes import SM3']).status === 0
// Node is always there; where Python has its cryptography package, the other language is tried too.
const programs: [string, string][] = [
  [process.execPath, 'unseal-stranger.mjs'],
  ...(hasPython ? [['python3', 'unseal_stranger.py'] as [string, string]] : []),
]
const script = (name: string) => join(import.meta.dirname, name)

interface Attempt {
  b?: string
  c?: Record<string, string>
  bytes?: Uint8Array
}

function unseal([program, name]: [string, string], vector: typeof intl, { b, c, bytes }: Attempt = {}) {
  const { keys } = vector.inputs
  const [file, secrets] = [join(folder, 'file.tbid'), join(folder, 'keys.json')]
  writeFileSync(file, bytes ?? priceFile(vector))
  const shares = c ?? { 0: keys['custodian 0'].secret, 2: keys['custodian 2'].secret }
  writeFileSync(secrets, JSON.stringify({ b: b ?? keys.bidder.secret, c: shares }))
  return spawnSync(program, [script(name), file, secrets], { encoding: 'utf8' })
}

const suiteOf = (vector: typeof intl) => (vector === intl ? 'intl' : 'gm')
const priceFile = (vector: typeof intl) =>
  new Uint8Array(readFileSync(join(import.meta.dirname, `../vectors/tbid-seal/full-${suiteOf(vector)}-price.tbid`)))

describe.each(programs)('%s %s', (...program) => {
  test('imports nothing of ours', () => {
    const lines = readFileSync(script(program[1]), 'utf8').split('\n')
    expect(lines.filter(line => /from '\.|from '@|from '~|import\(|^from \./.test(line))).toEqual([])
  })

  test.each([
    ['intl', intl],
    ['gm', gm],
  ])('opens the published price file of suite %s, by any two custodians and the bidder', (_, vector) => {
    const { keys, content } = vector.inputs
    const { root } = vector.files[0]!
    const opened = { name: '开标一览表.json', role: 'price', content: Buffer.from(content.price).toString('base64'), root }
    const first = unseal(program, vector)
    expect(first.stderr).toBe('')
    expect(JSON.parse(first.stdout)).toEqual(opened)
    const other = unseal(program, vector, { c: { 0: keys['custodian 0'].secret, 1: keys['custodian 1'].secret } })
    expect(JSON.parse(other.stdout)).toEqual(opened)
  })

  test.each([
    ['intl', intl],
    ['gm', gm],
  ])('refuses what is bent, in suite %s: another key, a header for another lot, a flipped bit of the body', (_, vector) => {
    const { keys } = vector.inputs
    expect(unseal(program, vector, { b: keys['custodian 0'].secret }).status).not.toBe(0)
    const bytes = priceFile(vector)
    const at = Buffer.from(bytes).indexOf('"lot":"L-01"') + 9
    const moved = concat(bytes.subarray(0, at), utf8('2'), bytes.subarray(at + 1))
    expect(unseal(program, vector, { bytes: moved }).status).not.toBe(0)
    const bent = Uint8Array.from(bytes)
    bent[bent.length - 1]! ^= 1
    expect(unseal(program, vector, { bytes: bent }).status).not.toBe(0)
  })
})
