// A bid as its bidder makes it: sealed on this machine, uploaded, committed in one signed statement, its receipt checked.
import { hex, unbase64 } from '../../crypto/bytes'
import { messageHash, messageText, type PolicyMessage, type PolicyStage, readMessage } from '../../crypto/messages'
import { type FileSealer, type SealedFile, type StageSealer, sealStage } from '../../crypto/seal'
import { nodeRandom, nodeSuites } from '../../crypto/suite-node'
import type { Recipient } from '../../crypto/wrap'
import { signText } from './keys'
import type { Party } from './party'
import { checkReceipt, type Receipt } from './receipt'
import { readAnchors } from './release'
import { upload } from './upload'

export interface ContentFile {
  role: string
  name: string
  type: string
  bytes: Uint8Array
}

export interface PublicLot {
  id: string
  code: string
  name: string
  state: string
  round: number
  suite: 'intl' | 'gm'
  releaseMode: string
  ceilingFen: string
  biddingStartsAt: string
  biddingEndsAt: string
  project: { id: string; code: string; name: string }
}

export interface Policy {
  hash: string
  message: PolicyMessage
}

export const readPublicLot = (party: { api: Party['api'] }, lotId: string): Promise<PublicLot> =>
  party.api.get(`/public/lots/${lotId}`)

/** The lot's sealing policy. Throws when the text does not have the hash it is served under. */
export async function readPolicy(party: { api: Party['api'] }, lotId: string): Promise<Policy> {
  const { payload, hash } = await party.api.get<{ payload: string; hash: string }>(`/lots/${lotId}/policy`)
  if (messageHash(payload) !== hash) throw new Error('policy: its hash does not fit')
  return { hash, message: readMessage('tbid/policy@1', payload) }
}

const sha256 = (bytes: Uint8Array) => hex(nodeSuites.intl.hash(bytes))
const algOf = (suite: 'intl' | 'gm') => (suite === 'gm' ? 'SM2' : 'HPKE-P256')
const pieceBytes = 2 ** 20

/** The second of the deadline, as it stands in signed messages. */
const secondOf = (instant: string) => `${new Date(instant).toISOString().slice(0, 19)}Z`

export interface SealedBid {
  files: SealedFile[]
  contents: Map<string, Uint8Array>
}

async function stageSealer(party: Party, lot: PublicLot, policy: Policy, stage: PolicyStage): Promise<StageSealer> {
  const suite = nodeSuites[policy.message.suite]
  const lotKeys: Recipient[] = stage.custodians.map(({ lotKey }) => {
    const spki = unbase64(lotKey)
    return { alg: algOf(suite.id), kid: sha256(spki), spki }
  })
  const own = party.keys.encrypt
  const usesB = stage.mode !== 'custody'
  const bind = {
    project: policy.message.project,
    lot: policy.message.lot,
    round: policy.message.round,
    stage: stage.stage,
    deadline: secondOf(lot.biddingEndsAt),
    bidderCert: party.keys.sign.fingerprint,
    policy: policy.hash,
  }
  const bidderKeys: Recipient[] = usesB ? [{ alg: algOf(suite.id), kid: own.fingerprint, spki: own.spki }] : []
  return sealStage({ suite, random: nodeRandom, bind, mode: stage.mode, bidderKeys, lotKeys, k: stage.k })
}

/** Seals the files under the lot's policy, each in its stage; nothing of it has left the machine yet. */
export async function sealBid(party: Party, lot: PublicLot, policy: Policy, files: ContentFile[]): Promise<SealedBid> {
  const sealers = new Map<string, StageSealer>()
  for (const stage of policy.message.stages) sealers.set(stage.stage, await stageSealer(party, lot, policy, stage))
  const sealed: SealedBid = { files: [], contents: new Map() }
  for (const { bytes, ...file } of files) {
    const { stage } = policy.message.stages.find(({ roles }) => roles.includes(file.role))!
    const one = await sealers.get(stage)!.file({ ...file, size: bytes.length })
    const { file: described, content } = await sealContent(one, bytes)
    sealed.files.push(described)
    sealed.contents.set(described.fileId, content)
  }
  return sealed
}

async function sealContent(sealer: FileSealer, bytes: Uint8Array): Promise<{ file: SealedFile; content: Uint8Array }> {
  const content = new Uint8Array(sealer.size)
  let at = 0
  const keep = (pieces: Uint8Array[]) => {
    for (const piece of pieces) {
      content.set(piece, at)
      at += piece.length
    }
  }
  for (let from = 0; from < bytes.length; from += pieceBytes) keep(await sealer.push(bytes.subarray(from, from + pieceBytes)))
  const { rest, file } = await sealer.finish()
  keep(rest)
  return { file, content }
}

/** Uploads every sealed file; gives the upload id of each file id. */
export async function uploadBid(party: Party, { contents }: SealedBid): Promise<Record<string, string>> {
  const uploads: Record<string, string> = {}
  for (const [fileId, content] of contents) uploads[fileId] = await upload(party.api, content)
  return uploads
}

/** What the bidder knows of its former version, to replace or withdraw it. */
export interface Former {
  seq: number
  statementHash: string
}

export interface Committed extends Former {
  statement: string
  receipt: Receipt
}

/** Signs the statement, commits it and checks the receipt before believing it. `files: []` withdraws. */
export async function commitBid(
  party: Party,
  policy: Policy,
  bid: { files: SealedFile[]; uploads: Record<string, string> },
  former: Former | null,
): Promise<Committed> {
  const { platform, project, lot, round } = policy.message
  const seq = (former?.seq ?? 0) + 1
  const statement = messageText({
    t: 'tbid/submit@1',
    platform,
    project,
    lot,
    round,
    policy: policy.hash,
    org: party.organisationId,
    cert: party.keys.sign.fingerprint,
    seq,
    prev: former?.statementHash ?? null,
    files: bid.files,
  })
  const body = { statement, cms: await signText(party.keys, statement), uploads: bid.uploads }
  const receipt = await party.api.post<Receipt>(`/lots/${lot}/bids`, body)
  checkReceipt(receipt, statement, await readAnchors(party))
  return { seq, statement, statementHash: messageHash(statement), receipt }
}

/** Seals, says that sending begins, uploads and commits. */
export async function submitBid(
  party: Party,
  lotId: string,
  files: ContentFile[],
  former: Former | null = null,
): Promise<Committed> {
  const [lot, policy] = [await readPublicLot(party, lotId), await readPolicy(party, lotId)]
  const sealed = await sealBid(party, lot, policy, files)
  await party.api.post(`/lots/${lotId}/bids/beginning`, {})
  return commitBid(party, policy, { files: sealed.files, uploads: await uploadBid(party, sealed) }, former)
}

/** Withdraws the current version before the deadline (《招标投标法》29). */
export async function withdrawBid(party: Party, lotId: string, former: Former): Promise<Committed> {
  return commitBid(party, await readPolicy(party, lotId), { files: [], uploads: {} }, former)
}

export interface BidVersion extends Former {
  isWithdrawal: boolean
  receipt: Receipt
}

export interface MyBid {
  versions: BidVersion[]
  refused: { at: string; code: string; text: string }[]
}

/** The party's own bid: every version with its receipt, and what was refused. */
export const readMyBid = (party: Party, lotId: string): Promise<MyBid> => party.api.get<MyBid>(`/lots/${lotId}/my-bid`)
