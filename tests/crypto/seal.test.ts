import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, equal, hex, u32be, unhex, utf8, xor } from '@/crypto/bytes'
import { chunkOpener, chunkSealer } from '@/crypto/chunked'
import { parseHead, parseHeader, wrapBindOf } from '@/crypto/header'
import { canonical } from '@/crypto/jcs'
import { sliceTree } from '@/crypto/merkle'
import { openFile } from '@/crypto/open'
import { sealStage } from '@/crypto/seal'
import { combine } from '@/crypto/shamir'
import { combineStage } from '@/crypto/stage'
import { nodeRandom, nodeSuites } from '@/crypto/suite-node'
import { webSuites } from '@/crypto/suite-web'
import { bindingHash, unwrapSecret } from '@/crypto/wrap'
import bodies from '../vectors/tbid-seal/body.json'
import { bind, custodianNames, fileOf, fixedRandom, headsOf, keyOf, sealAll, stageOf, twoFiles } from './sealing'

const vectorFile = (name: string) => join(import.meta.dirname, '../vectors/tbid-seal', name)
const suiteIds = ['intl', 'gm'] as const
const modes = ['bidder', 'custody', 'both', 'rescue'] as const

async function openAll(stageKey: Uint8Array, bytes: Uint8Array, suites = nodeSuites, step = 300_000) {
  const opener = openFile(suites, stageKey)
  const pieces: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += step) pieces.push(...(await opener.push(bytes.subarray(at, at + step))))
  const { rest, opened } = await opener.finish()
  return { content: concat(...pieces, ...rest), opened }
}

async function released(id: 'intl' | 'gm', heads: ReturnType<typeof headsOf>) {
  const { suite, header } = heads[0]!
  const binding = (part: string) => bindingHash(suite, wrapBindOf(header.bind), part)
  const shares = []
  for (const [i, wrap] of (header.parts.c?.shares ?? []).entries())
    shares.push(await unwrapSecret(keyOf(id, custodianNames[i]!).key, wrap, binding(`c${i}`)))
  const b = header.parts.b?.to[0]
  return { heads, shares, partB: b ? await unwrapSecret(keyOf(id, 'bidder').key, b, binding('b')) : null }
}

describe.each(bodies.tests)('the body function of §8.3, $suite', vector => {
  test('context, body and file root are the published ones', async () => {
    const suite = vector.suite === 'gm' ? nodeSuites.gm : nodeSuites.intl
    const before = concat('TBIDSEAL', u32be(vector.header.length), vector.header)
    const context = suite.hash(before)
    const sealer = await chunkSealer(suite, unhex(vector.key), unhex(bodies.salt), context)
    const body = concat(sealer.head, ...(await sealer.push(unhex(bodies.plain))), ...(await sealer.finish()))
    const tree = sliceTree(suite.hash)
    await tree.push(concat(before, body))
    expect({
      context: hex(context),
      body: hex(body),
      fileRoot: hex(await tree.root()),
      size: before.length + body.length,
    }).toEqual({
      context: vector.context,
      body: vector.body,
      fileRoot: vector.fileRoot,
      size: vector.size,
    })
    const opener = await chunkOpener(suite, unhex(vector.key), body.subarray(0, 56), context)
    await opener!.push(body.subarray(56))
    expect(hex(concat(...(await opener!.finish())))).toBe(bodies.plain)
  })

  test('the header parser refuses its short header', () => expect(() => parseHeader(utf8(vector.header))).toThrow())
})

describe.each(suiteIds)('the full vector, %s: two files, mode both, 2 of 3, fixed randomness', id => {
  const stored = vectorFile(`full-${id}.json`)
  test('comes out byte for byte on the server’s and the browser’s primitives, and opens', async () => {
    for (const suites of [nodeSuites, webSuites]) {
      const sealed = await sealAll(stageOf(id, 'both', fixedRandom(`tbid-seal full vector ${id}`), suites[id]), twoFiles())
      const heads = headsOf(sealed)
      const verdict = combineStage(await released(id, heads))
      const made = {
        files: sealed.map(({ bytes, file }, i) => ({
          ...file,
          headBytes: hex(heads[i]!.bytes),
          sha256: createHash('sha256').update(bytes).digest('hex'),
        })),
        stageKey: verdict.state === 'opened' ? hex(verdict.stageKey) : '',
      }
      const { inputs, ...expected } = JSON.parse(readFileSync(stored, 'utf8'))
      expect(made).toEqual(expected)
      expect(inputs.bind).toEqual(bind)
      expect(equal(sealed[0]!.bytes, readFileSync(vectorFile(`full-${id}-price.tbid`)))).toBe(true)
    }
    expect(existsSync(stored)).toBe(true)
  })
})

describe.each(suiteIds)('%s', id => {
  const suite = nodeSuites[id]

  test.each(modes)('mode %s: sealed, released, put together, opened', async mode => {
    const files = twoFiles()
    const sealed = await sealAll(stageOf(id, mode, nodeRandom), files)
    const verdict = combineStage(await released(id, headsOf(sealed)))
    if (verdict.state !== 'opened') throw new Error(verdict.state)
    for (const [i, one] of sealed.entries()) {
      const { content, opened } = await openAll(verdict.stageKey, one.bytes, i ? nodeSuites : webSuites)
      expect(equal(content, files[i]!.content)).toBe(true)
      expect([one.announced, opened.head.hash, opened.twin]).toEqual([one.bytes.length, one.file.head, one.file.twin])
      expect([opened.meta.name, opened.meta.size]).toEqual([files[i]!.name, files[i]!.size])
      const tree = sliceTree(suite.hash)
      await tree.push(one.bytes)
      expect(hex(await tree.root())).toBe(one.file.root)
    }
    expect(verdict.usedB).toBe(mode !== 'custody')
  })

  test('empty files and files at the edge of a chunk seal and open', async () => {
    for (const size of [0, 1, 1_048_400, 1_048_576]) {
      const files = [fileOf('technical', 'a.pdf', new Uint8Array(size).fill(3))]
      const sealed = await sealAll(stageOf(id, 'bidder', nodeRandom), files)
      const { partB } = await released(id, headsOf(sealed))
      expect(equal((await openAll(partB!, sealed[0]!.bytes)).content, files[0]!.content)).toBe(true)
    }
  })

  test('wraps open for their key and binding only: null for another, an error when damaged', async () => {
    const [head] = headsOf(await sealAll(stageOf(id, 'both', nodeRandom), twoFiles().slice(0, 1)))
    const wrap = head!.header.parts.b!.to[0]!
    const { key } = keyOf(id, 'bidder')
    const binding = bindingHash(suite, bind, 'b')
    expect((await unwrapSecret(key, wrap, binding))?.length).toBe(suite.keyBytes)
    expect(await unwrapSecret(keyOf(id, 'another').key, wrap, binding)).toBeNull()
    for (const other of [
      bindingHash(suite, bind, 'c0'),
      bindingHash(suite, { ...bind, lot: 'L-02' }, 'b'),
      bindingHash(suite, { ...bind, deadline: '2026-12-01T01:30:01Z' }, 'b'),
    ])
      expect(await unwrapSecret(key, wrap, other)).toBeNull()
    const bent = Buffer.from(wrap.ct, 'base64')
    bent[bent.length - 1] = bent[bent.length - 1]! ^ 1
    await expect(unwrapSecret(key, { ...wrap, ct: bent.toString('base64') }, binding)).rejects.toThrow()
  })

  test('fewer than k shares say nothing, and neither part alone is the key', async () => {
    const heads = headsOf(await sealAll(stageOf(id, 'both', nodeRandom), twoFiles().slice(0, 1)))
    const { shares, partB } = await released(id, heads)
    const partC = combine([shares[0]!, shares[2]!])
    const verdict = combineStage({ heads, shares, partB })
    expect(verdict.state === 'opened' && equal(verdict.stageKey, xor(partB!, partC))).toBe(true)
    expect(verdict.state === 'opened' && (equal(verdict.stageKey, partB!) || equal(verdict.stageKey, partC))).toBe(false)
  })

  test('any flipped byte of a sealed file makes it refuse to open', async () => {
    const sealed = await sealAll(stageOf(id, 'bidder', nodeRandom), twoFiles().slice(0, 1))
    const { bytes } = sealed[0]!
    const { partB } = await released(id, headsOf(sealed))
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.nat(1200), fc.nat(bytes.length - 1)), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bent = bytes.slice()
        bent[at] = bent[at]! ^ change
        await expect(openAll(partB!, bent)).rejects.toThrow()
        await expect(openAll(partB!, bytes.subarray(0, at))).rejects.toThrow()
      }),
      { numRuns: id === 'intl' ? 120 : 40 },
    )
    await expect(openAll(nodeRandom(suite.keyBytes), bytes)).rejects.toThrow('key')
    await expect(openAll(partB!, concat(bytes, Uint8Array.of(0)))).rejects.toThrow()
  })
})

describe('a header is refused', async () => {
  const [head] = headsOf(await sealAll(stageOf('intl', 'both', fixedRandom('header')), twoFiles().slice(0, 1)))
  const good = head!.header
  const wrap = good.parts.b!.to[0]!
  const share = good.parts.c!.shares[0]!
  const cases: [string, unknown][] = [
    ['without a bind field', { ...good, bind: { ...good.bind, policy: undefined } }],
    ['with a bind field too many', { ...good, bind: { ...good.bind, note: 'x' } }],
    ['with round 0', { ...good, bind: { ...good.bind, round: 0 } }],
    ['with a fileId in capitals', { ...good, bind: { ...good.bind, fileId: good.bind.fileId.toUpperCase().replace(/^./, 'A') } }],
    ['with a deadline in local time', { ...good, bind: { ...good.bind, deadline: '2026-12-01T09:30:00+08:00' } }],
    ['with a deadline that does not exist', { ...good, bind: { ...good.bind, deadline: '2026-02-30T01:30:00Z' } }],
    ['with an empty role', { ...good, bind: { ...good.bind, role: '' } }],
    ['of another version', { ...good, v: 'tbid-seal/2' }],
    ['of an unknown suite', { ...good, suite: 'xx' }],
    ['with a release of its own', { ...good, release: [['c', 'b']] }],
    ['whose parts are not those its release uses', { ...good, release: [['b']] }],
    ['with no wrap for the bidder', { ...good, parts: { ...good.parts, b: { to: [] } } }],
    ['with five wraps for the bidder', { ...good, parts: { ...good.parts, b: { to: [wrap, wrap, wrap, wrap, wrap] } } }],
    ['with k above n', { ...good, parts: { ...good.parts, c: { ...good.parts.c, k: 4 } } }],
    ['with k = 1', { ...good, parts: { ...good.parts, c: { ...good.parts.c, k: 1 } } }],
    [
      'with SM2 in the intl suite',
      { ...good, parts: { ...good.parts, b: { to: [{ alg: 'SM2', kid: wrap.kid, ct: wrap.ct }] } } },
    ],
    ['with RSA1_5', { ...good, parts: { ...good.parts, b: { to: [{ alg: 'RSA1_5', kid: wrap.kid, ct: wrap.ct }] } } }],
    [
      'with RSA for a custodian',
      {
        ...good,
        parts: {
          ...good.parts,
          c: { k: 2, shares: [{ alg: 'RSA-OAEP-256', kid: share.kid, ct: share.ct, commit: share.commit }, share] },
        },
      },
    ],
    ['with HPKE without enc', { ...good, parts: { ...good.parts, b: { to: [{ alg: wrap.alg, kid: wrap.kid, ct: wrap.ct }] } } }],
    ['with base64 without padding', { ...good, parts: { ...good.parts, b: { to: [{ ...wrap, ct: 'QQ' }] } } }],
    ['with a field too many', { ...good, x: 1 }],
  ]
  test.each(cases)('%s', (_, header) => {
    const clean = JSON.parse(JSON.stringify(header))
    expect(() => parseHeader(utf8(canonical(clean)))).toThrow()
  })
  test('that is not canonical', () => expect(() => parseHeader(utf8(JSON.stringify(good, null, 1)))).toThrow())
  test('but the good one is read back whole', () => expect(parseHeader(utf8(canonical(good)))).toEqual(good))
  test('when the magic, the length or the rest is missing', () => {
    const bytes = head!.bytes
    expect(parseHead(nodeSuites, concat(bytes, utf8('more'))).hash).toBe(head!.hash)
    for (const bad of [
      bytes.subarray(0, 11),
      bytes.subarray(0, -1),
      concat('TBIDSEAM', bytes.subarray(8)),
      concat('TBIDSEAL', u32be(65_537), bytes.subarray(12)),
    ])
      expect(() => parseHead(nodeSuites, bad)).toThrow()
  })
})

test('keys must fit the mode, and content the announced size', async () => {
  const good = stageOf('intl', 'both', nodeRandom)
  await expect(sealStage({ ...good, lotKeys: [] })).rejects.toThrow()
  await expect(sealStage({ ...good, mode: 'custody' })).rejects.toThrow()
  await expect(sealStage({ ...good, k: 4 })).rejects.toThrow()
  await expect(sealStage({ ...good, bidderKeys: [keyOf('gm', 'bidder').recipient] })).rejects.toThrow()
  const stage = await sealStage(good)
  const file = await stage.file({ role: 'technical', name: 'a', type: 'text/plain', size: 3 })
  await file.push(utf8('ab'))
  await expect(file.push(utf8('cd'))).rejects.toThrow('more')
  await expect(file.finish()).rejects.toThrow('less')
  await expect(stage.file({ role: 'price', name: 'p', type: 'text/plain', size: 65_536 })).rejects.toThrow('too large')
})
