import { afterAll, beforeAll, expect, test } from 'vitest'
import { anOrganisation, aRegistration } from '@/tests/factories/organisation'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { actorOfSession, startSession } from '~/platform/identity/session.server'
import { issueToken } from '~/platform/identity/token.server'
import { actorOfToken } from '~/platform/identity/token-actor.server'
import { registerForm } from '~/platform/organisation/organisation.form.server'
import { listMembers } from '~/platform/organisation/organisation.read.server'
import { addMember, addMemberRole, endMembership, registerOrganisation } from '~/platform/organisation/organisation.server'

let site: TestPlatform
beforeAll(async () => {
  site = await testPlatform()
})
afterAll(() => site.close())

const guest = () => site.ctx({ kind: 'public' })
const member = { name: '新成员', phone: '13900000000', password: 'test-password' }

test('an organisation registers once by its credit code', async () => {
  const input = aRegistration()
  await registerOrganisation(await guest(), input)
  const again = { ...input, admin: { ...input.admin, login: 'somebody-else' } }
  await expect(registerOrganisation(await guest(), again)).rejects.toMatchObject({ code: 'organisation-exists' })
})

test('a credit code whose check character is wrong is refused', async () => {
  const right = aRegistration()
  const wrong = right.creditCode.slice(0, 17) + (right.creditCode.endsWith('0') ? '1' : '0')
  await expect(registerOrganisation(await guest(), { ...right, creditCode: wrong })).rejects.toMatchObject({
    code: 'credit-code-invalid',
  })
})

test('a login is given once, and a refused registration leaves nothing behind', async () => {
  const first = await anOrganisation(site)
  const input = aRegistration()
  const taken = { ...input, admin: { ...input.admin, login: first.login } }
  await expect(registerOrganisation(await guest(), taken)).rejects.toMatchObject({ code: 'account-exists' })
  await expect(registerOrganisation(await guest(), input)).resolves.toMatchObject({ memberships: [{ role: 'bidder' }] })
})

test('in production only the open roles register by themselves', async () => {
  const ctx = await guest()
  const config = { ...ctx.platform.config, isSandbox: false }
  const production = { ...ctx, platform: { ...ctx.platform, config } }
  const refused = registerOrganisation(production, aRegistration({ roles: ['supervisor'] }))
  await expect(refused).rejects.toMatchObject({ code: 'role-not-offered' })
  await expect(registerOrganisation(production, aRegistration({ roles: ['agency'] }))).resolves.toBeTruthy()
})

test('nobody registers as an evaluation expert', async () => {
  await expect(registerOrganisation(await guest(), aRegistration({ roles: ['expert'] }))).rejects.toMatchObject({
    code: 'role-not-offered',
  })
})

test('the page asks for the password twice', () => {
  const { admin, ...organisation } = aRegistration()
  const form = {
    ...organisation,
    login: admin.login,
    adminName: admin.name,
    adminPhone: admin.phone,
    password: 'aaaaaaaa',
    passwordAgain: 'bbbbbbbb',
  }
  const parsed = registerForm.safeParse(form)
  expect(parsed.error?.issues.map(issue => issue.path.join('.'))).toEqual(['passwordAgain'])
  expect(registerForm.safeParse({ ...form, passwordAgain: 'aaaaaaaa', roles: 'bidder' }).data?.roles).toEqual(['bidder'])
})

test('an administrator adds a member, in the organisation’s own roles only', async () => {
  const { actor } = await anOrganisation(site, ['agency', 'custodian'])
  const ctx = await site.ctx(actor)
  const added = await addMember(ctx, { ...member, login: 'agency-second', role: 'custodian', isAdmin: false })
  expect((await listMembers(ctx)).map(m => m.login)).toContain('agency-second')
  const foreign = addMember(ctx, { ...member, login: 'agency-third', role: 'supervisor', isAdmin: false })
  await expect(foreign).rejects.toMatchObject({ code: 'role-not-offered' })
  await expect(addMemberRole(ctx, { personId: added.personId, role: 'agency' })).resolves.toBeTruthy()
})

test('a member who is no administrator manages nobody', async () => {
  const { actor } = await anOrganisation(site)
  const { personId } = await addMember(await site.ctx(actor), {
    ...member,
    login: 'plain-member',
    role: 'bidder',
    isAdmin: false,
  })
  const session = await startSession(await guest(), { personId })
  const plain = await site.ctx(session.actor)
  await expect(addMember(plain, { ...member, login: 'friend', role: 'bidder', isAdmin: true })).rejects.toMatchObject({
    code: 'not-allowed',
  })
  await expect(endMembership(plain, { membershipId: actor.membershipId })).rejects.toMatchObject({ code: 'not-allowed' })
})

test('an administrator reaches no member of another organisation', async () => {
  const [one, other] = [await anOrganisation(site), await anOrganisation(site)]
  const ctx = await site.ctx(one.actor)
  await expect(endMembership(ctx, { membershipId: other.actor.membershipId })).rejects.toMatchObject({ code: 'not-found' })
  await expect(addMemberRole(ctx, { personId: other.personId, role: 'bidder' })).rejects.toMatchObject({ code: 'not-found' })
})

test('an ended membership ends its sessions and tokens at once', async () => {
  const { actor } = await anOrganisation(site)
  const admin = await site.ctx(actor)
  const added = await addMember(admin, { ...member, login: 'leaver', role: 'bidder', isAdmin: false })
  const session = await startSession(await guest(), { personId: added.personId })
  const { token } = await issueToken(await site.ctx(session.actor), { label: '测试', scopes: [], days: 1 })
  expect((await actorOfToken(site.platform, token)).actor).toMatchObject({ personId: added.personId })
  await endMembership(admin, { membershipId: added.membershipId })
  expect(await actorOfSession(await guest(), session.token)).toEqual({ kind: 'public' })
  await expect(actorOfToken(site.platform, token)).rejects.toMatchObject({ code: 'token-invalid' })
})

test('the last administrator stays', async () => {
  const { actor } = await anOrganisation(site)
  const ended = endMembership(await site.ctx(actor), { membershipId: actor.membershipId })
  await expect(ended).rejects.toMatchObject({ code: 'last-admin' })
})
