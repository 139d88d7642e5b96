import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Api } from '@/bin/party/api'
import { type Keep, openKeep } from '@/bin/party/store'
import { type Cosigned, historyFile, pinnedLog, SplitView, witnessKey, witnessStep } from '@/bin/party/witness'
import { consistencyProof, treeRoot } from '@/crypto/merkle'
import { cosignatureLine } from '@/crypto/note'
import { noteKey, noteOf } from '../crypto/draw-world'

// A log at the other end of the wire, honest or not; the witness knows it only by what it answers.
const leafAt = (at: number) => createHash('sha256').update(`leaf ${at}`).digest()
const leavesTo = (size: number, from = leafAt) => Array.from({ length: size }, (_, at) => from(at))

function aLog(key = noteKey('test/log', 1)) {
  const state = { leaves: leavesTo(3), taken: [] as string[], refuse: false, vkey: key.vkey, signer: key }
  const api: Api = {
    getText: async () => noteOf(state.signer, null, state.leaves.length, treeRoot(state.leaves)),
    getBytes: async () => null,
    getJson: async <T>(path: string) => {
      if (path.endsWith('/anchors')) return { log: { vkey: state.vkey } } as T
      const from = Number(/from=(\d+)/.exec(path)?.[1])
      return { proof: consistencyProof(from, state.leaves).map(node => Buffer.from(node).toString('hex')) } as T
    },
    send: async (_method, _path, body) => {
      if (state.refuse) return { status: 503, body: null }
      state.taken.push((body as { note: string }).note)
      return { status: 200, body: null }
    },
  }
  return { api, state }
}

let folder: string
let keep: Keep
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-tender-witness-'))
  keep = openKeep(join(folder, 'keys'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const stepOf = async (api: Api) =>
  witnessStep(api, keep, witnessKey(keep, 'w'), await pinnedLog(api, keep), () => 1_790_000_000_000)

describe('a witness', () => {
  test('cosigns what continues what it saw, once per checkpoint', async () => {
    const { api, state } = aLog()
    expect(await stepOf(api)).toBe(3)
    state.leaves = leavesTo(7)
    expect(await stepOf(api)).toBe(7)
    expect(state.taken).toHaveLength(2)
    for (const note of state.taken) expect(cosignatureLine(note, witnessKey(keep, 'w').vkey)).not.toBeNull()
    expect(keep.lines<Cosigned>(historyFile).map(({ size }) => size)).toEqual([3, 7])
  })

  test('keeps its key and history over a restart, readable by its owner alone', async () => {
    const { api } = aLog()
    const { vkey } = witnessKey(keep, 'w')
    await stepOf(api)
    const again = openKeep(join(folder, 'keys'))
    expect(witnessKey(again, 'w').vkey).toBe(vkey)
    for (const file of ['witness.pem', historyFile, 'log.json']) expect(statSync(join(folder, 'keys', file)).mode & 0o077).toBe(0)
  })

  test('refuses a rewritten log and stops', async () => {
    const { api, state } = aLog()
    await stepOf(api)
    state.leaves = leavesTo(9, at => leafAt(at + 100))
    await expect(stepOf(api)).rejects.toThrow(SplitView)
    state.leaves = leavesTo(3, at => leafAt(at + 100))
    await expect(stepOf(api)).rejects.toThrow(SplitView)
    expect(state.taken).toHaveLength(1)
  })

  test('refuses a log under another key than the one it first met', async () => {
    const { api, state } = aLog()
    await stepOf(api)
    state.signer = noteKey('test/log', 1)
    state.vkey = state.signer.vkey
    state.leaves = leavesTo(9)
    await expect(stepOf(api)).rejects.toThrow(SplitView)
  })

  test('hands in the very same line again when the platform did not take it, never a second time stamp', async () => {
    const { api, state } = aLog()
    state.refuse = true
    await expect(stepOf(api)).rejects.toThrow()
    state.refuse = false
    state.leaves = leavesTo(5)
    expect(await stepOf(api)).toBe(5)
    expect(state.taken.map(note => note.split('\n')[1])).toEqual(['3', '5'])
    expect(state.taken[0]).toBe(keep.lines<Cosigned>(historyFile)[0]?.note)
  })

  test('ignores a checkpoint older than the last', async () => {
    const { api, state } = aLog()
    state.leaves = leavesTo(8)
    await stepOf(api)
    state.leaves = leavesTo(4)
    expect(await stepOf(api)).toBeNull()
  })
})
