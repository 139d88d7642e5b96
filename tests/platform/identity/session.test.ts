import { afterAll, beforeAll, expect, test } from 'vitest'
import { anOrganisation } from '@/tests/factories/organisation'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { changePassword } from '~/platform/identity/account.server'
import { actorOfSession, checkPassword, endSession, startSession, switchMembership } from '~/platform/identity/session.server'
import { signInByPassword } from '~/platform/identity/sign-in.server'
import { issueToken, listTokens, revokeToken, tokenFor } from '~/platform/identity/token.server'
import { actorOfToken } from '~/platform/identity/token-actor.server'

let site: TestPlatform
beforeAll(async () => {
  site = await testPlatform()
})
afterAll(() => site.close())

const guest = () => site.ctx({ kind: 'public' })
const right = 'test-password'
const minute = 60_000

test('login and password open a session; its token stands nowhere in the database', async () => {
  const { login, personId } = await anOrganisation(site)
  const { started } = await signInByPassword(await guest(), { login, password: right })
  expect(await actorOfSession(await guest(), started.token)).toMatchObject({ kind: 'person', personId })
  const { rows } = await site.platform.database.pool.query('select count(*)::int as n from session where token_hash = $1', [
    started.token,
  ])
  expect(rows[0].n).toBe(0)
})

test('an unknown name and a wrong password are refused alike', async () => {
  const { login } = await anOrganisation(site)
  await expect(checkPassword(await guest(), login, 'wrong')).rejects.toMatchObject({ code: 'bad-credentials' })
  await expect(checkPassword(await guest(), 'nobody-at-all', 'wrong')).rejects.toMatchObject({ code: 'bad-credentials' })
})

test('five wrong passwords lock the account for fifteen minutes, against the right one too', async () => {
  const { login, personId } = await anOrganisation(site)
  for (let i = 0; i < 5; i++)
    await expect(checkPassword(await guest(), login, 'wrong')).rejects.toMatchObject({ code: 'bad-credentials' })
  await expect(checkPassword(await guest(), login, right)).rejects.toMatchObject({ code: 'locked-out' })
  await site.pass(15 * minute + 1)
  await expect(checkPassword(await guest(), login, right)).resolves.toEqual({ personId })
})

test('too many attempts from one address are refused, whatever the name', async () => {
  const from = async () => ({ ...(await guest()), address: '203.0.113.9' })
  for (let i = 0; i < 60; i++) await checkPassword(await from(), 'nobody', 'x').catch(() => {})
  await expect(checkPassword(await from(), 'nobody', 'x')).rejects.toMatchObject({ code: 'too-many' })
  await site.pass(minute + 1_000)
  await expect(checkPassword(await from(), 'nobody', 'x')).rejects.toMatchObject({ code: 'bad-credentials' })
})

test('a session ends by signing out and by twelve hours', async () => {
  const { personId } = await anOrganisation(site)
  const one = await startSession(await guest(), { personId })
  await endSession(await site.ctx(one.actor), { token: one.token })
  expect(await actorOfSession(await guest(), one.token)).toEqual({ kind: 'public' })
  const two = await startSession(await guest(), { personId })
  await site.pass(12 * 60 * minute)
  expect(await actorOfSession(await guest(), two.token)).toEqual({ kind: 'public' })
})

test('a person with several roles goes on as another of them, in a new session', async () => {
  const { personId, as } = await anOrganisation(site, ['agency', 'custodian'])
  const first = await startSession(await guest(), { personId, membershipId: as('agency').membershipId })
  const ctx = await site.ctx(first.actor)
  const next = await switchMembership(ctx, { token: first.token, membershipId: as('custodian').membershipId })
  expect(await actorOfSession(await guest(), next.token)).toMatchObject({ role: 'custodian' })
  expect(await actorOfSession(await guest(), first.token)).toEqual({ kind: 'public' })
})

test('nobody switches to another person’s membership', async () => {
  const [one, other] = [await anOrganisation(site), await anOrganisation(site)]
  const ctx = await site.ctx(one.actor)
  const switched = switchMembership(ctx, { token: null, membershipId: other.actor.membershipId })
  await expect(switched).rejects.toMatchObject({ code: 'not-allowed' })
})

test('a token for a role the person does not have is refused', async () => {
  const { personId } = await anOrganisation(site, 'bidder')
  await expect(tokenFor(await guest(), { personId, role: 'agency' }, 'x')).rejects.toMatchObject({ code: 'not-allowed' })
})

test('a token expires, and may be revoked by its own membership only', async () => {
  const [one, other] = [await anOrganisation(site), await anOrganisation(site)]
  const mine = await site.ctx(one.actor)
  const { id, token } = await issueToken(mine, { label: '一日', scopes: [], days: 1 })
  const foreign = revokeToken(await site.ctx(other.actor), { tokenId: id })
  await expect(foreign).rejects.toMatchObject({ code: 'not-found' })
  expect((await actorOfToken(site.platform, token)).actor).toMatchObject({ organisationId: one.organisationId })
  await revokeToken(mine, { tokenId: id })
  await expect(actorOfToken(site.platform, token)).rejects.toMatchObject({ code: 'token-invalid' })
  const short = await issueToken(mine, { label: '到期', scopes: [], days: 1 })
  await site.pass(24 * 60 * minute)
  await expect(actorOfToken(site.platform, short.token)).rejects.toMatchObject({ code: 'token-invalid' })
  expect((await listTokens(mine)).map(row => row.label).sort()).toEqual(['一日', '到期'])
})

test('tokens asked for at once are each told whose they are, and a bad one among them spoils no other', async () => {
  const people = [await anOrganisation(site), await anOrganisation(site)]
  const made = await Promise.all(
    people.map(async one => issueToken(await site.ctx(one.actor), { label: '同时', scopes: [], days: 1 })),
  )
  const tokens = [made[0]!.token, 'tbid_unknown', made[1]!.token, made[0]!.token]
  const found = await Promise.allSettled(tokens.map(token => actorOfToken(site.platform, token)))
  const told = found.map(one => (one.status === 'fulfilled' ? (one.value.actor as PersonActor).organisationId : one.reason.code))
  const [first, second] = people.map(one => one.organisationId)
  expect(told).toEqual([first, 'token-invalid', second, first])
})

test('a limited token makes no wider one', async () => {
  const { actor } = await anOrganisation(site)
  const limited = await site.ctx({ ...actor, scopes: ['token.manage', 'bid.read'] })
  const wide = issueToken(limited, { label: '全部', scopes: [], days: 1 })
  await expect(wide).rejects.toMatchObject({ code: 'not-allowed' })
  const other = issueToken(limited, { label: '递交', scopes: ['bid.submit'], days: 1 })
  await expect(other).rejects.toMatchObject({ code: 'not-allowed' })
  await expect(issueToken(limited, { label: '只读', scopes: ['bid.read'], days: 1 })).resolves.toBeTruthy()
})

test('a changed password ends the person’s other sessions, and needs the current one', async () => {
  const { login, personId } = await anOrganisation(site)
  const [here, elsewhere] = [await startSession(await guest(), { personId }), await startSession(await guest(), { personId })]
  const ctx = await site.ctx(here.actor)
  const wrong = changePassword(ctx, { current: 'wrong', next: 'another-password', token: here.token })
  await expect(wrong).rejects.toMatchObject({ code: 'bad-credentials' })
  await changePassword(ctx, { current: right, next: 'another-password', token: here.token })
  expect(await actorOfSession(await guest(), here.token)).toMatchObject({ personId })
  expect(await actorOfSession(await guest(), elsewhere.token)).toEqual({ kind: 'public' })
  await expect(checkPassword(await guest(), login, 'another-password')).resolves.toEqual({ personId })
})
