import fc from 'fast-check'
import { strToU8, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { checkTimeline, readTimeline } from '@/crypto/timeline'
import { verifyFile } from '@/crypto/verify/main'
import { readZip } from '@/crypto/zip'

const belief = { anchors: null, revocationLists: [] }
const files = {
  'lot/bagit.txt': strToU8('BagIt-Version: 1.0\n'),
  'lot/data/archive.json': strToU8('{}'),
  'lot/data/投标/甲.pdf': strToU8('x'),
}
const zip = zipSync(files, { level: 0 })

test('a ZIP of stored members is read back, without copying', () => {
  const members = readZip(zip)
  expect([...members.keys()]).toEqual(Object.keys(files))
  expect(members.get('lot/data/投标/甲.pdf')).toEqual(strToU8('x'))
  expect(members.get('lot/bagit.txt')!.buffer).toBe(zip.buffer)
})

test.each([
  ['compressed', zipSync({ 'lot/a': strToU8('a'.repeat(999)) }, { level: 9 })],
  ['a name that leaves the archive', zipSync({ '../a': strToU8('a') }, { level: 0 })],
  ['an absolute name', zipSync({ '/a': strToU8('a') }, { level: 0 })],
  ['cut short', zip.subarray(0, zip.length - 1)],
  ['bytes after the end', new Uint8Array([...zip, 0])],
  ['empty', new Uint8Array()],
])('a ZIP that is %s is refused', (_, bytes) => {
  expect(() => readZip(bytes)).toThrow(/^zip: /)
})

test('one name twice is refused: readers would disagree about which counts', () => {
  const twice = zipSync({ 'lot/aa': strToU8('1'), 'lot/bb': strToU8('2') }, { level: 0 })
  const forged = Uint8Array.from(Buffer.from(Buffer.from(twice).toString('latin1').replaceAll('lot/bb', 'lot/aa'), 'latin1'))
  expect(() => readZip(forged)).toThrow('zip: name lot/aa')
})

test('mutated files of every kind are judged, never a crash', async () => {
  const samples = [
    zip,
    '{"t":"tbid/receipt@1"}',
    '{"t":"tbid/timeline@1","entries":[]}',
    '%PDF-1.7 /ByteRange [0 1 2 3]',
    'a\n1\n\n\n— x y\n',
  ]
  const bytesOf = (sample: Uint8Array | string) => (typeof sample === 'string' ? strToU8(sample) : sample)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...samples),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
      async (sample, edits) => {
        const bytes = bytesOf(sample).slice()
        for (const [at, value] of edits) bytes[at % bytes.length] = value
        const { exitCode } = await verifyFile(bytes, belief, new Date())
        return [1, 3].includes(exitCode)
      },
    ),
    { numRuns: 400 },
  )
})

test('an empty timeline proves nothing; one of another form is refused', async () => {
  const empty = { t: 'tbid/timeline@1', platform: 'p', lot: 'l', checkpoint: null, entries: [] }
  expect(checkTimeline(empty, null)).toMatchObject({ proven: 0, broken: [], size: null })
  expect((await verifyFile(strToU8(JSON.stringify(empty)), belief, new Date())).exitCode).toBe(1)
  expect(() => readTimeline({ ...empty, more: 1 })).toThrow('timeline: malformed')
})
