import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { issueCertificate } from '@/crypto/authority'
import { parseRevocationList } from '@/crypto/crl'
import { signerOfPkcs8 } from '@/crypto/signature-node'
import { certificateOf, pemOf } from '@/crypto/x509'
import { aRevocationList } from '@/tests/factories/authority'
import { aKeyPair, aSigner, signText } from '@/tests/factories/certificate'
import { anOrganisation } from '@/tests/factories/organisation'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import {
  bindCertificate,
  issueDemoCertificate,
  listCertificates,
  readSandboxCrl,
  revokeCertificate,
} from '~/platform/identity/certificate.server'
import { startChallenge, tokenByCertificate } from '~/platform/identity/challenge.server'
import { verifySigned } from '~/platform/identity/signature.server'
import { actorOfToken } from '~/platform/identity/token-actor.server'
import { watchTrust } from '~/platform/identity/trust-watch.server'
import { readOrganisation } from '~/platform/organisation/organisation.read.server'

let site: TestPlatform
const outside = aKeyPair('rsa')
const outsideIssuer = {
  name: { commonName: '外部根 CA', organisation: '某认证机构' },
  key: 'rsa',
  spki: outside.spki,
  sign: signerOfPkcs8('rsa', outside.pkcs8),
} as const
const years = { notBefore: new Date('2025-01-01T00:00:00Z'), notAfter: new Date('2035-01-01T00:00:00Z') }
const serial = () => Uint8Array.from([1, ...crypto.getRandomValues(new Uint8Array(8))])

beforeAll(async () => {
  site = await testPlatform()
  const root = await issueCertificate(
    {
      subject: outsideIssuer.name,
      spki: outside.spki,
      serial: serial(),
      usages: ['keyCertSign', 'cRLSign'],
      isCa: true,
      ...years,
    },
    outsideIssuer,
  )
  const folder = join(site.platform.config.dataDir, 'trust')
  mkdirSync(folder)
  writeFileSync(join(folder, 'root.pem'), pemOf('CERTIFICATE', root))
  writeFileSync(join(folder, 'root.crl'), (await aRevocationList(outsideIssuer)).der)
  await watchTrust(await site.ctx())
})
afterAll(() => site.close())

const guest = () => site.ctx({ kind: 'public' })

for (const algorithm of ['rsa', 'p256', 'sm2'] as const) {
  test(`a signature by a demo certificate holds, and not over other words: ${algorithm}`, async () => {
    const { actor, organisationId } = await anOrganisation(site)
    const signer = await aSigner(site, actor, { algorithm })
    const cms = await signText('投标函', signer)
    const verified = await verifySigned(await guest(), { content: '投标函', cms, organisationId })
    expect(verified).toMatchObject({
      fingerprint: signer.fingerprint,
      organisationId,
      personId: null,
      revocation: [{ standing: 'good' }],
    })
    await expect(verifySigned(await guest(), { content: '投标函。', cms })).rejects.toMatchObject({ code: 'bad-signature' })
  })
}

test('a signature of another organisation is not this organisation’s', async () => {
  const [one, other] = [await anOrganisation(site), await anOrganisation(site)]
  const cms = await signText('甲', await aSigner(site, one.actor))
  const asOther = verifySigned(await guest(), { content: '甲', cms, organisationId: other.organisationId })
  await expect(asOther).rejects.toMatchObject({ code: 'cert-not-bound' })
})

test('an encryption certificate signs nothing', async () => {
  const { actor } = await anOrganisation(site)
  const cms = await signText('甲', await aSigner(site, actor, { use: 'encrypt' }))
  await expect(verifySigned(await guest(), { content: '甲', cms })).rejects.toMatchObject({ code: 'cert-wrong-usage' })
})

test('a revoked certificate signs nothing from then on, and stands in the CRL', async () => {
  const { actor } = await anOrganisation(site)
  const signer = await aSigner(site, actor)
  const cms = await signText('甲', signer)
  await revokeCertificate(await site.ctx(actor), { fingerprint: signer.fingerprint })
  await expect(verifySigned(await guest(), { content: '甲', cms })).rejects.toMatchObject({ code: 'cert-revoked' })
  const list = parseRevocationList(await readSandboxCrl(await guest(), 'intl'))
  expect([...list.revoked.keys()]).toContain(signer.certificate.serial)
})

test('an expired certificate signs nothing', async () => {
  const { actor } = await anOrganisation(site)
  const cms = await signText('甲', await aSigner(site, actor))
  const late = { ...(await guest()), now: new Date(Date.now() + 366 * 86_400_000) }
  await expect(verifySigned(late, { content: '甲', cms })).rejects.toMatchObject({ code: 'cert-expired' })
})

test('another organisation’s certificate can neither be seen nor revoked', async () => {
  const [one, other] = [await anOrganisation(site), await anOrganisation(site)]
  const { fingerprint } = await aSigner(site, one.actor)
  expect(await listCertificates(await site.ctx(other.actor))).toEqual([])
  await expect(revokeCertificate(await site.ctx(other.actor), { fingerprint })).rejects.toMatchObject({ code: 'not-found' })
})

test('a key that is not what it claims to be is not certified', async () => {
  const { actor } = await anOrganisation(site)
  const spki = Buffer.from(aKeyPair('p256').spki).toString('base64')
  const claim = issueDemoCertificate(await site.ctx(actor), { use: 'sign', suite: 'gm', algorithm: 'sm2', spki })
  await expect(claim).rejects.toMatchObject({ code: 'bad-input' })
})

test('outside the sandbox there is no demo CA, and its certificates are worth nothing', async () => {
  const { actor } = await anOrganisation(site)
  const cms = await signText('甲', await aSigner(site, actor))
  const config = { ...site.platform.config, isSandbox: false }
  const production = async (who: typeof actor) => ({ ...(await site.ctx(who)), platform: { ...site.platform, config } })
  const spki = Buffer.from(aKeyPair().spki).toString('base64')
  const issued = issueDemoCertificate(await production(actor), { use: 'sign', suite: 'intl', algorithm: 'p256', spki })
  await expect(issued).rejects.toMatchObject({ code: 'not-found' })
  await expect(verifySigned(await production(actor), { content: '甲', cms })).rejects.toMatchObject({ code: 'cert-untrusted' })
})

test('a certificate of a recognised outside CA is bound if it names the organisation’s credit code', async () => {
  const { actor, organisationId } = await anOrganisation(site)
  const { creditCode, name } = await readOrganisation(await guest(), organisationId)
  const keys = aKeyPair('rsa')
  const request = { spki: keys.spki, usages: ['digitalSignature' as const], ...years }
  const issue = async (commonName: string) =>
    Buffer.from(await issueCertificate({ ...request, subject: { commonName }, serial: serial() }, outsideIssuer)).toString(
      'base64',
    )
  const wrong = bindCertificate(await site.ctx(actor), { certificate: await issue(`051@${name}@N000000000000000000@1`) })
  await expect(wrong).rejects.toMatchObject({ code: 'cert-subject-differs' })
  const certificate = await issue(`051@${name}@N${creditCode}@1`)
  const bound = await bindCertificate(await site.ctx(actor), { certificate })
  expect(bound).toMatchObject({ organisationId, use: 'sign', isSandbox: false })
  const signer = { certificate: certificateOf(certificate), sign: signerOfPkcs8('rsa', keys.pkcs8) }
  const verified = await verifySigned(await guest(), { content: '甲', cms: await signText('甲', signer), organisationId })
  expect(verified.fingerprint).toBe(bound.fingerprint)
})

test('a self-made certificate is not trusted, and what is no certificate is refused', async () => {
  const { actor, organisationId } = await anOrganisation(site)
  const { creditCode } = await readOrganisation(await guest(), organisationId)
  const keys = aKeyPair()
  const own = { name: { commonName: '自签' }, key: 'p256' as const, spki: keys.spki, sign: signerOfPkcs8('p256', keys.pkcs8) }
  const request = {
    subject: { commonName: creditCode },
    spki: keys.spki,
    serial: serial(),
    usages: ['digitalSignature' as const],
    ...years,
  }
  const certificate = Buffer.from(await issueCertificate(request, own)).toString('base64')
  await expect(bindCertificate(await site.ctx(actor), { certificate })).rejects.toMatchObject({ code: 'cert-untrusted' })
  const noise = bindCertificate(await site.ctx(actor), { certificate: 'A'.repeat(100) })
  await expect(noise).rejects.toMatchObject({ code: 'bad-input' })
})

test('a signed challenge is a token for the member who registered the certificate; the challenge serves once', async () => {
  const { actor, personId, organisationId } = await anOrganisation(site)
  const signer = await aSigner(site, actor)
  const { id, nonce } = await startChallenge(await guest())
  const proof = { challengeId: id, cms: await signText(nonce, signer), label: '证书登录' }
  const { token, role } = await tokenByCertificate(await guest(), proof)
  expect(role).toBe('bidder')
  expect((await actorOfToken(site.platform, token)).actor).toMatchObject({ personId, organisationId })
  await expect(tokenByCertificate(await guest(), proof)).rejects.toMatchObject({ code: 'challenge-expired' })
})

test('a challenge signed by nobody we know, or too late, opens nothing', async () => {
  const { actor } = await anOrganisation(site)
  const signer = await aSigner(site, actor)
  const one = await startChallenge(await guest())
  const wrong = tokenByCertificate(await guest(), { challengeId: one.id, cms: await signText('别的内容', signer), label: 'x' })
  await expect(wrong).rejects.toMatchObject({ code: 'bad-signature' })
  const two = await startChallenge(await guest())
  const cms = await signText(two.nonce, signer)
  await site.pass(5 * 60_000 + 1)
  await expect(tokenByCertificate(await guest(), { challengeId: two.id, cms, label: 'x' })).rejects.toMatchObject({
    code: 'challenge-expired',
  })
})
