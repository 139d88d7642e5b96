import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyInclusion } from '@/crypto/merkle'
import { ledgerLeaf } from '@/crypto/tlog'
import { lot as lotTable } from '@/db/schema/trading/project'
import { anActor } from '@/tests/factories/actor'
import { aDocument, aLot, aPdf, aProject, lotInput, projectInput } from '@/tests/factories/lot'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import type { Refusal } from '~/shared/refusal'
import { addSeconds } from '~/shared/time'
import { readFileFor } from '~/trading/document/document.read.server'
import { addDocument } from '~/trading/document/document.server'
import { readLot } from '~/trading/lot/find-lot.server'
import { createLot, nameCustodians } from '~/trading/lot/lot.server'
import { publishCorrection, publishNotice, terminateLot } from '~/trading/notice/notice.server'
import { readNoticePaper } from '~/trading/notice/notice-paper.read.server'
import { makeNoticePaper } from '~/trading/notice/notice-paper.server'
import { listNotices, readNotice, readPublicLot } from '~/trading/notice/portal.read.server'
import { readNoticeProof } from '~/trading/notice/proof.read.server'
import { listPapers, readPaperFile } from '~/trading/opening/paper.read.server'
import { listProjects } from '~/trading/project/project.read.server'
import { createProject } from '~/trading/project/project.server'

let t: TestPlatform
beforeAll(async () => {
  t = await testPlatform()
})
afterAll(() => t.close())

const refused = async (act: Promise<unknown>): Promise<Refusal> => {
  try {
    await act
  } catch (error) {
    return error as Refusal
  }
  throw new Error('was not refused')
}

const whole = (at: Date) => new Date(Math.ceil(at.getTime() / 1000) * 1000)
const notice = { title: '招标公告', body: '现对本标段公开招标。' }

test('a project gets its number and keeps its rules and calendar', async () => {
  const agency = await anActor(t, 'agency')
  const [first, second] = [await aProject(t, agency), await aProject(t, agency)]
  expect(first.code).toMatch(/^E3500000717\d{6}$/)
  expect(Number(second.code.slice(-6))).toBe(Number(first.code.slice(-6)) + 1)
  const [row] = await listProjects(await t.ctx(agency))
  expect(row).toMatchObject({ edition: 'works.open-tender@2026.1-drill', calendarVersion: '放假安排 2024–2026' })
})

test('a project is refused with a wrong credit code, edition or region', async () => {
  const agency = await anActor(t, 'agency')
  const make = async (wish: object) => (await refused(createProject(await t.ctx(agency), projectInput(wish)))).code
  expect(await make({ tenderer: { name: '某单位', creditCode: '91350100M000100Y44' } })).toBe('credit-code-invalid')
  expect(await make({ edition: 'gp-goods.open-tender@2026.1' })).toBe('edition-not-offered')
  expect(await make({ edition: 'works@1' })).toBe('rule-edition-unknown')
  expect(await make({ regionCode: '990101' })).toBe('region-unknown')
})

test('others can neither see a project nor write to it', async () => {
  const { lotId, project } = await aLot(t)
  const stranger = await t.ctx(await anActor(t, 'agency'))
  expect((await refused(readLot(stranger, lotId))).code).toBe('not-found')
  expect((await refused(createLot(stranger, { projectId: project.id, input: lotInput() }))).code).toBe('not-found')
  expect((await refused(nameCustodians(stranger, { lotId, custodians: [] }))).code).toBe('not-found')
  const bidder = await t.ctx(await anActor(t, 'bidder'))
  expect((await refused(createLot(bidder, { projectId: project.id, input: lotInput() }))).code).toBe('not-allowed')
})

test('a supervisor sees the lots of its own region only', async () => {
  const { lotId } = await aLot(t)
  const [here, there] = [
    await anActor(t, 'supervisor', { regionPrefix: '3501' }),
    await anActor(t, 'supervisor', { regionPrefix: '33' }),
  ]
  expect((await readLot(await t.ctx(here), lotId)).lot.id).toBe(lotId)
  expect((await refused(readLot(await t.ctx(there), lotId))).code).toBe('not-found')
})

test('lots are numbered within their project, and a scoring that does not add up is refused', async () => {
  const agency = await anActor(t, 'agency')
  const project = await aProject(t, agency)
  const ctx = await t.ctx(agency)
  const first = await createLot(ctx, { projectId: project.id, input: lotInput() })
  const second = await createLot(ctx, { projectId: project.id, input: lotInput() })
  expect([first.code, second.code]).toEqual([`${project.code}001001`, `${project.code}001002`])
  const input = lotInput()
  input.scoring.priceWeight = '50'
  expect((await refused(createLot(ctx, { projectId: project.id, input }))).code).toBe('scoring-against-law')
})

test('custodians are organisations with that role, and no interest may open or block alone', async () => {
  const { lotId, agency, custodians } = await aLot(t, { state: 'keying' })
  const ctx = await t.ctx(agency)
  const named = (groups: string[]) => custodians.map((c, i) => ({ organisationId: c.organisationId, interestGroup: groups[i]! }))
  const name = async (groups: string[]) => refused(nameCustodians(ctx, { lotId, custodians: named(groups) }))
  expect((await name(['supervisor', 'third', 'other'])).text).toContain('算同一利益方')
  expect((await name(['tenderer-side', 'third', 'third'])).code).toBe('custodians-unsafe')
  const stranger = { organisationId: (await anActor(t, 'bidder')).organisationId, interestGroup: 'third' }
  const withStranger = [...named(['tenderer-side', 'supervisor', 'third']).slice(0, 2), stranger]
  expect((await refused(nameCustodians(ctx, { lotId, custodians: withStranger }))).code).toBe('custodian-unknown')
  expect(await nameCustodians(ctx, { lotId, custodians: named(['tenderer-side', 'supervisor', 'third']) })).toEqual({
    state: 'keying',
  })
})

test('a notice needs a signed policy and a document', async () => {
  const { lotId, agency } = await aLot(t, { state: 'keying' })
  const publish = async () =>
    publishNotice(await t.ctx(agency), { lotId, ...notice, biddingEndsAt: addSeconds(whole(new Date()), 60) })
  expect((await refused(publish())).text).toContain('待密钥')
  await t.platform.database.db.update(lotTable).set({ state: 'ready' }).where(eq(lotTable.id, lotId))
  expect((await refused(publish())).code).toBe('document-missing')
})

test('dates shorter than the law are refused with rule, article and the earliest day', async () => {
  const project = { edition: 'works.open-tender@2026.1' }
  const { lotId, agency } = await aLot(t, { state: 'ready', project })
  await aDocument(t, agency, lotId)
  const ctx = await t.ctx(agency)
  const day = 86_400
  const publish = (days: number, documentDays = days) =>
    publishNotice(ctx, {
      lotId,
      ...notice,
      biddingEndsAt: addSeconds(whole(ctx.now), days * day),
      documentEndsAt: addSeconds(whole(ctx.now), documentDays * day),
    })
  const short = await refused(publish(19))
  expect(short.code).toBe('dates-against-law')
  expect(short.facts).toMatchObject({ rules: 'TE-03', field: 'biddingEndsAt' })
  expect(short.text).toContain('《招标投标法》第二十四条')
  expect(short.text).toContain('最早应为')
  expect((await refused(publish(2))).facts).toMatchObject({ rules: 'TE-03', field: 'biddingEndsAt' })
  expect((await refused(publish(40, 3))).facts).toMatchObject({ rules: 'TE-01', field: 'documentEndsAt' })
  const done = await publish(40)
  expect(done.version).toBe(1)
  const { lot } = await readLot(ctx, lotId)
  expect(lot).toMatchObject({ state: 'bidding', closedAt: null })
  expect(lot.nextCheckAt).toEqual(lot.biddingEndsAt)
})

test('a tender that is not mandatory is published with the warning kept', async () => {
  const project = { edition: 'works.open-tender@2026.1', isToLaw: false }
  const { lotId, agency } = await aLot(t, { state: 'ready', project })
  await aDocument(t, agency, lotId)
  const ctx = await t.ctx(agency)
  const done = await publishNotice(ctx, { lotId, ...notice, biddingEndsAt: addSeconds(whole(ctx.now), 10 * 86_400) })
  expect(done.warnings.join()).toContain('第二十四条')
})

test('a document is public with the notice and not before', async () => {
  const { lotId, agency } = await aLot(t, { state: 'ready' })
  const { fileId } = await aDocument(t, agency, lotId)
  const everybody = await t.ctx({ kind: 'public' })
  expect((await refused(readFileFor(everybody, fileId))).code).toBe('not-found')
  expect((await readFileFor(await t.ctx(agency), fileId)).id).toBe(fileId)
  expect((await refused(readPublicLot(everybody, lotId))).code).toBe('not-found')
  const ctx = await t.ctx(agency)
  await publishNotice(ctx, { lotId, ...notice, biddingEndsAt: addSeconds(whole(ctx.now), 60) })
  expect((await readFileFor(everybody, fileId)).audience).toBe('public')
  expect((await readPublicLot(everybody, lotId)).documents.map(d => d.fileId)).toEqual([fileId])
  const late = addDocument(await t.ctx(agency), {
    lotId,
    kind: 'document',
    title: 'x',
    name: 'x.pdf',
    type: 'application/pdf',
    content: aPdf(),
  })
  expect((await refused(late)).code).toBe('document-fixed')
})

test('an empty file, another type and a file that is not what it says are refused and nothing is kept', async () => {
  const { lotId, agency } = await aLot(t)
  const ctx = await t.ctx(agency)
  const add = async (type: string, content: Uint8Array) =>
    (await refused(addDocument(ctx, { lotId, kind: 'document', title: 'x', name: '文件', type, content }))).code
  const files = async () => (await t.platform.database.pool.query('select count(*)::int as n from stored_file')).rows[0].n
  const before = await files()
  expect(await add('application/pdf', new Uint8Array())).toBe('file-empty')
  expect(await add('text/html', aPdf())).toBe('file-type-refused')
  expect(await add('application/pdf', new TextEncoder().encode('<html>'))).toBe('file-type-refused')
  expect(await files()).toBe(before)
})

test('a change too near the deadline is refused until the deadline is moved; every change raises the terms', async () => {
  const { lotId, agency } = await aLot(t, { state: 'bidding', seconds: 30 })
  await t.pass(20_000)
  const correct = async (more: object) => publishCorrection(await t.ctx(agency), { lotId, ...notice, affectsBids: true, ...more })
  const near = await refused(correct({}))
  expect(near.facts.rules).toBe('TE-04')
  expect(near.text).toContain('顺延')
  const { fileId } = await aDocument(t, agency, lotId, 'clarification')
  const ends = addSeconds(whole((await t.ctx()).now), 60)
  const done = await correct({ biddingEndsAt: ends })
  expect(done).toMatchObject({ version: 1, termsVersion: 2 })
  const { lot } = await readLot(await t.ctx(agency), lotId)
  expect([lot.biddingEndsAt, lot.nextCheckAt, lot.documentEndsAt]).toEqual([ends, ends, ends])
  const everybody = await t.ctx({ kind: 'public' })
  expect((await readFileFor(everybody, fileId)).audience).toBe('public')
  const shown = await readNotice(everybody, done.id)
  expect(shown.supersedes).toBe(shown.sameLot[0]?.id)
  expect((await correct({ affectsBids: false })).termsVersion).toBe(3)
})

test('after the deadline nothing can be changed, and a shorter period than the law is refused', async () => {
  const { lotId, agency } = await aLot(t, { state: 'bidding', seconds: 60 })
  const correct = async (more: object) =>
    publishCorrection(await t.ctx(agency), { lotId, ...notice, affectsBids: false, ...more })
  const { lot } = await readLot(await t.ctx(agency), lotId)
  const sooner = await refused(correct({ biddingEndsAt: whole(addSeconds(lot.biddingStartsAt!, 10)) }))
  expect(sooner.facts.rules).toContain('TE-03')
  await t.pass(61_000)
  expect((await refused(correct({}))).code).toBe('correction-too-late')
})

test('a lot is terminated with a public reason, and no commit can come after', async () => {
  const { lotId, agency } = await aLot(t, { state: 'bidding' })
  const done = await terminateLot(await t.ctx(agency), { lotId, reason: '项目规划调整' })
  expect(done.state).toBe('terminated')
  const { lot } = await readLot(await t.ctx(agency), lotId)
  expect(lot.closedAt).not.toBeNull()
  const shown = await readNotice(await t.ctx({ kind: 'public' }), done.noticeId!)
  expect(shown).toMatchObject({ kind: 'termination' })
  expect(shown.body).toContain('项目规划调整')
  expect((await refused(terminateLot(await t.ctx(agency), { lotId, reason: 'x' }))).code).toBe('wrong-state')
})

test('two people publishing the same notice at once publish it once', async () => {
  const { lotId, agency } = await aLot(t, { state: 'ready' })
  await aDocument(t, agency, lotId)
  const ctx = await t.ctx(agency)
  const input = { lotId, ...notice, biddingEndsAt: addSeconds(whole(ctx.now), 60) }
  const both = await Promise.allSettled([publishNotice(ctx, input), publishNotice(ctx, input)])
  expect(both.map(r => r.status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('the portal finds notices by words, kind, region, stage and day', async () => {
  const word = `望江楼${randomUUID().slice(0, 4)}`
  const { lotId } = await aLot(t, { state: 'bidding', lot: { name: `${word}加固标段` }, project: { regionCode: '350203' } })
  const everybody = await t.ctx({ kind: 'public' })
  const find = async (filter: object) => (await listNotices(everybody, filter)).items.map(i => i.lotId)
  expect(await find({ q: word })).toEqual([lotId])
  expect(await find({ q: '望江楼 加固' })).toEqual([lotId])
  expect(await find({ q: '楼望江' })).toEqual([])
  expect(await find({ q: word, region: '350200' })).toEqual([lotId])
  expect(await find({ q: word, region: '350100' })).toEqual([])
  expect(await find({ q: word, kind: 'gp-goods' })).toEqual([])
  expect(await find({ q: word, stage: 'tender' })).toEqual([lotId])
  expect(await find({ q: word, stage: 'nonsense' })).toEqual([])
  const today = new Date(everybody.now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
  expect(await find({ q: word, from: today, to: today })).toEqual([lotId])
  expect(await find({ q: word, to: '2020-01-01' })).toEqual([])
  expect((await listNotices(everybody, { q: word })).kinds).toEqual({ works: 1 })
})

test('a notice is proved by the public log', async () => {
  const { lotId } = await aLot(t, { state: 'bidding' })
  const ctx = await t.ctx({ kind: 'public' })
  await t.platform.sequencer.flush()
  await t.platform.sequencer.publish()
  const [line] = (await readPublicLot(ctx, lotId)).notices
  const proof = await readNoticeProof(ctx, line!.id)
  const shown = await readNotice(ctx, line!.id)
  expect(proof.payload.facts).toMatchObject({ bodyHash: shown.bodyHash, title: '招标公告' })
  const [, size, root] = proof.checkpoint.split('\n')
  const bytes = (text: string, form: BufferEncoding) => new Uint8Array(Buffer.from(text, form))
  const found = {
    index: proof.idx,
    size: Number(size),
    proof: proof.proof.map(h => bytes(h, 'hex')),
    root: bytes(root!, 'base64'),
  }
  expect(verifyInclusion({ ...found, leaf: ledgerLeaf(bytes(proof.salt, 'hex'), proof.payload) })).toBe(true)
  const forged = { ...proof.payload, at: '2020-01-01T00:00:00.000Z' }
  expect(verifyInclusion({ ...found, leaf: ledgerLeaf(bytes(proof.salt, 'hex'), forged) })).toBe(false)
})

test('a notice gets its signed PDF, once, and anybody may have it', async () => {
  const { lotId, agency } = await aLot(t, { state: 'bidding', seconds: 120 })
  await publishCorrection(await t.ctx(agency), { lotId, ...notice, affectsBids: false })
  const everybody = await t.ctx({ kind: 'public' })
  const shown = (await readPublicLot(everybody, lotId)).notices
  for (const line of shown) await makeNoticePaper(await t.ctx(), { noticeId: line.id })
  for (const line of shown) await makeNoticePaper(await t.ctx(), { noticeId: line.id })
  const papers = await listPapers(everybody, lotId)
  expect(papers.map(p => [p.kind, p.version])).toEqual([
    ['notice-tender', 1],
    ['notice-correction', 1],
  ])
  expect(await readNoticePaper(everybody, shown[0]!)).toBe(papers[0]!.id)
  const file = await readPaperFile(everybody, papers[0]!.id)
  const pdf = Buffer.from(await t.platform.store.read(file.id)).toString('latin1')
  expect(pdf.slice(0, 5)).toBe('%PDF-')
  expect(pdf).toContain('/ByteRange')
})
