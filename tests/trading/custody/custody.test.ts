import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { messageHash, readMessage } from '@/crypto/messages'
import { lot } from '@/db/schema/trading/project'
import { anActor } from '@/tests/factories/actor'
import { aKeyPair, aSigner, signText } from '@/tests/factories/certificate'
import { aKeeper, aSealingLot, lotKeyText } from '@/tests/factories/custody'
import { aLot } from '@/tests/factories/lot'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { listCustody } from '~/trading/custody/custody.read.server'
import { registerLotKey } from '~/trading/custody/custody-key.server'
import { readCompletePolicy, readPolicy } from '~/trading/custody/policy.read.server'
import { cosignPolicy, readPolicyDraft, signPolicy } from '~/trading/custody/policy.server'

let t: TestPlatform
beforeAll(async () => {
  t = await testPlatform()
})
afterAll(() => t.close())

const stateOf = async (lotId: string) =>
  (await t.platform.database.db.select({ state: lot.state }).from(lot).where(eq(lot.id, lotId)))[0]!.state

test('keys, the agency’s signature and every custodian’s cosignature make a lot ready; each step shows what is due', async () => {
  const made = await aLot(t, { state: 'keying' })
  const scope = { project: made.project.id, lot: made.lotId }
  const [first, ...others] = made.custodians
  const dueOf = async () => (await listCustody(await t.ctx(first)))[0]!.due
  expect(await dueOf()).toBe('key')
  const keepers = [await aKeeper(t, scope, first!, 'intl')]
  await expect(readPolicyDraft(await t.ctx(made.agency), made.lotId)).rejects.toMatchObject({ code: 'lot-key-missing' })
  for (const one of others) keepers.push(await aKeeper(t, scope, one, 'intl'))
  const draft = await readPolicyDraft(await t.ctx(made.agency), made.lotId)
  const policy = readMessage('tbid/policy@1', draft.payload)
  expect(policy.stages[0]).toMatchObject({
    mode: 'custody',
    k: 2,
    custodians: keepers.map(({ spki, actor }) => ({ lotKey: spki, org: actor.organisationId })),
  })
  expect(policy.stages[0]!.custodians.map(one => one.cert)).toEqual(keepers.map(one => one.signer.fingerprint))
  const agencySigner = await aSigner(t, made.agency)
  await signPolicy(await t.ctx(made.agency), {
    lotId: made.lotId,
    payload: draft.payload,
    cms: await signText(draft.payload, agencySigner),
  })
  expect([await stateOf(made.lotId), await dueOf()]).toEqual(['keying', 'cosign'])
  for (const { actor, signer } of keepers) {
    expect(await readCompletePolicy(await t.ctx(), made.lotId, 1)).toBeNull()
    await cosignPolicy(await t.ctx(actor), { lotId: made.lotId, cms: await signText(draft.payload, signer) })
  }
  expect([await stateOf(made.lotId), await dueOf()]).toEqual(['ready', null])
  expect((await readCompletePolicy(await t.ctx(), made.lotId, 1))?.hash).toBe(messageHash(draft.payload))
})

test('a lot without custodians is ready when the agency has signed', async () => {
  const made = await aLot(t, { state: 'draft', lot: { releaseMode: 'bidder', threshold: 0 } })
  const { nameCustodians } = await import('~/trading/lot/lot.server')
  await nameCustodians(await t.ctx(made.agency), { lotId: made.lotId, custodians: [] })
  const draft = await readPolicyDraft(await t.ctx(made.agency), made.lotId)
  const cms = await signText(draft.payload, await aSigner(t, made.agency))
  expect(await signPolicy(await t.ctx(made.agency), { lotId: made.lotId, payload: draft.payload, cms })).toMatchObject({
    isComplete: true,
  })
  expect(await stateOf(made.lotId)).toBe('ready')
})

test('a lot key of another lot, organisation, curve or signer is refused', async () => {
  const made = await aLot(t, { state: 'keying' })
  const scope = { project: made.project.id, lot: made.lotId }
  const [actor, second] = made.custodians
  const signer = await aSigner(t, actor!)
  const spki = Buffer.from(aKeyPair().spki).toString('base64')
  const put = async (message: string, cms?: string) =>
    registerLotKey(await t.ctx(actor), {
      lotId: made.lotId,
      message,
      cms: cms ?? (await signText(message, signer)),
      wrappedKey: 'AAAA',
    })
  const org = actor!.organisationId
  await expect(put(lotKeyText(t, { ...scope, lot: crypto.randomUUID() }, org, spki))).rejects.toMatchObject({ code: 'wrong-lot' })
  await expect(put(lotKeyText(t, scope, second!.organisationId, spki))).rejects.toMatchObject({ code: 'cert-not-bound' })
  await expect(put(lotKeyText(t, scope, org, Buffer.from(aKeyPair('sm2').spki).toString('base64')))).rejects.toMatchObject({
    code: 'lot-key-wrong',
  })
  const off = Buffer.from(spki, 'base64')
  off[90] = off[90]! ^ 1
  await expect(put(lotKeyText(t, scope, org, off.toString('base64')))).rejects.toMatchObject({ code: 'lot-key-wrong' })
  const good = lotKeyText(t, scope, org, spki)
  await expect(put(good, await signText(good, await aSigner(t, second!)))).rejects.toMatchObject({ code: 'cert-not-bound' })
  await expect(put(good, await signText(`${good} `, signer))).rejects.toMatchObject({ code: 'bad-signature' })
  await expect(put('{}')).rejects.toMatchObject({ code: 'bad-input' })
  const stranger = await anActor(t, 'custodian')
  await expect(
    registerLotKey(await t.ctx(stranger), {
      lotId: made.lotId,
      message: good,
      cms: await signText(good, signer),
      wrappedKey: 'AAAA',
    }),
  ).rejects.toMatchObject({ code: 'not-found' })
  expect(await put(good)).toMatchObject({ missing: 2 })
})

test('the agency signs what was composed and nothing else; keys are fixed from then on', async () => {
  const made = await aSealingLot(t, { state: 'keyed' })
  const { lotId, policy, agencySigner } = made
  const changed = policy.payload.replace('"k":2', '"k":3')
  const sign = async (payload: string, by = agencySigner) =>
    signPolicy(await t.ctx(made.agency), { lotId, payload, cms: await signText(payload, by) })
  await expect(sign(changed)).rejects.toMatchObject({ code: 'policy-differs' })
  await expect(sign(policy.payload, made.keepers[1]!.signer)).rejects.toMatchObject({ code: 'cert-not-bound' })
  await sign(policy.payload)
  await expect(sign(policy.payload)).rejects.toMatchObject({ code: 'policy-signed' })
  const { actor } = made.keepers[0]!
  await expect(aKeeper(t, { project: made.project.id, lot: lotId }, actor, 'intl')).rejects.toMatchObject({
    code: 'policy-signed',
  })
})

test('a cosignature must be over the policy, by the custodian; before the notice only those concerned may read the policy', async () => {
  const made = await aSealingLot(t, { state: 'signed' })
  const { lotId, policy, keepers } = made
  const [first, second] = keepers
  await expect(cosignPolicy(await t.ctx(first!.actor), { lotId, cms: await signText('x', first!.signer) })).rejects.toMatchObject(
    { code: 'bad-signature' },
  )
  await expect(
    cosignPolicy(await t.ctx(first!.actor), { lotId, cms: await signText(policy.payload, second!.signer) }),
  ).rejects.toMatchObject({ code: 'cert-not-bound' })
  expect(await readPolicy(await t.ctx(first!.actor), lotId)).toMatchObject({ hash: policy.hash, completedAt: null })
  await expect(readPolicy(await t.ctx({ kind: 'public' }), lotId)).rejects.toMatchObject({ code: 'not-found' })
  const open = await aSealingLot(t)
  const shown = await readPolicy(await t.ctx({ kind: 'public' }), open.lotId)
  expect(shown.custodianCms.map(one => typeof one.cms)).toEqual(['string', 'string', 'string'])
})
