import { createHash, randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { parseSigned } from '@/crypto/cms'
import { messageHash, messageText, type PolicyMessage } from '@/crypto/messages'
import { lotCustodian, sealingPolicy } from '@/db/schema/trading/project'
import { readAnchors } from '~/platform/anchor/anchor.server'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { ownedBy } from '~/platform/identity/authorise.server'
import { verifySigned } from '~/platform/identity/signature.server'
import { refuseUnless } from '~/shared/refusal'
import { type FoundLot, findLot, lockLot, lockOwnLot, moveLot } from '../lot/find-lot.server'
import { lotStateText } from '../lot/lot.text'
import { openingTermsOf } from '../lot/opening-terms'
import { ownCustody } from './custody-key.server'
import { stagesOf } from './policy'
import { type CustodianRow, listCustodians, readPolicyRow } from './policy.read.server'

type Mode = PolicyMessage['stages'][number]['mode']
const modes: readonly Mode[] = ['bidder', 'custody', 'both', 'rescue']

function custodianOf(row: CustodianRow) {
  const { fingerprint } = parseSigned(row.lotKeyCms!).signer
  return { org: row.organisationId, group: row.interestGroup, cert: fingerprint, lotKey: row.lotKey! }
}

/** The policy as the custodians' keys make it. Deterministic while keys and anchors stay: the agency signs this very text. */
async function composePolicy(ctx: Ctx, { lot, project }: FoundLot): Promise<string> {
  const custodians = await listCustodians(ctx, lot.id, lot.round)
  const missing = custodians.filter(one => !one.lotKey).length
  refuseUnless(missing === 0, 'lot-key-missing', { missing: String(missing) })
  const anchors = await readAnchors(ctx)
  const sha256 = (base64: string) => createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex')
  const mode = modes.find(one => one === lot.releaseMode)!
  const dealt = { mode, k: mode === 'bidder' ? 0 : lot.threshold, custodians: custodians.map(custodianOf) }
  const stages = stagesOf(openingTermsOf(lot).envelopes).map(one => ({ ...one, ...dealt }))
  return messageText({
    t: 'tbid/policy@1',
    platform: ctx.platform.config.platformId,
    project: project.id,
    lot: lot.id,
    round: lot.round,
    suite: lot.suite === 'gm' ? 'gm' : 'intl',
    stages,
    tsa: anchors.tsa.map(one => sha256(one.certificate)),
    witnesses: anchors.witnesses.map(one => one.vkey),
    prev: null,
  })
}

/** The policy to be signed, or refuses lot-key-missing. For the lot's own agency. */
export async function readPolicyDraft(ctx: Ctx, lotId: string): Promise<{ payload: string; hash: string }> {
  const found = await findLot(ctx, lotId)
  ownedBy(ctx, found.project.agencyId)
  const signed = await readPolicyRow(ctx, lotId, found.lot.round)
  const payload = signed?.payload ?? (await composePolicy(ctx, found))
  return { payload, hash: messageHash(payload) }
}

const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))

/** All have signed: the lot may be announced. */
async function completePolicy(ctx: Ctx, { lot }: FoundLot, policyId: string): Promise<boolean> {
  const waiting = (await listCustodians(ctx, lot.id, lot.round)).some(one => !one.cosignedAt)
  if (waiting) return false
  await ctx.db.update(sealingPolicy).set({ completedAt: ctx.now }).where(eq(sealingPolicy.id, policyId))
  await moveLot(ctx, lot, 'complete-policy')
  return true
}

/** The agency signs the lot's sealing policy, exactly as composed; with custodians it then waits for their cosignatures. */
export const signPolicy = command(
  'policy.sign',
  async (ctx, { lotId, payload, cms }: { lotId: string; payload: string; cms: string }) => {
    const found = await lockOwnLot(ctx, lotId)
    const { lot, project } = found
    refuseUnless(lot.state === 'keying', 'wrong-state', { state: lotStateText[lot.state], event: '签署密封策略' })
    refuseUnless(!(await readPolicyRow(ctx, lotId, lot.round)), 'policy-signed')
    refuseUnless(payload === (await composePolicy(ctx, found)), 'policy-differs')
    await verifySigned(ctx, { content: payload, cms, organisationId: project.agencyId })
    const hash = messageHash(payload)
    const row = {
      id: randomUUID(),
      lotId,
      round: lot.round,
      version: 1,
      hash,
      payload,
      agencyCms: bytes(cms),
      createdAt: ctx.now,
    }
    await ctx.db.insert(sealingPolicy).values(row)
    const isComplete = await completePolicy(ctx, found, row.id)
    return { result: { hash, isComplete }, entry: { lotId, facts: { hash, cms } } }
  },
)

/** A custodian cosigns the policy the agency signed: with the last one the lot is ready to be announced (crypto.md §10.6). */
export const cosignPolicy = command(
  'custody.act',
  async (ctx, { lotId, cms }: { lotId: string; cms: string }) => {
    const found = await lockLot(ctx, lotId)
    const own = await ownCustody(ctx, found)
    const policy = await readPolicyRow(ctx, lotId, found.lot.round)
    refuseUnless(policy, 'not-found')
    const { fingerprint } = await verifySigned(ctx, { content: policy.payload, cms, organisationId: own.organisationId })
    if (own.cosignedAt) return { result: { hash: policy.hash, isComplete: policy.completedAt !== null }, entry: null }
    await ctx.db
      .update(lotCustodian)
      .set({ policyCms: bytes(cms), cosignedAt: ctx.now })
      .where(eq(lotCustodian.id, own.id))
    const isComplete = await completePolicy(ctx, found, policy.id)
    return {
      result: { hash: policy.hash, isComplete },
      entry: { lotId, facts: { hash: policy.hash, org: own.organisationId, cert: fingerprint, cms } },
    }
  },
  'policy.cosign',
)
