// The format of a transcript is documented well enough for a stranger: sixty lines that import nothing of ours find the same panel.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DrawTranscript } from '@/crypto/draw-transcript'
import { playDraw } from './draw-world'

const folder = mkdtempSync(join(tmpdir(), 'open-tender-replay-'))
let transcript: DrawTranscript
beforeAll(async () => {
  transcript = (await playDraw(['refused', 'accepted', 'no-answer', 'engaged', 'avoid'])).transcript
})
afterAll(() => rmSync(folder, { recursive: true }))

const script = (name: string) => join(import.meta.dirname, name)
const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']).status === 0
// Node is always there; where Python is, the other language is tried too.
const programs: [string, string][] = [
  [process.execPath, 'replay-draw.mjs'],
  ...(hasPython ? [['python3', 'replay_draw.py'] as [string, string]] : []),
]

function replay(program: string, name: string, change: (copy: DrawTranscript) => void = () => {}) {
  const copy = structuredClone(transcript)
  change(copy)
  const file = join(folder, 'transcript.json')
  writeFileSync(file, JSON.stringify(copy))
  return spawnSync(program, [script(name), file], { encoding: 'utf8' })
}

describe.each(programs)('%s %s', (program, name) => {
  test('is sixty lines and imports nothing of ours', () => {
    const lines = readFileSync(script(name), 'utf8').trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(60)
    expect(lines.filter(line => /from '\.|from '@|from '~|import \./.test(line))).toEqual([])
  })

  test('finds the published panel, refusals and substitutes included', () => {
    const { status, stdout } = replay(program, name)
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual(transcript.panel)
    expect(transcript.events).toHaveLength(5)
  })

  test.each<[string, (copy: DrawTranscript) => void]>([
    ['another panel', copy => copy.panel.reverse()],
    ['another attempt', copy => void copy.attempt++],
    ['an event left out', copy => void copy.events.shift()],
    ['a row left out of E', copy => void copy.eligible.shift()],
    ['other rules', copy => void copy.rules.seats.reverse()],
    ['a share changed', copy => void Object.assign(copy.shares[0]!.msg, { share: Buffer.alloc(32, 7).toString('base64') })],
  ])('says no to %s', (_name, change) => expect(replay(program, name, change).status).not.toBe(0))
})
