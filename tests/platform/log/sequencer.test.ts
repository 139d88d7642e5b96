import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkTimeStamp } from '@/crypto/cms-verify'
import { leafHash, verifyConsistency, verifyInclusion } from '@/crypto/merkle'
import { noteHolds, readCheckpoint } from '@/crypto/note'
import { ledgerLeaf } from '@/crypto/tlog'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { append } from '~/platform/log/append.server'
import { logVerifierKey } from '~/platform/log/checkpoint.server'
import {
  listLotEntries,
  proveConsistency,
  proveInclusion,
  readCheckpointCovering,
  readEntryById,
  readPublicCheckpoint,
} from '~/platform/log/read.server'

let site: TestPlatform
const lotId = crypto.randomUUID()

beforeAll(async () => {
  site = await testPlatform()
})
afterAll(() => site.close())

const write = async (n: number, sealed = false) => {
  const ctx = await site.ctx()
  const made = []
  for (let i = 0; i < n; i++) made.push(await append(ctx, 'test', { lotId, sealed, facts: { i } }))
  return made
}

test('every entry gets an index once, and its inclusion proof holds in the checkpoint that covers it', async () => {
  const ctx = await site.ctx()
  const made = [...(await write(3)), ...(await write(10))]
  await site.platform.sequencer.flush()
  const idxs = []
  for (const { entryId, salt, payload } of made) {
    const entry = (await readEntryById(ctx, entryId))!
    const checkpoint = (await readCheckpointCovering(ctx, entry.idx))!
    const proof = await proveInclusion(site.platform, entry.idx, checkpoint.size)
    const leaf = ledgerLeaf(salt, payload)
    expect(verifyInclusion({ index: entry.idx, size: checkpoint.size, leaf, proof, root: checkpoint.root })).toBe(true)
    expect(verifyInclusion({ index: entry.idx, size: checkpoint.size, leaf: leafHash(salt), proof, root: checkpoint.root })).toBe(
      false,
    )
    idxs.push(entry.idx)
  }
  expect(new Set(idxs).size).toBe(made.length)
})

test('a public checkpoint is filled up with cover leaves to a multiple of 16', async () => {
  await write(5)
  const size = await site.platform.sequencer.publish()
  expect(size % 16).toBe(0)
  expect((await readPublicCheckpoint(await site.ctx()))!.size).toBe(size)
})

test('each public checkpoint extends the one before it', async () => {
  const ctx = await site.ctx()
  const first = (await readPublicCheckpoint(ctx))!
  await write(40)
  await site.platform.sequencer.publish()
  const second = (await readPublicCheckpoint(ctx))!
  const proof = await proveConsistency(site.platform, first.size, second.size)
  expect(verifyConsistency({ size1: first.size, size2: second.size, root1: first.root, root2: second.root, proof })).toBe(true)
})

test('what a transaction rolled back is not in the log', async () => {
  const ctx = await site.ctx()
  const before = (await readPublicCheckpoint(ctx))!.size
  await ctx.db
    .transaction(async tx => {
      await append({ ...ctx, db: tx }, 'test', { facts: {} })
      throw new Error('rolled back')
    })
    .catch(() => {})
  await site.platform.sequencer.publish()
  expect((await readPublicCheckpoint(ctx))!.size).toBe(before)
})

test('concurrent callers share a round and each finds its own entry', async () => {
  const made = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const [one] = await write(1)
      await site.platform.sequencer.flush()
      return readEntryById(await site.ctx(), one!.entryId)
    }),
  )
  expect(made.every(entry => entry !== null)).toBe(true)
})

test('a sealed act shows no lot and no action, and the lot lists only the others', async () => {
  const ctx = await site.ctx()
  const before = (await listLotEntries(ctx, lotId)).length
  const [sealed] = await write(1, true)
  await write(1)
  await site.platform.sequencer.flush()
  expect((await listLotEntries(ctx, lotId)).length).toBe(before + 1)
  const { rows } = await site.platform.database.pool.query('select lot_id, action from log_payload where entry_id = $1', [
    sealed!.entryId,
  ])
  expect(rows).toEqual([{ lot_id: null, action: null }])
})

test('leaves and payloads refuse to be changed', async () => {
  await expect(site.platform.database.pool.query('delete from log_leaf')).rejects.toThrow('append-only')
  await expect(site.platform.database.pool.query('update log_payload set idx = idx + 100000')).rejects.toThrow('append-only')
})

test('a checkpoint is a signed note, and a time-stamp over it names its time', async () => {
  const checkpoint = (await readPublicCheckpoint(await site.ctx()))!
  expect(noteHolds(checkpoint.note, logVerifierKey(site.platform.config, site.platform.vault))).toBe(true)
  expect(readCheckpoint(checkpoint.note).size).toBe(checkpoint.size)
  const digest = new Uint8Array(createHash('sha256').update(checkpoint.note).digest())
  const stamp = checkTimeStamp(checkpoint.tsaToken!, digest)!
  expect(Math.abs(stamp.at.getTime() - checkpoint.signedAt.getTime())).toBeLessThan(5_000)
})
