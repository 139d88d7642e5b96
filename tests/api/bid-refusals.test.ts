import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messageHash, messageText } from '@/crypto/messages'
import { certificate } from '@/db/schema/platform/identity'
import { prequalification } from '@/db/schema/trading/eligibility'
import { anActor } from '@/tests/factories/actor'
import { aBid, aBidder, anUpload, type Bidder, bidFiles, sealFor, statementOf, uploadAll } from '@/tests/factories/bid'
import { type BidApi, bidApi, testAddress } from '@/tests/factories/bid-api'
import { aSigner, signText } from '@/tests/factories/certificate'
import { aSealingLot, type SealingLot } from '@/tests/factories/custody'
import { aDocument } from '@/tests/factories/lot'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readOrganisation } from '~/platform/organisation/organisation.read.server'
import { listOwnActs } from '~/trading/bid/sealed-act.server'
import { listSealedActs } from '~/trading/bid/sealed-index.server'
import { enterDebarment } from '~/trading/eligibility/debarment.server'
import { publishPrequalified } from '~/trading/eligibility/prequalification.server'
import { publishCorrection, publishNotice } from '~/trading/notice/notice.server'

let t: TestPlatform
let api: BidApi
let open: SealingLot

beforeAll(async () => {
  t = await testPlatform()
  api = bidApi(t)
  open = await aSealingLot(t, { seconds: 3600 })
})
afterAll(async () => {
  api.close()
  await t.close()
})

interface Attempt {
  lot?: SealingLot
  bidder: Bidder
  /** The body of the request, or the body as text when it is no JSON. */
  body: Record<string, unknown> | string
  path?: string
}

const json = { 'content-type': 'application/json' }
const post = (path: string, body: string) => fetch(`${api.base}${path}`, { method: 'POST', headers: json, body })
const mineOf = async (lot: SealingLot) => (await fetch(`${api.base}/lots/${lot.lotId}/my-bid`)).json()

/** What a person can do about it is part of the sentence (the last clause of each refusal of a commit). */
const saysWhatToDo = /请(续传|重新|更换|更新|改用|用|刷新|先|由|向|为|核对|在|检查)|如有异议，请|如认为有误，请|截止后不能补交/

/** Posts, expects this refusal, and that exactly one row holds it with its reason, time, address and sentence. */
async function expectRecorded(code: string, { lot = open, bidder, body, path = 'bids' }: Attempt, status = 409) {
  api.as(bidder.actor)
  const before = (await mineOf(lot)).refused.length
  const from = new Date((await t.ctx()).now.getTime() - 2_000)
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await post(`/lots/${lot.lotId}/${path}`, text)
  const problem = await response.json()
  expect([response.status, problem.code]).toEqual([status, code])
  expect(problem.detail).toMatch(/^未[^。]+。|^未[^。]+）/)
  expect(problem.detail, code).toMatch(saysWhatToDo)
  const { refused } = await mineOf(lot)
  expect(refused).toHaveLength(before + 1)
  const row = refused.at(-1)
  expect(row).toMatchObject({ code, text: problem.detail, address: testAddress })
  expect(new Date(row.at).getTime()).toBeGreaterThanOrEqual(from.getTime())
  const own = { lotId: lot.lotId, round: 1, organisationId: bidder.actor.organisationId }
  const kept = (await listOwnActs(await t.ctx(bidder.actor), own, 'refused')).at(-1)
  expect(kept).toMatchObject({ code, address: testAddress, personId: bidder.actor.personId })
  await t.platform.sequencer.flush()
  const acts = (await listSealedActs(await t.ctx(), [lot.lotId])).get(lot.lotId) ?? []
  expect(acts.find(act => act.id === kept?.id)?.leaf).toMatch(/^[0-9a-f]{64}$/)
  return row as { code: string; statementHash: string }
}

type Change = Parameters<typeof sealFor>[3]

/** A bid ready to be committed: sealed, uploaded, stated, signed. */
async function ready(lot: SealingLot = open, change: Change = {}, files = bidFiles(lot.lotId)) {
  const bidder = await aBidder(t, lot)
  const sealed = await sealFor(lot, bidder, files, change)
  const uploads = await uploadAll(t, bidder.actor, sealed)
  const statement = statementOf(t, lot, bidder, { files: sealed.files })
  return { bidder, sealed, uploads, statement, body: { statement, cms: await signText(statement, bidder.signer), uploads } }
}

test('what is refused below would have been taken', async () => {
  const { bidder, body } = await ready()
  api.as(bidder.actor)
  const response = await post(`/lots/${open.lotId}/bids`, JSON.stringify(body))
  expect(response.status).toBe(201)
  expect((await mineOf(open)).refused).toEqual([])
})

describe('each refused attempt is a row with reason, time and address, and a sentence that says what to do', () => {
  test('late', async () => {
    const lot = await aSealingLot(t, { seconds: 30 })
    const { bidder, body } = await ready(lot)
    await t.pass(31_000)
    await expectRecorded('bidding-closed', { lot, bidder, body })
    await t.pass(-31_000)
  })

  test('a file that is not encrypted', async () => {
    const { bidder, sealed, body, uploads } = await ready()
    const [fileId, bytes] = [...sealed.bytes][0]!
    const plain = await anUpload(t, bidder.actor, new Uint8Array(bytes.length).fill(65))
    await expectRecorded('not-encrypted', { bidder, body: { ...body, uploads: { ...uploads, [fileId]: plain } } })
  })

  test('a container whose header does not conform', async () => {
    const { bidder, sealed, body, uploads } = await ready()
    const [fileId, bytes] = [...sealed.bytes][0]!
    const bent = Uint8Array.from(bytes)
    bent[12] = 0x5b
    const upload = await anUpload(t, bidder.actor, bent)
    await expectRecorded('not-encrypted', { bidder, body: { ...body, uploads: { ...uploads, [fileId]: upload } } })
  })

  test('sealed otherwise than stated: no price file', async () => {
    const { bidder, body } = await ready(open, {}, bidFiles(open.lotId).slice(1))
    await expectRecorded('seal-differs', { bidder, body })
  })

  test('a bad signature: over something else, or no CMS at all', async () => {
    const { bidder, statement, body } = await ready()
    const other = await signText(`${statement} `, bidder.signer)
    await expectRecorded('bad-signature', { bidder, body: { ...body, cms: other } })
    await expectRecorded('bad-signature', { bidder, body: { ...body, cms: 'AAAA' } })
  })

  test('a foreign signature: another organisation’s certificate, or an own one the statement does not name', async () => {
    const { bidder, statement, body } = await ready()
    const stranger = await aBidder(t, open)
    await expectRecorded('cert-not-bound', { bidder, body: { ...body, cms: await signText(statement, stranger.signer) } })
    const second = await aSigner(t, bidder.actor)
    await expectRecorded('bad-signature', { bidder, body: { ...body, cms: await signText(statement, second) } })
  })

  test('a revoked certificate', async () => {
    const { bidder, body } = await ready()
    const { db, now } = await t.ctx()
    const revokedAt = new Date(now.getTime() - 1000)
    await db.update(certificate).set({ revokedAt }).where(eq(certificate.fingerprint, bidder.signer.fingerprint))
    await expectRecorded('cert-revoked', { bidder, body })
  })

  test('the wrong lot: stated, or sealed for', async () => {
    const { bidder, sealed, body } = await ready()
    const statement = statementOf(t, open, bidder, { files: sealed.files, lot: crypto.randomUUID() })
    await expectRecorded('wrong-lot', { bidder, body: { ...body, statement, cms: await signText(statement, bidder.signer) } })
    const elsewhere = await aSealingLot(t, { seconds: 3600 })
    const foreign = await sealFor(elsewhere, bidder, bidFiles(open.lotId))
    const again = statementOf(t, open, bidder, { files: foreign.files })
    const uploads = await uploadAll(t, bidder.actor, foreign)
    const signed = { statement: again, cms: await signText(again, bidder.signer), uploads }
    await expectRecorded('wrong-lot', { bidder, body: signed })
  })

  test('the wrong policy: stated, or sealed under', async () => {
    const { bidder, sealed, body } = await ready()
    const statement = statementOf(t, open, bidder, { files: sealed.files, policy: '0'.repeat(64) })
    const signed = { ...body, statement, cms: await signText(statement, bidder.signer) }
    await expectRecorded('policy-mismatch', { bidder, body: signed })
    const under = await ready(open, { k: 3 })
    await expectRecorded('policy-mismatch', { bidder: under.bidder, body: under.body })
  })

  test('not prequalified', async () => {
    const lot = await aSealingLot(t, { state: 'ready' })
    const passed = await aBidder(t, lot)
    const { creditCode } = await readOrganisation(await t.ctx(), passed.actor.organisationId)
    await publishPrequalified(await t.ctx(lot.agency), { lotId: lot.lotId, creditCodes: [creditCode] })
    await aDocument(t, lot.agency, lot.lotId)
    const { now } = await t.ctx()
    const biddingEndsAt = new Date(Math.ceil(now.getTime() / 1000) * 1000 + 600_000)
    await publishNotice(await t.ctx(lot.agency), { lotId: lot.lotId, title: '公告', body: '招标。', biddingEndsAt })
    const { bidder, body } = await ready(lot)
    await expectRecorded('not-prequalified', { lot, bidder, body })
  })

  test('debarred', async () => {
    const { bidder, body } = await ready()
    await debar(bidder)
    await expectRecorded('debarred', { bidder, body })
  })

  test('a replay: another statement in a place that is taken, or one that follows nothing', async () => {
    const first = await aBid(t, open)
    const sealed = await sealFor(open, first.bidder, bidFiles(open.lotId))
    const uploads = await uploadAll(t, first.bidder.actor, sealed)
    for (const place of [
      { seq: 1, prev: null },
      { seq: 3, prev: messageHash(first.statement) },
    ]) {
      const statement = statementOf(t, open, first.bidder, { files: sealed.files, ...place })
      const body = { statement, cms: await signText(statement, first.bidder.signer), uploads }
      await expectRecorded('replayed', { bidder: first.bidder, body })
    }
  })

  test('a missing part: an upload that stopped half way, one that was never made, one of somebody else', async () => {
    const { bidder, sealed, body, uploads } = await ready()
    const [fileId, bytes] = [...sealed.bytes][1]!
    const half = await anUpload(t, bidder.actor, bytes.subarray(0, 5000), bytes.length)
    await expectRecorded('upload-incomplete', { bidder, body: { ...body, uploads: { ...uploads, [fileId]: half } } })
    const none = crypto.randomUUID()
    await expectRecorded('upload-unknown', { bidder, body: { ...body, uploads: { ...uploads, [fileId]: none } } })
    const stranger = await aBidder(t, open)
    const foreign = await anUpload(t, stranger.actor, bytes)
    await expectRecorded('upload-unknown', { bidder, body: { ...body, uploads: { ...uploads, [fileId]: foreign } } })
  })

  test('a root that is not the signed one', async () => {
    const { bidder, sealed, body, uploads } = await ready()
    const [fileId, bytes] = [...sealed.bytes][0]!
    const bent = await anUpload(
      t,
      bidder.actor,
      bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte)),
    )
    await expectRecorded('file-damaged', { bidder, body: { ...body, uploads: { ...uploads, [fileId]: bent } } })
  })

  test('a malformed statement, an unknown field, no JSON: recorded by the hash of what came', async () => {
    const { bidder, body } = await ready()
    const bent = { ...body, statement: '{"t":"tbid/submit@1"}' }
    const row = await expectRecorded('statement-malformed', { bidder, body: bent }, 422)
    expect(row.statementHash).toBe(messageHash(bent.statement))
    const spaced = { ...body, statement: ` ${body.statement}` }
    await expectRecorded('statement-malformed', { bidder, body: spaced }, 422)
    await expectRecorded('statement-malformed', { bidder, body: { ...body, price: 1 } }, 422)
    await expectRecorded('statement-malformed', { bidder, body: { ...body, cms: 'not base64!' } }, 422)
    const broken = await expectRecorded('statement-malformed', { bidder, body: '{"statement":' }, 422)
    expect(broken.statementHash).toBe(messageHash('{"statement":'))
    await expectRecorded('statement-malformed', { bidder, body: `"${'a'.repeat(600_000)}"` }, 422)
    const slip = await post(`/lots/${open.lotId}/bids`, JSON.stringify({ ...body, uploads: { x: 'y' } }))
    expect(Object.keys((await slip.json()).fields)).toEqual(['uploads.x'])
  })
})

async function debar({ actor }: Bidder) {
  const { creditCode } = await readOrganisation(await t.ctx(), actor.organisationId)
  const supervisor = await anActor(t, 'supervisor')
  const order = { creditCode, name: '某公司', reason: '串通投标', source: '某财政局 12 号' }
  await enterDebarment(await t.ctx(supervisor), { ...order, startsOn: '2020-01-01', endsOn: '2099-12-31' })
}

/** A confirmation of the bid under the lot's newest change notice. */
async function confirmationOf(lot: SealingLot, { bidder, statement }: Awaited<ReturnType<typeof aBid>>, change = {}) {
  api.as(bidder.actor)
  const { needsConfirmation } = await mineOf(lot)
  const { project, round } = lot.policy.message
  const text = messageText({
    t: 'tbid/confirm@1',
    platform: t.platform.config.platformId,
    project,
    lot: lot.lotId,
    round,
    policy: lot.policy.hash,
    org: bidder.actor.organisationId,
    cert: bidder.signer.fingerprint,
    statement: messageHash(statement),
    notice: needsConfirmation?.notice,
    noticeHash: needsConfirmation?.noticeHash,
    ...change,
  })
  return { statement: text, cms: await signText(text, bidder.signer) }
}

test('a confirmation after a change is checked as a commit is: malformed, foreign signature, debarred, late', async () => {
  const lot = await aSealingLot(t, { seconds: 600 })
  const [one, two] = [await aBid(t, lot), await aBid(t, lot)]
  await publishCorrection(await t.ctx(lot.agency), { lotId: lot.lotId, title: '变更公告', body: '澄清。', affectsBids: false })
  const body = await confirmationOf(lot, one)
  const attempt = { lot, bidder: one.bidder, path: 'bids/confirmation' }
  await expectRecorded('statement-malformed', { ...attempt, body: { ...body, statement: '{}' } }, 422)
  await expectRecorded('statement-malformed', { ...attempt, body: '{' }, 422)
  const stranger = await aBidder(t, lot)
  await expectRecorded('cert-not-bound', { ...attempt, body: { ...body, cms: await signText(body.statement, stranger.signer) } })
  const unnamed = await confirmationOf(lot, one, { cert: '0'.repeat(64) })
  await expectRecorded('bad-signature', { ...attempt, body: unnamed })
  await debar(one.bidder)
  await expectRecorded('debarred', { ...attempt, body })
  const late = await confirmationOf(lot, two)
  await t.pass(601_000)
  await expectRecorded('bidding-closed', { ...attempt, bidder: two.bidder, body: late })
  await t.pass(-601_000)
})

test('a confirmation of whoever did not pass prequalification: nothing to confirm, and a bid that stands is not kept alive', async () => {
  const lot = await aSealingLot(t, { seconds: 600 })
  const one = await aBid(t, lot)
  await publishCorrection(await t.ctx(lot.agency), { lotId: lot.lotId, title: '变更公告', body: '澄清。', affectsBids: false })
  const body = await confirmationOf(lot, one)
  // Nobody can publish the list once bids are in; it is put there as a court's order would have it.
  await (await t.ctx()).db.insert(prequalification).values({ lotId: lot.lotId, round: 1, publishedAt: new Date() })
  await expectRecorded('not-prequalified', { lot, bidder: one.bidder, path: 'bids/confirmation', body })
  const { bidder, body: commit } = await ready(lot)
  await expectRecorded('not-prequalified', { lot, bidder, body: commit })
  api.as(one.bidder.actor)
  const { notice, noticeHash } = (await mineOf(lot)).needsConfirmation
  const confirmation = await confirmationOf(lot, { ...one, bidder }, { notice, noticeHash })
  await expectRecorded('no-bid', { lot, bidder, path: 'bids/confirmation', body: confirmation })
})

test('refused attempts fill nothing: after two hundred the answer stays, the rows do not grow', async () => {
  const { bidder, body } = await ready()
  api.as(bidder.actor)
  const bent = JSON.stringify({ ...body, statement: '{}' })
  const codes = new Set<string>()
  for (let n = 0; n < 50; n++) {
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(`/lots/${open.lotId}/bids`, bent)))
    for (const answer of answers) codes.add((await answer.json()).code)
  }
  expect([...codes]).toEqual(['statement-malformed'])
  expect((await mineOf(open)).refused).toHaveLength(200)
}, 60_000)
