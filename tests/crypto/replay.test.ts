// Nothing sealed for one lot, round, stage, platform's policy or bidder can be used for another (crypto.md §10.4).
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { concat, u32be, utf8 } from '@/crypto/bytes'
import { parseHead, type SealBind, wrapBindOf } from '@/crypto/header'
import { canonical } from '@/crypto/jcs'
import { openFile } from '@/crypto/open'
import { combineStage } from '@/crypto/stage'
import { nodeSuites } from '@/crypto/suite-node'
import { bindingHash, unwrapSecret } from '@/crypto/wrap'
import { custodianNames, fixedRandom, headsOf, keyOf, type SealedInMemory, sealAll, stageOf, twoFiles } from './sealing'

const text = fc.string({ minLength: 1, maxLength: 40 })
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => Buffer.from(bytes).toString('hex'))
const second = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
  .map(at => `${at.toISOString().slice(0, 19)}Z`)
/** One field of what a sealed file is bound to, with another value. */
const change: fc.Arbitrary<Partial<SealBind>> = fc.oneof(
  text.map(project => ({ project })),
  text.map(lot => ({ lot })),
  fc.integer({ min: 1, max: 99 }).map(round => ({ round })),
  text.map(stage => ({ stage })),
  second.map(deadline => ({ deadline })),
  hash.map(bidderCert => ({ bidderCert })),
  // The policy names platform, project, lot and round again, and the custodians' keys.
  hash.map(policy => ({ policy })),
)

describe.each(['intl', 'gm'] as const)('suite %s', id => {
  let sealed: SealedInMemory[]
  let stageKey: Uint8Array
  beforeAll(async () => {
    sealed = await sealAll(stageOf(id, 'both', fixedRandom(`replay ${id}`)), twoFiles().slice(0, 1))
    const heads = headsOf(sealed)
    const { suite, header } = heads[0]!
    const of = (part: string) => bindingHash(suite, wrapBindOf(header.bind), part)
    const shares = []
    for (const [i, wrap] of header.parts.c!.shares.entries())
      shares.push(await unwrapSecret(keyOf(id, custodianNames[i]!).key, wrap, of(`c${i}`)))
    const partB = await unwrapSecret(keyOf(id, 'bidder').key, header.parts.b!.to[0]!, of('b'))
    const combined = combineStage({ heads, shares, partB })
    if (combined.state !== 'opened') throw new Error('the stage did not open')
    stageKey = combined.stageKey
  })

  const changed = (bend: Partial<SealBind>) => {
    const { header } = parseHead(nodeSuites, sealed[0]!.bytes)
    const bind = { ...header.bind, ...bend }
    return canonical(bind) === canonical(header.bind) ? null : { header: { ...header, bind }, bind }
  }

  test('a wrap opens for its own binding alone: no key holder can be made to give out a part for anything else', async () => {
    await fc.assert(
      fc.asyncProperty(change, async bend => {
        const other = changed(bend)
        fc.pre(other !== null)
        const { suite, header } = parseHead(nodeSuites, sealed[0]!.bytes)
        const open = (part: string, key: string, wrap: Parameters<typeof unwrapSecret>[1]) =>
          unwrapSecret(keyOf(id, key).key, wrap, bindingHash(suite, wrapBindOf(other!.bind), part))
        expect(await open('b', 'bidder', header.parts.b!.to[0]!)).toBeNull()
        expect(await open('c1', custodianNames[1]!, header.parts.c!.shares[1]!)).toBeNull()
        expect(await open('c0', custodianNames[1]!, header.parts.c!.shares[1]!)).toBeNull()
      }),
      { numRuns: id === 'gm' ? 40 : 150 },
    )
  })

  test('a file whose header was rewritten for another lot does not open, not even with the right key', async () => {
    await fc.assert(
      fc.asyncProperty(change, async bend => {
        const other = changed(bend)
        fc.pre(other !== null)
        const { bytes } = sealed[0]!
        const bodyAt = 12 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(8)
        const header = utf8(canonical(JSON.parse(canonical({ ...other!.header }))))
        const moved = concat('TBIDSEAL', u32be(header.length), header, bytes.subarray(bodyAt))
        const open = async (file: Uint8Array) => {
          const opener = openFile(nodeSuites, stageKey)
          await opener.push(file)
          return opener.finish()
        }
        await expect(open(bytes)).resolves.toBeTruthy()
        await expect(open(moved)).rejects.toThrow()
      }),
      { numRuns: id === 'gm' ? 20 : 60 },
    )
  })
})
