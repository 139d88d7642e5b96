// Giving out key parts after the close. Custodians and bidders take the deadline only from the cosigned lot.close entry.

import { base64, unbase64, unhex } from '../../crypto/bytes'
import { checkTurn } from '../../crypto/give-out'
import { type Head, parseHead, wrapBindOf } from '../../crypto/header'
import { type Json, parseCanonicalText } from '../../crypto/jcs'
import { verifyInclusion } from '../../crypto/merkle'
import { type LotCloseMessage, messageHash, messageText, readMessage, type SubmitMessage } from '../../crypto/messages'
import { noteHolds, readCheckpoint } from '../../crypto/note'
import { shareCommit } from '../../crypto/seal'
import { nodeSuites } from '../../crypto/suite-node'
import { ledgerLeaf } from '../../crypto/tlog'
import { bindingHash, type UnwrapKey, unwrapSecret } from '../../crypto/wrap'
import { signText } from './keys'
import type { Party } from './party'

/** The lot.close entry with all that proves it. */
export interface ServedClose {
  payload: string
  salt: string
  idx: number
  proof: string[]
  checkpoint: string
}

export interface BundleFile {
  fileId: string
  role: string
  stage: string
  head: string
}

export interface Bundle {
  close: ServedClose
  policy: { payload: string }
  bids: { statementHash: string; statement: string; files: BundleFile[] }[]
}

/** Whom a client trusts: the platform's log key and at least one witness. */
export interface Anchors {
  platform: string
  log: { name: string; vkey: string }
  witnesses: { name: string; vkey: string }[]
}

export const readAnchors = (party: { api: Party['api'] }): Promise<Anchors> => party.api.get<Anchors>('/anchors')

interface Close {
  message: LotCloseMessage
  checkpoint: { size: number; root: string }
}

/** The close of a lot, or throws: the entry must be in a checkpoint that the log signed and a witness cosigned. */
export function provenClose(served: ServedClose, anchors: Anchors): Close {
  const { salt, idx, proof, checkpoint: note } = served
  if (!noteHolds(note, anchors.log.vkey)) throw new Error('close: the log has not signed this checkpoint')
  if (!anchors.witnesses.some(({ vkey }) => noteHolds(note, vkey)))
    throw new Error('close: no witness has cosigned this checkpoint')
  const { size, root } = readCheckpoint(note)
  const payload = parseCanonicalText(served.payload) as Record<string, Json>
  const leaf = ledgerLeaf(unhex(salt), payload)
  const isIn = verifyInclusion({ index: idx, size, leaf, proof: proof.map(unhex), root: unhex(root) })
  if (!isIn) throw new Error('close: not in this checkpoint')
  return { message: readMessage('tbid/lot.close@1', served.payload), checkpoint: { size, root } }
}

/**
 * The heads of a counted bid's files. Throws unless statement and heads are the ones that were committed, and of the first
 * envelope where there are two (双信封): this program opens no second.
 */
function headsOf({ policy }: Bundle, { statement, statementHash, files }: Bundle['bids'][number]): Head[] {
  if (messageHash(statement) !== statementHash) throw new Error('bundle: the statement does not fit its hash')
  const stated: SubmitMessage = readMessage('tbid/submit@1', statement)
  return files.map(({ fileId, head }) => {
    const parsed = parseHead(nodeSuites, unbase64(head))
    const promised = stated.files.find(file => file.fileId === fileId)
    if (promised?.head !== parsed.hash) throw new Error('bundle: a head is not the one that was committed')
    checkTurn({ policy, envelope: null }, statementHash, parsed)
    return parsed
  })
}

interface Part {
  statement: string
  part: string
  value: string
}

async function partB(heads: Head[], key: UnwrapKey): Promise<Uint8Array | null> {
  if (!heads[0]) return null
  const { header, suite } = heads[0]
  const wrap = header.parts.b?.to.find(one => one.kid === key.kid)
  return wrap ? unwrapSecret(key, wrap, bindingHash(suite, wrapBindOf(header.bind), 'b')) : null
}

async function shareOf(heads: Head[], key: UnwrapKey): Promise<{ part: string; share: Uint8Array } | null> {
  if (!heads[0]) return null
  const { header, suite } = heads[0]
  const shares = header.parts.c?.shares ?? []
  const at = shares.findIndex(one => one.kid === key.kid)
  if (at < 0) return null
  const share = await unwrapSecret(key, shares[at]!, bindingHash(suite, wrapBindOf(header.bind), `c${at}`))
  return share && shareCommit(suite, share) === shares[at]!.commit ? { part: `c${at}`, share } : null
}

/** Bundle, proven close and what this key can give out of it; null while the close is not cosigned. */
async function readBundle(party: Party, lotId: string): Promise<{ bundle: Bundle; close: Close } | null> {
  const bundle = await party.api.find<Bundle>(`/lots/${lotId}/release-bundle`)
  return bundle && { bundle, close: provenClose(bundle.close, await readAnchors(party)) }
}

async function post(party: Party, { bundle, close }: { bundle: Bundle; close: Close }, releases: Part[]): Promise<ReleaseAnswer> {
  const { platform, project, lot, round } = close.message
  // A file that the platform lost has no head in the bundle.
  const { stage } = bundle.bids.flatMap(bid => bid.files)[0]!
  const common = { t: 'tbid/release@1' as const, platform, project, lot, round, org: party.organisationId, stage }
  const message = messageText({ ...common, checkpoint: close.checkpoint, releases })
  return party.api.post<ReleaseAnswer>(`/lots/${lot}/releases`, { message, cms: await signText(party.keys, message) })
}

export interface ReleaseAnswer {
  accepted: unknown[]
  refused: { statement: string; part: string; code: string }[]
}

/** The bidder gives out its part of what was counted, in custody mode none; null while the close is not cosigned. */
export async function releaseOwn(party: Party, lotId: string, key: UnwrapKey): Promise<ReleaseAnswer | null> {
  const found = await readBundle(party, lotId)
  if (!found) return null
  const releases: Part[] = []
  for (const bid of found.bundle.bids) {
    const value = await partB(headsOf(found.bundle, bid), key)
    if (value) releases.push({ statement: bid.statementHash, part: 'b', value: base64(value) })
  }
  return releases.length ? post(party, found, releases) : { accepted: [], refused: [] }
}

/** A custodian gives out its share of every counted bid. */
export async function releaseShares(party: Party, lotId: string, key: UnwrapKey): Promise<ReleaseAnswer | null> {
  const found = await readBundle(party, lotId)
  if (!found) return null
  const releases: Part[] = []
  for (const bid of found.bundle.bids) {
    const opened = await shareOf(headsOf(found.bundle, bid), key)
    if (opened) releases.push({ statement: bid.statementHash, part: opened.part, value: base64(opened.share) })
  }
  return releases.length ? post(party, found, releases) : { accepted: [], refused: [] }
}
