import { z } from 'zod'
import { roles } from '@/db/schema/platform/identity'
import { endpoint } from '~/http/api/endpoint.server'
import { startChallenge, tokenByCertificate } from '~/platform/identity/challenge.server'
import { certificateTokenBody, passwordTokenBody, tokenBody } from '~/platform/identity/identity.form.server'
import { readMe } from '~/platform/identity/me.server'
import { checkPassword } from '~/platform/identity/session.server'
import { issueToken, listTokens, revokeToken, tokenFor } from '~/platform/identity/token.server'
import { memberForm, memberRoleForm, organisationBody } from '~/platform/organisation/organisation.form.server'
import { listMembers } from '~/platform/organisation/organisation.read.server'
import { addMember, addMemberRole, endMembership, registerOrganisation } from '~/platform/organisation/organisation.server'

const role = z.enum(roles)
const signedIn = z.object({
  token: z.string(),
  expiresAt: z.date(),
  membershipId: z.uuid(),
  organisationId: z.uuid(),
  role,
  name: z.string(),
})
const tag = 'identity'

const sessions = [
  endpoint({
    method: 'post',
    path: '/tokens/password',
    tag,
    summary: 'A token by login and password; five wrong passwords lock the account for 15 minutes',
    permission: 'session.start',
    body: passwordTokenBody,
    answer: signedIn,
    status: 201,
    handle: async (ctx, { body }) => {
      const { personId } = await checkPassword(ctx, body.login, body.password)
      return tokenFor(ctx, { personId, role: body.role }, body.label)
    },
  }),
  endpoint({
    method: 'post',
    path: '/challenges',
    tag,
    summary: 'A nonce to be signed for certificate sign-in; lives five minutes, used once',
    permission: 'session.start',
    answer: z.object({ id: z.uuid(), nonce: z.string(), expiresAt: z.date() }),
    status: 201,
    handle: ctx => startChallenge(ctx),
  }),
  endpoint({
    method: 'post',
    path: '/tokens/certificate',
    tag,
    summary: 'A token by a detached CMS over the UTF-8 bytes of the challenge’s nonce',
    permission: 'session.start',
    body: certificateTokenBody,
    answer: signedIn,
    status: 201,
    handle: (ctx, { body }) => tokenByCertificate(ctx, body),
  }),
  endpoint({
    method: 'get',
    path: '/me',
    tag,
    summary: 'Who this token or session is',
    permission: 'me.read',
    answer: z.object({
      personId: z.uuid(),
      name: z.string(),
      membershipId: z.uuid(),
      organisationId: z.uuid(),
      organisation: z.object({ id: z.uuid(), name: z.string(), creditCode: z.string(), regionCode: z.string() }),
      role,
      memberships: z.array(z.object({ id: z.uuid(), organisationId: z.uuid(), organisationName: z.string(), role })),
      permissions: z.array(z.string()),
      now: z.date(),
    }),
    handle: ctx => readMe(ctx),
  }),
]

const tokens = [
  endpoint({
    method: 'post',
    path: '/tokens',
    tag,
    summary: 'A further token of the own membership, shown once; scopes are permissions, none means all of the role’s',
    permission: 'token.manage',
    body: tokenBody,
    answer: z.object({ id: z.uuid(), token: z.string(), expiresAt: z.date() }),
    status: 201,
    handle: (ctx, { body }) => issueToken(ctx, body),
  }),
  endpoint({
    method: 'get',
    path: '/tokens',
    tag,
    summary: 'The tokens of the own membership, without their secrets',
    permission: 'token.manage',
    answer: z.array(
      z.object({
        id: z.uuid(),
        label: z.string(),
        scopes: z.array(z.string()),
        createdAt: z.date(),
        expiresAt: z.date(),
        revokedAt: z.date().nullable(),
      }),
    ),
    handle: ctx => listTokens(ctx),
  }),
  endpoint({
    method: 'delete',
    path: '/tokens/:id',
    tag,
    summary: 'Revokes a token of the own membership',
    permission: 'token.manage',
    params: z.object({ id: z.uuid() }),
    answer: z.object({ revoked: z.boolean() }),
    handle: async (ctx, { params }) => {
      await revokeToken(ctx, { tokenId: params.id })
      return { revoked: true }
    },
  }),
]

const organisations = [
  endpoint({
    method: 'post',
    path: '/organisations',
    tag,
    summary: 'Registers an organisation by its 统一社会信用代码 (GB 32100) with its administrator',
    permission: 'organisation.register',
    body: organisationBody,
    answer: z.object({ organisationId: z.uuid(), personId: z.uuid(), memberships: z.array(z.object({ id: z.uuid(), role })) }),
    status: 201,
    handle: (ctx, { body }) => registerOrganisation(ctx, body),
  }),
  endpoint({
    method: 'get',
    path: '/members',
    tag,
    summary: 'The members of the own organisation',
    permission: 'membership.manage',
    answer: z.array(
      z.object({
        membershipId: z.uuid(),
        personId: z.uuid(),
        name: z.string(),
        login: z.string(),
        role,
        isAdmin: z.boolean(),
        regionPrefix: z.string(),
      }),
    ),
    handle: ctx => listMembers(ctx),
  }),
  endpoint({
    method: 'post',
    path: '/members',
    tag,
    summary: 'An administrator adds a member to the own organisation',
    permission: 'membership.manage',
    body: z.strictObject({ ...memberForm.shape, isAdmin: z.boolean() }),
    answer: z.object({ personId: z.uuid(), membershipId: z.uuid() }),
    status: 201,
    handle: (ctx, { body }) => addMember(ctx, body),
  }),
  endpoint({
    method: 'post',
    path: '/members/roles',
    tag,
    summary: 'An administrator gives a member another of the organisation’s roles',
    permission: 'membership.manage',
    body: z.strictObject(memberRoleForm.shape),
    answer: z.object({ membershipId: z.uuid() }),
    status: 201,
    handle: (ctx, { body }) => addMemberRole(ctx, body),
  }),
  endpoint({
    method: 'delete',
    path: '/members/:membershipId',
    tag,
    summary: 'An administrator ends a membership; its sessions and tokens stop at once',
    permission: 'membership.manage',
    params: z.object({ membershipId: z.uuid() }),
    answer: z.object({ membershipId: z.uuid() }),
    handle: (ctx, { params }) => endMembership(ctx, { membershipId: params.membershipId }),
  }),
]

export const identityEndpoints = [...sessions, ...tokens, ...organisations]
