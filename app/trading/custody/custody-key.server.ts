import { eq } from 'drizzle-orm'
import { unbase64 } from '@/crypto/bytes'
import { pointOfSpki } from '@/crypto/ec-key'
import { type LotKeyMessage, readMessage } from '@/crypto/messages'
import { isOnCurve } from '@/crypto/public-point'
import { lotCustodian } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { verifySigned } from '~/platform/identity/signature.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { type FoundLot, lockLot } from '../lot/find-lot.server'
import { lotStateText } from '../lot/lot.text'
import type { CustodyKeyInput } from './custody.form.server'
import { type CustodianRow, listCustodians, readPolicyRow } from './policy.read.server'

/** The actor's place among the custodians of the lot's round; not-found to anybody else. */
export async function ownCustody(ctx: Ctx, { lot }: FoundLot): Promise<CustodianRow> {
  const { organisationId } = personOf(ctx)
  const own = (await listCustodians(ctx, lot.id, lot.round)).find(one => one.organisationId === organisationId)
  if (!own) throw new Refusal('not-found')
  return own
}

function readLotKey(text: string): LotKeyMessage {
  try {
    return readMessage('tbid/lotkey@1', text)
  } catch (error) {
    throw new Refusal('bad-input', { reason: error instanceof Error ? error.message : '', field: 'message' })
  }
}

function checkLotKey(ctx: Ctx, { lot, project }: FoundLot, message: LotKeyMessage): void {
  const isHere = message.platform === ctx.platform.config.platformId && message.project === project.id
  refuseUnless(isHere && message.lot === lot.id && message.round === lot.round, 'wrong-lot', { sealedFor: message.lot })
  refuseUnless(message.org === personOf(ctx).organisationId, 'cert-not-bound')
  const key = pointOfSpki(unbase64(message.spki))
  const wanted = lot.suite === 'gm' ? 'SM2' : 'P-256'
  refuseUnless(key?.curve === wanted, 'lot-key-wrong', { reason: `本标段须用 ${wanted} 密钥` })
  refuseUnless(isOnCurve(key.curve, key.point), 'lot-key-wrong', { reason: '公钥不在曲线上' })
}

/**
 * Registers a custodian's key for one lot and round, signed with its certificate; the private half comes along wrapped to that
 * custodian's own certificate, opaque to the platform (crypto.md §2.3). May be done again until the policy is signed.
 */
export const registerLotKey = command(
  'custody.act',
  async (ctx, { lotId, ...input }: CustodyKeyInput & { lotId: string }) => {
    const found = await lockLot(ctx, lotId)
    const own = await ownCustody(ctx, found)
    const { lot } = found
    refuseUnless(lot.state === 'keying', 'wrong-state', { state: lotStateText[lot.state], event: '登记本标段密钥' })
    refuseUnless(!(await readPolicyRow(ctx, lotId, lot.round)), 'policy-signed')
    const message = readLotKey(input.message)
    checkLotKey(ctx, found, message)
    const { fingerprint } = await verifySigned(ctx, {
      content: input.message,
      cms: input.cms,
      organisationId: own.organisationId,
    })
    const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
    const kept = {
      lotKey: message.spki,
      lotKeyMessage: input.message,
      lotKeyCms: bytes(input.cms),
      wrappedKey: bytes(input.wrappedKey),
    }
    await ctx.db
      .update(lotCustodian)
      .set({ ...kept, keyedAt: ctx.now })
      .where(eq(lotCustodian.id, own.id))
    const missing = (await listCustodians(ctx, lotId, lot.round)).filter(one => !one.keyedAt).length
    const facts = { org: own.organisationId, idx: own.idx, spki: message.spki, cert: fingerprint }
    return { result: { idx: own.idx, missing }, entry: { lotId, facts } }
  },
  'custody.key',
)
