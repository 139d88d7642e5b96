// Giving out key parts after the close. Custodians and bidders take the deadline only from the cosigned lot.close entry, and the
// turn of a second envelope (双信封) only from the cosigned entry that opens it.

import { type Bundle, giveOut, type ProvenClose, proveClose, type ServedClose } from '../../crypto/give-out'
import { nodeSuites } from '../../crypto/suite-node'
import type { UnwrapKey } from '../../crypto/wrap'
import { signText } from './keys'
import type { Party } from './party'

/** Whom a client trusts: the platform's log key and at least one witness. */
export interface Anchors {
  platform: string
  log: { name: string; vkey: string }
  witnesses: { name: string; vkey: string }[]
}

export const readAnchors = (party: { api: Party['api'] }): Promise<Anchors> => party.api.get<Anchors>('/anchors')

/** The close of a lot, or throws: the entry must be in a checkpoint that the log signed and a witness cosigned. */
export const provenClose = (close: ServedClose, anchors: Anchors): ProvenClose => proveClose({ close }, anchors)

export interface ReleaseAnswer {
  accepted: unknown[]
  refused: { statement: string; part: string; code: string }[]
}

/**
 * Gives out what this key opens of what was counted and is due: a bidder's own part, in custody mode none, or a custodian's share
 * of every bid. Null while the platform does not allow release. Throws when what it serves proves nothing of the kind.
 */
export async function releaseWith(party: Party, lotId: string, key: UnwrapKey): Promise<ReleaseAnswer | null> {
  const bundle = await party.api.find<Bundle>(`/lots/${lotId}/release-bundle`)
  if (!bundle) return null
  const close = proveClose(bundle, await readAnchors(party))
  const { message, report } = await giveOut(nodeSuites, { bundle, close, org: party.organisationId, keys: [key] })
  if (report)
    await party.api.post(`/lots/${lotId}/releases/reports`, { message: report, cms: await signText(party.keys, report) })
  if (!message) return { accepted: [], refused: [] }
  return party.api.post<ReleaseAnswer>(`/lots/${lotId}/releases`, { message, cms: await signText(party.keys, message) })
}
