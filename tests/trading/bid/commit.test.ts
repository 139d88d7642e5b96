import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unhex } from '@/crypto/bytes'
import { messageHash, messageText } from '@/crypto/messages'
import { ledgerLeaf, parseTlogProof, tlogProofHolds } from '@/crypto/tlog'
import { bidAct, upload } from '@/db/schema/trading/bid'
import { lot } from '@/db/schema/trading/project'
import {
  aBid,
  aBidder,
  anUpload,
  type Bidder,
  bidFiles,
  commitStatement,
  sealFor,
  statementOf,
  uploadAll,
} from '@/tests/factories/bid'
import { aSigner, signText } from '@/tests/factories/certificate'
import { aSealingLot, type SealingLot } from '@/tests/factories/custody'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { revokeCertificate } from '~/platform/identity/certificate.server'
import { readMyBid } from '~/trading/bid/bid.read.server'
import { commitBid, confirmBid } from '~/trading/bid/commit.server'
import { listSealedActs } from '~/trading/bid/sealed-index.server'
import { publishCorrection, terminateLot } from '~/trading/notice/notice.server'

let t: TestPlatform
let open: SealingLot
beforeAll(async () => {
  t = await testPlatform()
  open = await aSealingLot(t, { seconds: 3600 })
})
afterAll(() => t.close())

const mine = async (bidder: Bidder, lotId = open.lotId) => readMyBid(await t.ctx(bidder.actor), lotId)
const refusedWith = (code: string) => expect.objectContaining({ code })

describe.each(['intl', 'gm'] as const)('suite %s, mode both', suite => {
  test('a sealed bid is committed and its receipt proves it', async () => {
    const made = await aSealingLot(t, { seconds: 600, lot: { suite, releaseMode: 'both' } })
    const { receipt, statement } = await aBid(t, made)
    expect(receipt).toMatchObject({ t: 'tbid/receipt@1', kind: 'submit', statement: messageHash(statement), lot: made.lotId })
    const proof = parseTlogProof(receipt.proof)
    const leaf = ledgerLeaf(unhex(receipt.salt), receipt.payload)
    expect(proof.index).toBe(receipt.index)
    expect(tlogProofHolds(leaf, proof)).toBe(true)
    expect(receipt.payload).toMatchObject({ t: 'tbid/entry.submit@1', statement, at: receipt.at })
    const bent = ledgerLeaf(unhex(receipt.salt), { ...receipt.payload, at: '2026-01-01T00:00:00.000Z' })
    expect(tlogProofHolds(bent, proof)).toBe(false)
  })
})

test('a bid is replaced, withdrawn and given again; each version follows the one before', async () => {
  const first = await aBid(t, open)
  const { bidder } = first
  const second = await aBid(t, open, { bidder, after: first })
  const withdrawal = statementOf(t, open, bidder, { seq: 3, prev: messageHash(second.statement) })
  await commitStatement(t, open, bidder, withdrawal, {})
  const again = statementOf(t, open, bidder, { seq: 4, prev: messageHash(withdrawal) })
  await expect(commitStatement(t, open, bidder, again, {})).rejects.toMatchObject({ code: 'no-bid' })
  await aBid(t, open, { bidder, after: { seq: 3, statement: withdrawal } })
  const { versions, refused } = await mine(bidder)
  expect(versions.map(v => [v.seq, v.isWithdrawal])).toEqual([
    [1, false],
    [2, false],
    [3, true],
    [4, false],
  ])
  expect(refused.map(r => r.code)).toEqual(['no-bid'])
})

test('the same statement again gets the same receipt; another one in its place is a replay', async () => {
  const { bidder, statement, uploads, receipt } = await aBid(t, open)
  expect(await commitStatement(t, open, bidder, statement, uploads)).toEqual(receipt)
  const sealed = await sealFor(open, bidder, bidFiles(open.lotId))
  const other = statementOf(t, open, bidder, { files: sealed.files })
  await expect(commitStatement(t, open, bidder, other, await uploadAll(t, bidder.actor, sealed))).rejects.toMatchObject({
    code: 'replayed',
  })
  const skipped = statementOf(t, open, bidder, { files: sealed.files, seq: 3, prev: messageHash(statement) })
  await expect(commitStatement(t, open, bidder, skipped, {})).rejects.toMatchObject({ code: 'replayed' })
  expect((await mine(bidder)).versions).toHaveLength(1)
})

test('two commits of one bidder at once: one counts', async () => {
  const bidder = await aBidder(t, open)
  const wishes = await Promise.all([1n, 2n].map(fen => sealFor(open, bidder, bidFiles(open.lotId, fen))))
  const ready = await Promise.all(
    wishes.map(async sealed => ({
      statement: statementOf(t, open, bidder, { files: sealed.files }),
      uploads: await uploadAll(t, bidder.actor, sealed),
    })),
  )
  const done = await Promise.allSettled(ready.map(one => commitStatement(t, open, bidder, one.statement, one.uploads)))
  expect(done.map(one => one.status).sort()).toEqual(['fulfilled', 'rejected'])
  expect((await mine(bidder)).versions).toHaveLength(1)
})

test('refusals at once are all kept', async () => {
  const bidder = await aBidder(t, open)
  const statements = [1, 2, 3, 4].map(seq => statementOf(t, open, bidder, { seq: seq + 1, prev: String(seq).repeat(64) }))
  const done = await Promise.allSettled(statements.map(statement => commitStatement(t, open, bidder, statement, {})))
  expect(done.map(one => one.status)).toEqual(Array(4).fill('rejected'))
  expect((await mine(bidder)).refused.map(one => one.code)).toEqual(Array(4).fill('replayed'))
})

describe('a commit is refused, and the refusal kept with its time', () => {
  async function attempt(
    bend: (bidder: Bidder) => Promise<{ statement: string; uploads: Record<string, string>; cms?: string }>,
  ) {
    const bidder = await aBidder(t, open)
    const { statement, uploads, cms } = await bend(bidder)
    const signed = cms ?? (await signText(statement, bidder.signer))
    const failure = await commitBid(await t.ctx(bidder.actor), { lotId: open.lotId, statement, cms: signed, uploads }).then(
      () => null,
      error => error,
    )
    const { refused, versions } = await mine(bidder)
    expect(versions).toEqual([])
    return { failure, refused, statement }
  }
  async function sealedBy(bidder: Bidder, change: Parameters<typeof sealFor>[3] = {}, files = bidFiles(open.lotId)) {
    const sealed = await sealFor(open, bidder, files, change)
    return {
      sealed,
      uploads: await uploadAll(t, bidder.actor, sealed),
      statement: statementOf(t, open, bidder, { files: sealed.files }),
    }
  }
  const expectRefusal = async (code: string, bend: Parameters<typeof attempt>[0]) => {
    const { failure, refused, statement } = await attempt(bend)
    expect(failure).toMatchObject({ name: 'Refusal', code })
    expect(refused).toEqual([expect.objectContaining({ code, statementHash: messageHash(statement) })])
  }

  test('NOT_ENCRYPTED: a file that is not sealed', () =>
    expectRefusal('not-encrypted', async bidder => {
      const { sealed, uploads, statement } = await sealedBy(bidder)
      const [fileId, bytes] = [...sealed.bytes][0]!
      uploads[fileId] = await anUpload(t, bidder.actor, new Uint8Array(bytes.length).fill(65))
      return { statement, uploads }
    }))

  test('BAD_SIGNATURE: a signature over something else', () =>
    expectRefusal('bad-signature', async bidder => {
      const { uploads, statement } = await sealedBy(bidder)
      return { statement, uploads, cms: await signText(`${statement} `, bidder.signer) }
    }))

  test('BAD_SIGNATURE: signed with another certificate than the statement names', () =>
    expectRefusal('bad-signature', async bidder => {
      const { uploads, statement } = await sealedBy(bidder)
      return { statement, uploads, cms: await signText(statement, await aSigner(t, bidder.actor)) }
    }))

  test('WRONG_LOT: files sealed for another lot', () =>
    expectRefusal('wrong-lot', async bidder => {
      const { message, hash } = open.policy
      const bind = {
        project: message.project,
        lot: crypto.randomUUID(),
        round: 1,
        stage: 'main',
        deadline: '2026-12-01T01:30:00Z',
        bidderCert: bidder.signer.fingerprint,
        policy: hash,
      }
      return sealedBy(bidder, { bind })
    }))

  test('a statement for another lot', () =>
    expectRefusal('wrong-lot', async bidder => {
      const { sealed, uploads } = await sealedBy(bidder)
      return { statement: statementOf(t, open, bidder, { files: sealed.files, lot: crypto.randomUUID() }), uploads }
    }))

  test('another policy than the current one, in the statement or under the seal', async () => {
    await expectRefusal('policy-mismatch', async bidder => {
      const { sealed, uploads } = await sealedBy(bidder)
      return { statement: statementOf(t, open, bidder, { files: sealed.files, policy: '0'.repeat(64) }), uploads }
    })
    await expectRefusal('policy-mismatch', bidder => sealedBy(bidder, { mode: 'both', bidderKeys: [bidder.recipient] }))
    await expectRefusal('policy-mismatch', bidder => sealedBy(bidder, { k: 3 }))
    await expectRefusal('policy-mismatch', async bidder =>
      sealedBy(bidder, { lotKeys: [bidder.recipient, bidder.recipient, bidder.recipient] }),
    )
  })

  test('an upload that is not whole', () =>
    expectRefusal('upload-incomplete', async bidder => {
      const { sealed, uploads, statement } = await sealedBy(bidder)
      const [fileId, bytes] = [...sealed.bytes][1]!
      uploads[fileId] = await anUpload(t, bidder.actor, bytes.subarray(0, 5000), bytes.length)
      return { statement, uploads }
    }))

  test('bytes that do not have the signed root', () =>
    expectRefusal('file-damaged', async bidder => {
      const { sealed, uploads, statement } = await sealedBy(bidder)
      const [fileId, bytes] = [...sealed.bytes][0]!
      uploads[fileId] = await anUpload(
        t,
        bidder.actor,
        bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte)),
      )
      return { statement, uploads }
    }))

  test('two sealings mixed, a file without upload, no price file', async () => {
    await expectRefusal('seal-differs', async bidder => {
      const [one, two] = [await sealedBy(bidder), await sealedBy(bidder)]
      const files = [one.sealed.files[0]!, two.sealed.files[1]!]
      const uploads = Object.fromEntries(files.map((file, i) => [file.fileId, (i ? two : one).uploads[file.fileId]!]))
      return { statement: statementOf(t, open, bidder, { files }), uploads }
    })
    await expectRefusal('seal-differs', async bidder => ({ ...(await sealedBy(bidder)), uploads: {} }))
    await expectRefusal('seal-differs', bidder => sealedBy(bidder, {}, bidFiles(open.lotId).slice(1)))
  })

  test('a header bound to another certificate; a role, a stage, a file number or a head otherwise than sealed', async () => {
    const { message, hash } = open.policy
    const bind = {
      ...{ project: message.project, lot: message.lot, round: 1, stage: 'main', policy: hash },
      ...{ deadline: '2026-12-01T01:30:00Z', bidderCert: '0'.repeat(64) },
    }
    await expectRefusal('seal-differs', bidder => sealedBy(bidder, { bind }))
    type Stated = Awaited<ReturnType<typeof sealedBy>>['sealed']['files'][number]
    const states = (code: string, change: (file: Stated) => Stated) =>
      expectRefusal(code, async bidder => {
        const made = await sealedBy(bidder)
        const [price, technical] = made.sealed.files as [Stated, Stated]
        const changed = change(technical)
        const uploads = { ...made.uploads, [changed.fileId]: made.uploads[technical.fileId]! }
        if (changed.fileId !== technical.fileId) delete uploads[technical.fileId]
        return { statement: statementOf(t, open, bidder, { files: [price, changed] }), uploads }
      })
    await states('seal-differs', file => ({ ...file, role: 'business' }))
    await states('seal-differs', file => ({ ...file, role: 'no-such-role' }))
    await states('seal-differs', file => ({ ...file, stage: 'no-such-stage' }))
    await states('seal-differs', file => ({ ...file, fileId: '0'.repeat(32) }))
    await states('file-damaged', file => ({ ...file, head: '0'.repeat(64) }))
    await states('upload-incomplete', file => ({ ...file, size: file.size + 1 }))
  })

  test('a revoked certificate', () =>
    expectRefusal('cert-revoked', async bidder => {
      const made = await sealedBy(bidder)
      const ctx = await t.ctx(bidder.actor)
      await t.pass(1000)
      await revokeCertificate(await t.ctx(bidder.actor), { fingerprint: bidder.signer.fingerprint }).catch(async () => {
        const { certificate } = await import('@/db/schema/platform/identity')
        await ctx.db.update(certificate).set({ revokedAt: ctx.now }).where(eq(certificate.fingerprint, bidder.signer.fingerprint))
      })
      return made
    }))

  test('somebody else’s upload is not found', async () => {
    const { failure } = await attempt(async bidder => {
      const { sealed, statement } = await sealedBy(bidder)
      const other = await aBidder(t, open)
      return { statement, uploads: await uploadAll(t, other.actor, sealed) }
    })
    expect(failure).toMatchObject({ code: 'upload-unknown' })
  })
})

test('LATE: after the deadline nothing is taken, the lot is not locked, and the attempt is kept', async () => {
  const made = await aSealingLot(t, { seconds: 30 })
  const bidder = await aBidder(t, made)
  const sealed = await sealFor(made, bidder, bidFiles(made.lotId))
  const uploads = await uploadAll(t, bidder.actor, sealed)
  const statement = statementOf(t, made, bidder, { files: sealed.files })
  await t.pass(31_000)
  await expect(commitStatement(t, made, bidder, statement, uploads)).rejects.toMatchObject({
    code: 'bidding-closed',
    facts: { at: expect.any(String) },
  })
  expect((await mine(bidder, made.lotId)).refused).toEqual([refusedWith('bidding-closed')])
  await t.pass(-31_000)
  await expect(commitStatement(t, made, bidder, statement, uploads)).resolves.toMatchObject({ kind: 'submit' })
})

test('a commit in flight holds its lot: closing waits for it, and it counts', async () => {
  const made = await aSealingLot(t, { seconds: 30 })
  const { pool } = t.platform.database
  const client = await pool.connect()
  await client.query('begin')
  await client.query('select 1 from lot where id = $1 and bidding_ends_at > trade_clock() for share', [made.lotId])
  const closing = pool.query(`update lot set closed_at = trade_clock(), state = 'closed' where id = $1`, [made.lotId])
  const first = await Promise.race([
    closing.then(() => 'closed'),
    new Promise(resolve => setTimeout(() => resolve('waiting'), 300)),
  ])
  await client.query('commit')
  client.release()
  await closing
  expect(first).toBe('waiting')
})

test('a terminated or unknown lot takes nothing', async () => {
  const made = await aSealingLot(t, { seconds: 600 })
  const bidder = await aBidder(t, made)
  await terminateLot(await t.ctx(made.agency), { lotId: made.lotId, reason: '项目取消' })
  const statement = statementOf(t, made, bidder, { files: [], seq: 2, prev: '0'.repeat(64) })
  await expect(commitStatement(t, made, bidder, statement, {})).rejects.toMatchObject({ code: 'bidding-not-open' })
  const unknown = { ...made, lotId: crypto.randomUUID() }
  await expect(commitStatement(t, unknown, bidder, statement, {})).rejects.toMatchObject({ code: 'not-found' })
})

test('after a change notice a bid must be confirmed once; confirming keeps it, and only under the latest notice', async () => {
  const made = await aSealingLot(t, { seconds: 600 })
  const { bidder, statement } = await aBid(t, made)
  const { project, round } = made.policy.message
  const lotId = made.lotId
  const confirm = async (notice: string, noticeHash: string) => {
    const org = { org: bidder.actor.organisationId, cert: bidder.signer.fingerprint }
    const text = messageText({
      t: 'tbid/confirm@1',
      platform: t.platform.config.platformId,
      project,
      lot: lotId,
      round,
      policy: made.policy.hash,
      ...org,
      statement: messageHash(statement),
      notice,
      noticeHash,
    })
    return confirmBid(await t.ctx(bidder.actor), { lotId, statement: text, cms: await signText(text, bidder.signer) })
  }
  await expect(confirm('N', '0'.repeat(64))).rejects.toMatchObject({ code: 'already-current' })
  await publishCorrection(await t.ctx(made.agency), { lotId, title: '变更公告', body: '澄清第三章。', affectsBids: false })
  const due = (await mine(bidder, lotId)).needsConfirmation!
  expect(due.title).toBe('变更公告')
  await expect(confirm('N', '0'.repeat(64))).rejects.toMatchObject({ code: 'notice-not-latest' })
  expect(await confirm(due.notice, due.noticeHash)).toMatchObject({ kind: 'confirm' })
  expect(await confirm(due.notice, due.noticeHash)).toMatchObject({ kind: 'confirm' })
  const { needsConfirmation, confirmations } = await mine(bidder, lotId)
  expect([needsConfirmation, confirmations.length]).toEqual([null, 1])
  await t.platform.sequencer.flush()
  const acts = (await listSealedActs(await t.ctx(), [lotId])).get(lotId)!
  expect(acts.map(act => act.kind).sort()).toEqual(['confirm', 'refused', 'refused', 'submit'])
  const submit = acts.find(act => act.kind === 'submit')!
  expect(submit).toMatchObject({ termsVersion: 1, seq: 1, organisationId: bidder.actor.organisationId })
  const { rows } = await t.platform.database.pool.query('select encode(leaf, $2) as leaf from log_leaf where idx = $1', [
    submit.leafIdx,
    'hex',
  ])
  expect(rows[0].leaf).toBe(submit.leaf)
})

test('no row of a bid before opening names its lot, organisation, person or certificate', async () => {
  const { bidder, uploads } = await aBid(t, open)
  const secrets = [open.lotId, bidder.actor.organisationId, bidder.actor.personId, bidder.signer.fingerprint]
  const tables = ['bid_act', 'upload', 'log_pending', 'outbox', 'idempotency', 'rate_window']
  for (const table of tables) {
    const { rows } = await t.platform.database.pool.query(`select x::text as row from ${table} x`)
    for (const { row } of rows)
      for (const secret of secrets) expect(row.includes(secret), `${table}: ${row.slice(0, 80)}`).toBe(false)
  }
  const { rows } = await t.platform.database.pool.query(
    `select count(*)::int as n from log_payload where action like 'bid.%' or action = 'bid.refuse'`,
  )
  expect(rows[0].n).toBe(0)
  const [row] = await t.platform.database.db
    .select()
    .from(upload)
    .where(eq(upload.id, Object.values(uploads)[0]!))
  expect(row?.rootSha256).toMatch(/^[0-9a-f]{64}$/)
  const [{ n } = { n: 0 }] = await t.platform.database.db.select({ n: sql<number>`count(*)::int` }).from(bidAct)
  expect(n).toBeGreaterThan(0)
  expect((await t.platform.database.db.select().from(lot).where(eq(lot.id, open.lotId)))[0]?.state).toBe('bidding')
})
