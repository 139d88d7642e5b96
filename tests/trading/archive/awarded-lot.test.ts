import { strToU8, unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Anchors, readAnchors as parseAnchors } from '@/crypto/anchors'
import { verifyFile } from '@/crypto/verify/main'
import { type AnEvaluation, anEvaluation, finishEvaluation } from '@/tests/factories/evaluation'
import { type AWitness, aWitness } from '@/tests/factories/tender'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readAnchors } from '~/platform/anchor/anchor.server'
import { addSeconds } from '~/shared/time'
import { readArchiveFile } from '~/trading/archive/archive.read.server'
import { requestArchive } from '~/trading/archive/archive.server'
import { decideAward } from '~/trading/award/award.server'
import { publishCandidates } from '~/trading/award/candidates.server'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let t: TestPlatform
let witness: AWitness
let evaluation: AnEvaluation
let anchors: Anchors
let zip: Uint8Array

/** What happens by itself until the archive is packed: papers, checkpoint, cosignature. */
async function pack(): Promise<Uint8Array> {
  for (let round = 0; round < 3; round++) {
    await t.tick()
    await t.platform.sequencer.publish()
    await witness.cosign()
  }
  await t.tick()
  return t.platform.store.read((await readArchiveFile(await t.ctx(evaluation.tender.agency), evaluation.lotId)).id)
}

beforeAll(async () => {
  t = await testPlatform()
  witness = await aWitness(t)
  evaluation = await anEvaluation(t, witness)
  await finishEvaluation(t, evaluation)
  const { lotId } = evaluation
  const { agency } = evaluation.tender
  const { periodEndsAt } = await publishCandidates(await t.ctx(agency), { lotId })
  await t.at(addSeconds(periodEndsAt, 1))
  await decideAward(await t.ctx(agency), { lotId, bidId: evaluation.bidIds[2]!, reason: '' })
  await requestArchive(await t.ctx(agency), { lotId })
  anchors = parseAnchors(JSON.parse(JSON.stringify(await readAnchors(await t.ctx()))))
  zip = await pack()
})
afterAll(() => t.close())

const verify = (bytes: Uint8Array) => verifyFile(bytes, { anchors, revocationLists: [] }, new Date())

test('the archive of an awarded lot holds from the first commit to the award notice', async () => {
  const { findings, exitCode } = await verify(zip)
  expect(findings.filter(({ result }) => result === 'broken')).toEqual([])
  expect(exitCode).toBe(0)
  expect(findings.filter(({ code, result }) => code === 'evaluation' && result === 'holds')).toHaveLength(1)
  const names = Object.keys(unzipSync(zip)).map(name => name.slice(name.indexOf('/') + 1))
  for (const paper of ['opening-record', 'evaluation-report', 'award-notice', 'notice-tender'])
    expect(names).toContain(`data/papers/${paper}-v1.pdf`)
})

test('a report with one score changed is not the one its members signed', async () => {
  const files = unzipSync(zip)
  const name = Object.keys(files).find(path => path.endsWith('evaluation/report.json'))!
  const report = new TextDecoder()
    .decode(files[name])
    .replace(/"total":"(\d)/, (_, digit) => `"total":"${(Number(digit) + 1) % 10}`)
  const codes = (await verify(zipSync({ ...files, [name]: strToU8(report) }, { level: 0 }))).findings
    .filter(({ result }) => result === 'broken')
    .map(({ code }) => code)
  expect(codes).toEqual(expect.arrayContaining(['manifest', 'evaluation']))
})
