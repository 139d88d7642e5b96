import { hex, unbase64 } from '@/crypto/bytes'
import { scalarOfPkcs8 } from '@/crypto/ec-key'
import { p256FromPkcs8 } from '@/crypto/hpke'
import { messageText, type PolicyMessage, readMessage } from '@/crypto/messages'
import { nodeSuites } from '@/crypto/suite-node'
import { hpkeUnwrap, sm2Unwrap, type UnwrapKey } from '@/crypto/wrap'
import type { TestPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { addSeconds } from '~/shared/time'
import { registerLotKey } from '~/trading/custody/custody-key.server'
import { cosignPolicy, readPolicyDraft, signPolicy } from '~/trading/custody/policy.server'
import { publishNotice } from '~/trading/notice/notice.server'
import { type ASigner, aKeyPair, aSigner, signText } from './certificate'
import { aDocument, aLot, type LotWish } from './lot'

export const kidOf = (spki: Uint8Array): string => hex(nodeSuites.intl.hash(spki))

/** Opens what was wrapped to this key under this name. */
export async function unwrapWith(suite: 'intl' | 'gm', kid: string, pkcs8: Uint8Array): Promise<UnwrapKey> {
  return suite === 'gm' ? sm2Unwrap(kid, scalarOfPkcs8(pkcs8).secret) : hpkeUnwrap(kid, await p256FromPkcs8(pkcs8))
}

/** A custodian with its certificate and, once registered, its key for the lot. */
export interface Keeper {
  actor: PersonActor
  signer: ASigner
  key: UnwrapKey
  spki: string
}

interface Scope {
  project: string
  lot: string
}

export const lotKeyText = (t: TestPlatform, { project, lot }: Scope, org: string, spki: string): string =>
  messageText({ t: 'tbid/lotkey@1', platform: t.platform.config.platformId, project, lot, round: 1, org, spki })

/** Registers a fresh lot key of the custodian. */
export async function aKeeper(t: TestPlatform, scope: Scope, actor: PersonActor, suite: 'intl' | 'gm'): Promise<Keeper> {
  const signer = await aSigner(t, actor)
  const keys = aKeyPair(suite === 'gm' ? 'sm2' : 'p256')
  const spki = Buffer.from(keys.spki).toString('base64')
  const message = lotKeyText(t, scope, actor.organisationId, spki)
  await registerLotKey(await t.ctx(actor), {
    lotId: scope.lot,
    message,
    cms: await signText(message, signer),
    wrappedKey: 'AAAA',
  })
  return { actor, signer, spki, key: await unwrapWith(suite, kidOf(unbase64(spki)), keys.pkcs8) }
}

/** A lot whose custodians have registered keys and cosigned the policy ('ready'), or that takes bids ('bidding'). */
export async function aSealingLot(
  t: TestPlatform,
  wish: Omit<LotWish, 'state'> & { state?: 'keyed' | 'signed' | 'ready' | 'bidding' } = {},
) {
  const { state = 'bidding', ...rest } = wish
  const made = await aLot(t, { ...rest, state: 'keying' })
  const suite = rest.lot?.suite === 'gm' ? ('gm' as const) : ('intl' as const)
  const scope = { project: made.project.id, lot: made.lotId }
  const agencySigner = await aSigner(t, made.agency)
  const keepers: Keeper[] = []
  for (const actor of made.custodians) keepers.push(await aKeeper(t, scope, actor, suite))
  const draft = await readPolicyDraft(await t.ctx(made.agency), made.lotId)
  const policy: { hash: string; payload: string; message: PolicyMessage } = {
    ...draft,
    message: readMessage('tbid/policy@1', draft.payload),
  }
  const result = { ...made, suite, agencySigner, keepers, policy }
  if (state === 'keyed') return result
  await signPolicy(await t.ctx(made.agency), {
    lotId: made.lotId,
    payload: draft.payload,
    cms: await signText(draft.payload, agencySigner),
  })
  if (state === 'signed') return result
  for (const { actor, signer } of keepers)
    await cosignPolicy(await t.ctx(actor), { lotId: made.lotId, cms: await signText(draft.payload, signer) })
  if (state === 'ready') return result
  await aDocument(t, made.agency, made.lotId)
  const now = (await t.ctx()).now
  const biddingEndsAt = addSeconds(new Date(Math.ceil(now.getTime() / 1000) * 1000), wish.seconds ?? 60)
  await publishNotice(await t.ctx(made.agency), {
    lotId: made.lotId,
    title: '招标公告',
    body: '现对本标段公开招标。',
    biddingEndsAt,
  })
  return result
}

export type SealingLot = Awaited<ReturnType<typeof aSealingLot>>
