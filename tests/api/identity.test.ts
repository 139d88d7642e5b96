import { afterAll, beforeAll, expect, test } from 'vitest'
import { aKeyPair, aSigner, signText } from '@/tests/factories/certificate'
import { anOrganisation, aRegistration } from '@/tests/factories/organisation'
import { type TestApi, testApi } from '@/tests/setup/api'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { certificateEndpoints } from '~/api/certificate.server'
import { identityEndpoints } from '~/api/identity.server'
import { sandboxEndpoints } from '~/api/sandbox.server'
import { startSession } from '~/platform/identity/session.server'

let site: TestPlatform
let api: TestApi
beforeAll(async () => {
  site = await testPlatform()
  api = await testApi(site, [...identityEndpoints, ...certificateEndpoints, ...sandboxEndpoints])
})
afterAll(async () => {
  await api.close()
  await site.close()
})

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

test('an outsider registers, signs in by password and is who it says', async () => {
  const registration = aRegistration({ roles: ['agency', 'custodian'] })
  const made = await api.call('POST', '/organisations', { body: registration })
  expect([made.status, made.body.memberships.length]).toEqual([201, 2])
  const { login, password } = registration.admin
  const signedIn = await api.call('POST', '/tokens/password', { body: { login, password, role: 'custodian', label: '客户端' } })
  expect(signedIn.body).toMatchObject({ organisationId: made.body.organisationId, role: 'custodian' })
  const me = await api.call('GET', '/me', { headers: bearer(signedIn.body.token) })
  expect(me.body).toMatchObject({ role: 'custodian', organisation: { creditCode: registration.creditCode } })
  expect(me.body.permissions).toContain('custody.act')
  expect(me.body.permissions).not.toContain('project.write')
})

test('a wrong password is 401 with its code, and no word about which part was wrong', async () => {
  const { login } = await anOrganisation(site)
  const answer = await api.call('POST', '/tokens/password', { body: { login, password: 'wrong', label: 'x' } })
  expect([answer.status, answer.body.code]).toEqual([401, 'bad-credentials'])
})

test('an outsider has a key certified, signs the challenge and gets a token; then revokes the certificate', async () => {
  const { actor } = await anOrganisation(site)
  const signer = await aSigner(site, actor, { algorithm: 'sm2' })
  const challenge = await api.call('POST', '/challenges')
  const proof = { challengeId: challenge.body.id, cms: await signText(challenge.body.nonce, signer), label: '证书' }
  const signedIn = await api.call('POST', '/tokens/certificate', { body: proof })
  expect([signedIn.status, signedIn.body.role]).toEqual([201, 'bidder'])
  const revoked = await api.call('DELETE', `/certificates/${signer.fingerprint}`, { headers: bearer(signedIn.body.token) })
  expect(revoked.status).toBe(200)
  const next = await api.call('POST', '/challenges')
  const again = { challengeId: next.body.id, cms: await signText(next.body.nonce, signer), label: '证书' }
  expect((await api.call('POST', '/tokens/certificate', { body: again })).body.code).toBe('cert-revoked')
})

test('an unknown field is refused and named, whatever else is right', async () => {
  const { actor } = await anOrganisation(site)
  const spki = Buffer.from(aKeyPair().spki).toString('base64')
  const body = { use: 'sign', suite: 'intl', algorithm: 'p256', spki, serial: 1 }
  const answer = await api.call('POST', '/sandbox/certificates', { actor, body })
  expect([answer.status, answer.body.code]).toEqual([422, 'bad-input'])
})

test('a session’s change from another site is refused; a token’s is not asked where it comes from', async () => {
  const { personId, actor } = await anOrganisation(site)
  const { token } = await startSession(await site.ctx({ kind: 'public' }), { personId })
  const body = { label: '令牌', scopes: [], days: 1 }
  const headers = { cookie: `sid=${token}`, 'sec-fetch-site': 'cross-site' }
  expect((await api.call('POST', '/tokens', { body, headers })).body.code).toBe('csrf-failed')
  const own = { cookie: `sid=${token}`, 'sec-fetch-site': 'same-origin' }
  expect((await api.call('POST', '/tokens', { body, headers: own })).status).toBe(201)
  expect((await api.call('POST', '/tokens', { actor, body, headers: { origin: 'https://evil.example' } })).status).toBe(201)
})

test('one organisation’s tokens and members are nobody else’s', async () => {
  const [one, other] = [await anOrganisation(site), await anOrganisation(site)]
  const made = await api.call('POST', '/tokens', { actor: one.actor, body: { label: '甲', scopes: [], days: 1 } })
  expect((await api.call('DELETE', `/tokens/${made.body.id}`, { actor: other.actor })).status).toBe(404)
  expect((await api.call('DELETE', `/members/${one.actor.membershipId}`, { actor: other.actor })).status).toBe(404)
  const members = await api.call('GET', '/members', { actor: other.actor })
  expect(members.body.map((m: { personId: string }) => m.personId)).toEqual([other.personId])
})

test.each(['../keys/log-ed25519.pem', 'agency.pem', 'agency', '%2e%2e%2fkeys%2fdata.p12', 'nobody.p12'])(
  'no file but a demo key is handed out: %s',
  async file => {
    expect([404, 422]).toContain((await api.call('GET', `/sandbox/demo-keys/${file}`)).status)
  },
)
