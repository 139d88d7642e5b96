import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Issuer, issueCertificate } from '@/crypto/authority'
import type { RevocationList } from '@/crypto/crl'
import { signerOfPkcs8 } from '@/crypto/signature-node'
import { type Certificate, certificateOf, pemOf } from '@/crypto/x509'
import { certificate as certificateTable } from '@/db/schema/platform/identity'
import { logPayload } from '@/db/schema/platform/log'
import { revocationList } from '@/db/schema/platform/trust'
import { anActor } from '@/tests/factories/actor'
import { aRevocationList, keyPair } from '@/tests/factories/authority'
import { aKeyPair, aSigner, signText } from '@/tests/factories/certificate'
import { anOrganisation } from '@/tests/factories/organisation'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { listAlarms } from '~/platform/alarm/alarm.server'
import type { PersonActor } from '~/platform/ctx'
import { bindCertificate, readSandboxCrl, revokeCertificate } from '~/platform/identity/certificate.server'
import { listIssuerStates, readListsFor, takeList } from '~/platform/identity/revocation.server'
import { verifySigned } from '~/platform/identity/signature.server'
import { watchTrust } from '~/platform/identity/trust-watch.server'
import { readOrganisation } from '~/platform/organisation/organisation.read.server'
import { makeLogger, startPlatform, stopPlatform } from '~/platform/start.server'

const hour = 3_600_000
const day = 24 * hour
let t: TestPlatform
let operator: PersonActor
let folder: string
let issuer: Issuer
let root: Certificate
let bidder: PersonActor

const serial = () => Uint8Array.from([1, ...crypto.getRandomValues(new Uint8Array(8))])
const validity = { notBefore: new Date('2025-01-01T00:00:00Z'), notAfter: new Date('2045-01-01T00:00:00Z') }

/** An outside CA whose certificate lies in the trust folder. */
async function outsideCa(file: string, commonName: string): Promise<{ issuer: Issuer; root: Certificate }> {
  const keys = keyPair('p256')
  const made: Issuer = { name: { commonName }, key: 'p256', spki: keys.spki, sign: signerOfPkcs8('p256', keys.pkcs8) }
  const request = { subject: made.name, spki: keys.spki, serial: serial(), usages: ['keyCertSign' as const, 'cRLSign' as const] }
  const der = await issueCertificate({ ...request, isCa: true, ...validity }, made)
  writeFileSync(join(folder, file), pemOf('CERTIFICATE', der))
  return { issuer: made, root: certificateOf(der) }
}

/** A certificate of the outside CA, bound to the bidder, with which it signs. */
async function outsideSigner(usages: Parameters<typeof issueCertificate>[0]['usages'] = ['digitalSignature']) {
  const { creditCode } = await readOrganisation(await t.ctx(), bidder.organisationId)
  const keys = aKeyPair('p256')
  const request = { subject: { commonName: `051@甲@N${creditCode}@1` }, spki: keys.spki, serial: serial(), usages }
  const certificate = certificateOf(await issueCertificate({ ...request, ...validity }, issuer))
  const bind = async () => bindCertificate(await t.ctx(bidder), { certificate: Buffer.from(certificate.der).toString('base64') })
  return { certificate, bind, sign: signerOfPkcs8('p256', keys.pkcs8) }
}

const now = async () => (await t.ctx()).now
const take = async (list: RevocationList | Uint8Array | string, actor = operator) =>
  takeList(await t.ctx(actor), { crl: typeof list === 'object' && 'der' in list ? list.der : list, source: 'operator' })
const listAt = async (from: number, more: Parameters<typeof aRevocationList>[1] = {}, by = issuer) => {
  const at = new Date((await now()).getTime() + from)
  return aRevocationList(by, { at, next: new Date(at.getTime() + day), number: Math.floor(at.getTime() / 1000), ...more })
}
const alarms = async () => (await listAlarms(await t.ctx())).filter(alarm => !alarm.clearedAt).map(alarm => alarm.kind)

beforeAll(async () => {
  t = await testPlatform()
  operator = await anActor(t, 'operator')
  folder = join(t.platform.config.dataDir, 'trust')
  mkdirSync(folder)
  bidder = (await anOrganisation(t)).actor
})
beforeEach(async () => {
  // Each test has a CA of its own: what others took in says nothing about it.
  const name = `外部根 ${crypto.randomUUID()}`
  ;({ issuer, root } = await outsideCa(`${name}.pem`, name))
  await t.pass(0)
  await new Promise(resolve => setTimeout(resolve, 1_100))
})
afterAll(() => t.close())

test('without its CA’s list a certificate is refused; a list that comes while the platform runs mends it, and is in the log', async () => {
  const signer = await outsideSigner()
  await expect(signer.bind()).rejects.toMatchObject({ code: 'cert-status-unknown' })
  const list = await listAt(-hour)
  const taken = await take(pemOf('X509 CRL', list.der))
  expect(taken).toMatchObject({ isNew: true, number: list.number, sha256: list.sha256 })
  expect(await take(list)).toMatchObject({ isNew: false })
  const { organisationId } = await signer.bind()
  const verified = await verifySigned(await t.ctx(), {
    content: '甲',
    cms: await signText('甲', signer),
    organisationId: organisationId!,
  })
  const { number, thisUpdate, nextUpdate, sha256 } = list
  expect(verified.revocation).toEqual([
    { standing: 'good', number, thisUpdate: thisUpdate.toISOString(), nextUpdate: nextUpdate.toISOString(), sha256 },
  ])
  await t.platform.sequencer.flush()
  const actions = (await t.platform.database.db.select({ action: logPayload.action }).from(logPayload)).map(row => row.action)
  expect(actions).toContain('trust.crl')
})

test('a list taken in by one process counts in another within a second or so, without a restart', async () => {
  const signer = await outsideSigner()
  await take(await listAt(-2 * hour))
  await signer.bind()
  const { config } = t.platform
  const other = await startPlatform(config, t.url, makeLogger(config, 'other'), 4)
  try {
    const ctx = async () => ({ ...(await t.ctx()), platform: other, db: other.database.db })
    const cms = await signText('甲', signer)
    await verifySigned(await ctx(), { content: '甲', cms })
    await take(await listAt(-hour, { revoked: [{ serial: signer.certificate.serial, since: await now() }] }))
    await expect
      .poll(async () => verifySigned(await ctx(), { content: '甲', cms }).catch(error => error.code), { timeout: 4_000 })
      .toBe('cert-revoked')
  } finally {
    await stopPlatform(other)
  }
})

test('forged, foreign, older, future and damaged lists are refused with their reason', async () => {
  const good = await listAt(-hour)
  await take(good)
  const stranger = keyPair('p256')
  const forger: Issuer = { name: issuer.name, key: 'p256', spki: stranger.spki, sign: signerOfPkcs8('p256', stranger.pkcs8) }
  await expect(take(await listAt(0, {}, forger))).rejects.toMatchObject({ code: 'crl-forged' })
  const nobody = { ...forger, name: { commonName: '无名' } }
  await expect(take(await listAt(0, {}, nobody))).rejects.toMatchObject({ code: 'crl-issuer-unknown' })
  await expect(take(await listAt(-2 * hour))).rejects.toMatchObject({ code: 'crl-older', facts: { current: good.number } })
  await expect(take(await listAt(hour))).rejects.toMatchObject({ code: 'crl-not-yet-valid' })
  await expect(take(good.der.subarray(0, 40))).rejects.toMatchObject({ code: 'crl-malformed' })
  await expect(take('不是 PEM')).rejects.toMatchObject({ code: 'crl-malformed' })
  await expect(take(await listAt(-hour / 2), bidder)).rejects.toMatchObject({ code: 'not-allowed' })
})

test('a stale list is relied on within its grace and said to be stale, alarmed, and afterwards refused', async () => {
  const signer = await outsideSigner()
  await take(await listAt(-2 * day, { next: new Date((await now()).getTime() + hour) }))
  await signer.bind()
  await t.pass(2 * hour)
  const cms = await signText('甲', signer)
  const verified = await verifySigned(await t.ctx(), { content: '甲', cms })
  expect(verified.revocation).toMatchObject([{ standing: 'stale' }])
  await watchTrust(await t.ctx())
  expect(await alarms()).toContain('crl-stale')
  const states = async () => (await listIssuerStates(await t.ctx())).issuers.find(one => one.issuer === root.fingerprint)
  expect(await states()).toMatchObject({ standing: 'stale' })
  await t.pass(3 * day)
  await expect(verifySigned(await t.ctx(), { content: '甲', cms })).rejects.toMatchObject({ code: 'cert-status-unknown' })
  expect(await states()).toMatchObject({ standing: 'expired' })
  await take(await listAt(-hour))
  expect((await verifySigned(await t.ctx(), { content: '甲', cms })).revocation).toMatchObject([{ standing: 'good' }])
})

test('lists in the trust folder are taken in; a file that cannot be used is told and costs nothing else', async () => {
  const signer = await outsideSigner()
  const list = await listAt(-hour)
  writeFileSync(join(folder, 'good.crl'), list.der)
  writeFileSync(join(folder, 'bad.crl'), 'rubbish')
  writeFileSync(join(folder, 'bad.pem'), 'rubbish')
  await watchTrust(await t.ctx())
  await signer.bind()
  const open = (await listAlarms(await t.ctx())).find(alarm => alarm.kind === 'trust-file' && !alarm.clearedAt)
  expect(open?.facts.files).toMatch(/bad\.pem.*bad\.crl/)
  const next = await listAt(-hour / 2, { revoked: [{ serial: signer.certificate.serial, since: await now() }] })
  writeFileSync(join(folder, 'good.crl'), pemOf('X509 CRL', next.der))
  rmSync(join(folder, 'bad.crl'))
  rmSync(join(folder, 'bad.pem'))
  await watchTrust(await t.ctx())
  expect(await alarms()).not.toContain('trust-file')
  await expect(verifySigned(await t.ctx(), { content: '甲', cms: await signText('甲', signer) })).rejects.toMatchObject({
    code: 'cert-revoked',
  })
  expect((await readListsFor(await t.ctx(), [list.sha256])).map(one => one.sha256)).toEqual(
    expect.arrayContaining([list.sha256, next.sha256]),
  )
})

test('a certificate whose keyUsage allows both is bound for both, and signs', async () => {
  await take(await listAt(-hour))
  const signer = await outsideSigner(['digitalSignature', 'keyEncipherment'])
  const row = await signer.bind()
  expect(row.use).toBe('both')
  expect(await verifySigned(await t.ctx(), { content: '甲', cms: await signText('甲', signer) })).toMatchObject({
    fingerprint: row.fingerprint,
  })
  const neither = await outsideSigner(['keyCertSign'])
  await expect(neither.bind()).rejects.toMatchObject({ code: 'cert-wrong-usage' })
})

test('the demo CA’s list never runs out: whoever needs it next has it made, and each bears a greater number', async () => {
  const signer = await aSigner(t, bidder)
  const cms = await signText('甲', signer)
  const first = (await verifySigned(await t.ctx(), { content: '甲', cms })).revocation[0]!
  await t.pass(40 * day)
  const second = (await verifySigned(await t.ctx(), { content: '甲', cms })).revocation[0]!
  expect(second).toMatchObject({ standing: 'good' })
  expect(BigInt(second.number!)).toBeGreaterThan(BigInt(first.number!))
  await revokeCertificate(await t.ctx(bidder), { fingerprint: signer.fingerprint })
  const crl = await readSandboxCrl(await t.ctx(), 'intl')
  const kept = async () =>
    (await t.platform.database.db.select().from(revocationList))
      .filter(row => row.source === 'sandbox')
      .map(row => Buffer.from(row.der).toString('hex'))
  expect(await kept()).toContain(Buffer.from(crl).toString('hex'))
  // The row alone would refuse it; the list does too.
  await t.platform.database.db.update(certificateTable).set({ revokedAt: null })
  await expect(verifySigned(await t.ctx(), { content: '甲', cms })).rejects.toMatchObject({ code: 'cert-revoked' })
})
