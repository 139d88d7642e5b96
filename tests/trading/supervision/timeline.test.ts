import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Anchors, readAnchors as parseAnchors } from '@/crypto/anchors'
import { checkTimeline, type LogTimeline } from '@/crypto/timeline'
import { verifyFile } from '@/crypto/verify/main'
import { anActor } from '@/tests/factories/actor'
import { type ATender, type AWitness, afterDeadline, aSealedBid, aTender, aWitness } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readAnchors } from '~/platform/anchor/anchor.server'
import { linesOf, verdictOf } from '~/trading/supervision/timeline'
import { readLotTimeline, readTimelinePage } from '~/trading/supervision/timeline.read.server'
import { actionText } from '~/trading/supervision/timeline.text'

let t: TestPlatform
let witness: AWitness
let tender: ATender
let anchors: Anchors

const timeline = async (): Promise<LogTimeline> => {
  const { timeline: read } = await readLotTimeline(await t.ctx(await anActor(t, 'supervisor')), tender.lotId)
  return JSON.parse(JSON.stringify(read))
}

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
  tender = await aTender(t)
  for (let i = 0; i < 3; i++) await aSealedBid(t, tender)
  await t.platform.sequencer.publish()
  await witness.cosign()
  anchors = parseAnchors(JSON.parse(JSON.stringify(await readAnchors(await t.ctx()))))
})
afterAll(() => t.close())

test('before the deadline a lot’s timeline proves every step, and lists no act on bids', async () => {
  const read = await timeline()
  const check = checkTimeline(read, anchors)
  expect(check).toMatchObject({ waiting: 0, broken: [], isLogSigned: true, witnesses: anchors.witnesses.map(w => w.name) })
  expect(check.proven).toBeGreaterThan(5)
  expect(JSON.stringify(read)).not.toMatch(/entry\.submit|bid\.submit/)
})

test('a changed payload, salt, proof or order is found, and whose signature is missing', async () => {
  const read = await timeline()
  const [first, second, ...rest] = read.entries
  const forged: LogTimeline['entries'][] = [
    [{ ...first!, payload: { ...first!.payload, at: '2020-01-01T00:00:00.000Z' } }, second!, ...rest],
    [{ ...first!, salt: 'ab'.repeat(32) }, second!, ...rest],
    [second!, first!, ...rest],
    [{ ...first!, proof: [] }, second!, ...rest],
  ]
  for (const entries of forged) expect(checkTimeline({ ...read, entries }, anchors).broken).toHaveLength(1)
  expect(checkTimeline({ ...read, checkpoint: read.checkpoint!.replace(/\n— witness.*\n/, '\n') }, anchors).witnesses).toEqual([])
  expect(checkTimeline(read, null).isLogSigned).toBe(null)
})

test('each line of the page carries the verdict of the check on the very bytes it shows', async () => {
  const read = await timeline()
  const [first, ...rest] = read.entries
  const forged = { ...read, entries: [{ ...first!, payload: { ...first!.payload, address: '10.0.0.1' } }, ...rest] }
  const verdicts = (given: LogTimeline, checked: LogTimeline) =>
    linesOf(given, {}).map(line => verdictOf(line, checkTimeline(checked, anchors)))
  expect(new Set(verdicts(read, read))).toEqual(new Set(['holds']))
  expect(verdicts(forged, forged)[0]).toBe('broken')
  expect(new Set(verdicts(forged, forged).slice(1))).toEqual(new Set(['holds']))
  const uncosigned = { ...read, checkpoint: read.checkpoint!.replace(/\n— witness.*\n/, '\n') }
  expect(new Set(verdicts(uncosigned, uncosigned))).toEqual(new Set(['unchecked']))
  expect(linesOf(read, {}).map(line => verdictOf(line, null))).not.toContain('holds')
})

test('the command judges the same file without the platform', async () => {
  const bytes = new TextEncoder().encode(JSON.stringify(await timeline()))
  const belief = { anchors, revocationLists: [] }
  expect(await verifyFile(bytes, belief, new Date())).toMatchObject({ kind: 'timeline', exitCode: 0 })
  expect(await verifyFile(bytes, { ...belief, anchors: null }, new Date())).toMatchObject({ exitCode: 3 })
})

test('after the close the commits stand in it, and every line has words', async () => {
  await afterDeadline(t, tender)
  await t.tick()
  await witness.cosign()
  await t.tick()
  const { timeline: shown, names } = await readTimelinePage(await t.ctx(await anActor(t, 'supervisor')), tender.lotId)
  const lines = linesOf(shown, names)
  expect(lines.filter(line => line.text === actionText['tbid/entry.submit@1'])).toHaveLength(3)
  expect(lines.filter(line => line.facts.includes('截标登记：有效投标'))).toHaveLength(3)
  expect(lines.filter(line => /^[a-z]/.test(line.text))).toEqual([])
  expect(lines.map(line => line.idx)).toEqual([...lines.map(line => line.idx)].sort((a, b) => a - b))
})

test('a bidder sees no timeline', async () => {
  await expect(readLotTimeline(await t.ctx(await anActor(t, 'bidder')), tender.lotId)).rejects.toMatchObject({
    code: 'not-found',
  })
})
