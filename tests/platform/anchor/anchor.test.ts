import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { noteKeyType, verifierKeyOf } from '@/crypto/note'
import { certificateOf } from '@/crypto/x509'
import { anOrganisation } from '@/tests/factories/organisation'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readAnchors } from '~/platform/anchor/anchor.server'
import { registerWitness } from '~/platform/anchor/witness.server'

let site: TestPlatform
beforeAll(async () => {
  site = await testPlatform()
})
afterAll(() => site.close())

function aWitnessKey(name: string): string {
  const { publicKey } = generateKeyPairSync('ed25519')
  const raw = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32))
  return verifierKeyOf(name, raw, noteKeyType.cosignature)
}

test('a witness registers its key once; the same key again changes nothing, another is refused', async () => {
  const { actor } = await anOrganisation(site, 'witness')
  const ctx = await site.ctx(actor)
  const vkey = aWitnessKey('supervisor.example/witness')
  await registerWitness(ctx, { vkey })
  await expect(registerWitness(ctx, { vkey })).resolves.toEqual({ name: 'supervisor.example/witness', vkey })
  const other = registerWitness(ctx, { vkey: aWitnessKey('supervisor.example/other') })
  await expect(other).rejects.toMatchObject({ code: 'witness-key-fixed' })
})

test('a name that another witness has is refused', async () => {
  const [one, two] = [await anOrganisation(site, 'witness'), await anOrganisation(site, 'witness')]
  await registerWitness(await site.ctx(one.actor), { vkey: aWitnessKey('same.example/witness') })
  const taken = registerWitness(await site.ctx(two.actor), { vkey: aWitnessKey('same.example/witness') })
  await expect(taken).rejects.toMatchObject({ code: 'witness-key-fixed' })
})

test.each(['', 'name+00000000+AAAA', 'x y+12345678+BAAA'])('what is no verifier key is refused: %j', async vkey => {
  const { actor } = await anOrganisation(site, 'witness')
  await expect(registerWitness(await site.ctx(actor), { vkey })).rejects.toMatchObject({ code: 'bad-signature' })
})

test('only a witness registers a witness key', async () => {
  const { actor } = await anOrganisation(site, 'supervisor')
  const refused = registerWitness(await site.ctx(actor), { vkey: aWitnessKey('mine') })
  await expect(refused).rejects.toMatchObject({ code: 'not-allowed' })
})

test('anchors name the log, the witnesses, the time-stamper and the roots of both suites', async () => {
  const anchors = await readAnchors(await site.ctx({ kind: 'public' }))
  expect(anchors.platform).toBe(site.platform.config.platformId)
  expect(anchors.log.vkey.startsWith(`${anchors.log.name}+`)).toBe(true)
  expect(anchors.witnesses.map(witness => witness.name)).toContain('supervisor.example/witness')
  expect(anchors.tsa.map(tsa => certificateOf(tsa.certificate).extendedUsages)).toEqual([['1.3.6.1.5.5.7.3.8']])
  expect(anchors.roots.map(({ suite, scope }) => [suite, scope])).toEqual([
    ['intl', 'sandbox'],
    ['gm', 'sandbox'],
  ])
  expect(anchors.roots.map(root => certificateOf(root.certificate).isCa)).toEqual([true, true])
})

test('two processes that start at once name the same roots', async () => {
  const other = { ...site.platform }
  const [one, two] = await Promise.all([
    readAnchors(await site.ctx({ kind: 'public' })),
    readAnchors({ ...(await site.ctx({ kind: 'public' })), platform: other }),
  ])
  expect(two.roots).toEqual(one.roots)
})
