// What a custodian (保管人) does: a key for the lot, a look at the policy, and its shares after the close.
import { base64, unbase64 } from '../../crypto/bytes'
import { pkcs8OfScalar, scalarOfPkcs8 } from '../../crypto/ec-key'
import { type LotKeyScope, unwrapLotKey, wrapLotKey } from '../../crypto/lotkey'
import { messageText, readMessage } from '../../crypto/messages'
import { nodeRandom } from '../../crypto/suite-node'
import type { UnwrapKey } from '../../crypto/wrap'
import { freshPair, kidOf, ownUnwrap, selfOf, signText, unwrapWith } from './keys'
import type { Party } from './party'
import { type ReleaseAnswer, readAnchors, releaseWith } from './release'

/** A lot in which this organisation is custodian, and what is due. */
export interface CustodyItem {
  lotId: string
  projectId: string
  projectName: string
  lotName: string
  round: number
  state: string
  lotKey: string | null
  wrappedKey: string | null
  due: 'key' | 'cosign' | 'release' | null
}

export async function listCustody(party: Party): Promise<CustodyItem[]> {
  return (await party.api.get<{ lots: CustodyItem[] }>('/custody')).lots
}

async function scopeOf(party: Party, { projectId, lotId, round }: CustodyItem): Promise<LotKeyScope> {
  const { platform } = await readAnchors(party)
  return { platform, project: projectId, lot: lotId, round, org: party.organisationId }
}

/** Makes a key for the lot, signs its public half and leaves the private one with the platform, wrapped to the own certificate. */
export async function giveLotKey(party: Party, item: CustodyItem): Promise<void> {
  const pair = freshPair()
  const scope = await scopeOf(party, item)
  const message = messageText({ t: 'tbid/lotkey@1', ...scope, spki: base64(pair.spki) })
  const { secret } = scalarOfPkcs8(pair.pkcs8)
  const wrappedKey = base64(await wrapLotKey(selfOf(party.keys), secret, scope, nodeRandom))
  await party.api.put(`/lots/${item.lotId}/custody-key`, { message, cms: await signText(party.keys, message), wrappedKey })
}

/** Cosigns the policy after finding the own key in it. Throws when the policy names another key. */
export async function cosignPolicy(party: Party, item: CustodyItem): Promise<void> {
  const { payload } = await party.api.get<{ payload: string }>(`/lots/${item.lotId}/policy`)
  const policy = readMessage('tbid/policy@1', payload)
  const isNamed = policy.stages.every(stage =>
    stage.custodians.some(c => c.org === party.organisationId && c.lotKey === item.lotKey),
  )
  if (!isNamed) throw new Error('policy: it does not name the key that was given')
  await party.api.post(`/lots/${item.lotId}/policy/cosignature`, { cms: await signText(party.keys, payload) })
}

/** The lot's private key, unwrapped with the own certificate key. */
async function lotUnwrap(party: Party, item: CustodyItem): Promise<UnwrapKey> {
  const { lotKey, wrappedKey } = item
  if (!lotKey || !wrappedKey) throw new Error('custody: no key was given for this lot')
  const secret = await unwrapLotKey(await ownUnwrap(party.keys), unbase64(wrappedKey), await scopeOf(party, item))
  if (!secret) throw new Error('custody: the lot key was wrapped for another certificate')
  return unwrapWith(kidOf(unbase64(lotKey)), pkcs8OfScalar('P-256', secret))
}

/** Gives out the shares of every counted bid; null while the close is not cosigned. */
export async function releaseCustody(party: Party, item: CustodyItem): Promise<ReleaseAnswer | null> {
  return releaseWith(party, item.lotId, await lotUnwrap(party, item))
}
