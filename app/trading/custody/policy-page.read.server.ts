import { createHash } from 'node:crypto'
import { inArray } from 'drizzle-orm'
import { messageHash, readMessage } from '@/crypto/messages'
import { organisation } from '@/db/schema/platform/identity'
import type { Ctx } from '~/platform/ctx'
import { ownedBy, personOf } from '~/platform/identity/authorise.server'
import { Refusal } from '~/shared/refusal'
import { findLot } from '../lot/find-lot.server'
import { readCustody } from './custody.read.server'
import { listCustodians, readPolicyRow } from './policy.read.server'
import { readPolicyDraft } from './policy.server'

async function shown(ctx: Ctx, lotId: string, round: number, payload: string) {
  const { suite, stages } = readMessage('tbid/policy@1', payload)
  const stage = stages[0]!
  const rows = await listCustodians(ctx, lotId, round)
  const ids = rows.map(row => row.organisationId)
  const names =
    ids.length > 0
      ? await ctx.db
          .select({ id: organisation.id, name: organisation.name })
          .from(organisation)
          .where(inArray(organisation.id, ids))
      : []
  const custodians = stage.custodians.map(({ org, group, lotKey }) => ({
    org,
    group,
    kid: createHash('sha256').update(Buffer.from(lotKey, 'base64')).digest('hex'),
    name: names.find(one => one.id === org)?.name ?? org,
    hasCosigned: rows.some(row => row.organisationId === org && row.cosignedAt !== null),
  }))
  return { payload, hash: messageHash(payload), suite, mode: stage.mode, k: stage.k, custodians }
}

export type PolicyShown = Awaited<ReturnType<typeof shown>>

/** What the agency's policy page shows: the policy to sign or signed, or how many keys are missing. */
export async function readPolicyPage(ctx: Ctx, lotId: string) {
  const { lot, project } = await findLot(ctx, lotId)
  ownedBy(ctx, project.agencyId)
  const missing = (await listCustodians(ctx, lotId, lot.round)).filter(one => !one.lotKey).length
  const signed = await readPolicyRow(ctx, lotId, lot.round)
  const isDue = lot.state === 'keying' || signed !== null
  const draft = isDue && missing === 0 ? await readPolicyDraft(ctx, lotId) : null
  const policy = draft ? await shown(ctx, lotId, lot.round, draft.payload) : null
  return {
    lot: { id: lot.id, name: lot.name, code: lot.code, state: lot.state },
    policy,
    missing,
    isSigned: signed !== null,
    isComplete: signed?.completedAt != null,
  }
}

/** What a custodian's pages of one lot show: its part, and the policy once the agency has signed it. */
export async function readCustodyPage(ctx: Ctx, lotId: string) {
  const custody = await readCustody(ctx, lotId)
  const row = await readPolicyRow(ctx, lotId, custody.round)
  const policy = row ? await shown(ctx, lotId, custody.round, row.payload) : null
  const { organisationId: org } = personOf(ctx)
  const scope = { platform: ctx.platform.config.platformId, project: custody.projectId, lot: lotId, round: custody.round, org }
  return { custody, policy, scope }
}

/** As readCustodyPage, for a page about the policy alone; refuses not-found before the agency has signed. */
export async function readCosignPage(ctx: Ctx, lotId: string) {
  const { custody, policy } = await readCustodyPage(ctx, lotId)
  if (!policy) throw new Refusal('not-found')
  return { custody, policy }
}
