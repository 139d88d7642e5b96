// tbid-draw/1, the part that is fixed before anyone reveals: prelude, commits, acknowledgements, the witnessed checkpoint and V.
// A party checks this before it reveals; an outsider checks the same from the transcript (crypto.md §10.9).

import { unhex } from './bytes.ts'
import { publicValue } from './draw.ts'
import {
  type DrawAck,
  type DrawCommit,
  type DrawMessage,
  type DrawPrelude,
  type DrawV,
  isSameDraw,
  isSignedBy,
  keysOf,
  readSigned,
  type Signed,
  signerOf,
} from './draw-message.ts'
import type { Json } from './jcs.ts'
import { verifyConsistency, verifyInclusion } from './merkle.ts'
import { cosignatureLine, noteHolds, readCheckpoint } from './note.ts'
import { ledgerLeaf } from './tlog.ts'

/** A log entry with what proves it: its salt, index and path to the root of the V checkpoint. */
export type ProvenEntry<M extends DrawMessage> = { payload: Signed<M>; salt: string; index: number; proof: string[] }

export type FixedDraw = {
  prelude: ProvenEntry<DrawPrelude>
  commits: ProvenEntry<DrawCommit>[]
  acks: ProvenEntry<DrawAck>[]
  /** Notes: the checkpoint cosigned before the last commit entry, and the first one cosigned after it. Null when none was cosigned before. */
  previous: string | null
  checkpoint: string
  consistency: string[]
  v: Signed<DrawV>
}

/** vkeys the reader trusts on its own account (anchors.json). */
export type TrustedKeys = { logs: string[]; witnesses: string[] }
export type Finding = { code: string; about: string }
export type FixedVerdict = {
  broken: Finding[]
  unproven: Finding[]
  proven: Finding[]
  prelude: DrawPrelude
  /** Null when something is broken. */
  v: Uint8Array | null
}

const bytesOf = (proof: string[]) => proof.map(node => Buffer.from(node, 'hex'))
const finding = (code: string, about = ''): Finding => ({ code, about })

/** Leaf of a logged message (crypto.md §10.3). Throws unless the salt is 32 bytes of hex. */
export const entryLeaf = (payload: Signed, salt: string): Uint8Array =>
  ledgerLeaf(unhex(salt), { ...payload } as Record<string, Json>)

type Tree = { note: string; size: number; root: Uint8Array }

/** Size and root of a checkpoint note; proves no signature. */
export function treeOf(note: string): Tree {
  const { size, root } = readCheckpoint(note)
  return { note, size, root: unhex(root) }
}

/** Whether a pool or log leaf (hex or bytes) stands at this index of the tree with this root. */
export const isMember = (leaf: Uint8Array, index: number, size: number, proof: string[], root: Uint8Array): boolean =>
  verifyInclusion({ index, size, leaf, proof: bytesOf(proof), root })

function checkEntry(entry: ProvenEntry<DrawMessage>, prelude: DrawPrelude, at: Tree): Finding[] {
  const { msg } = entry.payload
  const about = `${msg.t} ${'party' in msg ? msg.party : 'from' in msg ? `${msg.from} → ${msg.to}` : ''}`
  const signer = keysOf(prelude, signerOf(prelude, msg))
  const broken: Finding[] = []
  if (!isSameDraw(msg, prelude)) broken.push(finding('other-draw', about))
  if (!isSignedBy(entry.payload, signer.sign)) broken.push(finding('signature', about))
  if (!/^[0-9a-f]{64}$/.test(entry.salt)) broken.push(finding('salt', about))
  else if (!isMember(entryLeaf(entry.payload, entry.salt), entry.index, at.size, entry.proof, at.root))
    broken.push(finding('log-proof', about))
  return broken
}

/** One commit per party, with a share for each other party and no stranger; one fitting acknowledgement per share. */
function checkComplete(prelude: DrawPrelude, commits: DrawCommit[], acks: DrawAck[]): Finding[] {
  const names = prelude.parties.map(({ party }) => party)
  const broken: Finding[] = []
  if (commits.length !== names.length || acks.length !== names.length * (names.length - 1)) broken.push(finding('incomplete'))
  for (const from of names) {
    const commit = commits.find(({ party }) => party === from)
    const holders = names.filter(to => to !== from)
    if (!commit || Object.keys(commit.shares).sort().join() !== holders.join()) broken.push(finding('commit-shares', from))
    for (const to of holders) {
      const ack = acks.find(one => one.from === from && one.to === to)
      if (!commit || ack?.hash !== commit.shares[to]?.hash) broken.push(finding('ack', `${from} → ${to}`))
    }
  }
  return broken
}

/** previousSize ≤ index of the last commit entry < size, the notes are genuine, and the earlier tree is a prefix of the later. */
function checkCheckpoints(fixed: Omit<FixedDraw, 'v'>, prelude: DrawPrelude, at: Tree): Finding[] {
  const broken: Finding[] = []
  const last = lastIndexOf(fixed)
  if (!noteHolds(at.note, prelude.log)) broken.push(finding('checkpoint-signature'))
  if (last >= at.size) broken.push(finding('checkpoint-early'))
  if (fixed.previous === null) return broken
  const before = treeOf(fixed.previous)
  if (!noteHolds(before.note, prelude.log) || cosignatureLine(before.note, prelude.witness) === null)
    broken.push(finding('previous-signature'))
  if (before.size > last) broken.push(finding('previous-late'))
  const trees = { size1: before.size, root1: before.root, size2: at.size, root2: at.root, proof: bytesOf(fixed.consistency) }
  if (!verifyConsistency(trees)) broken.push(finding('consistency'))
  return broken
}

/** Highest log index among prelude, commits and acknowledgements: after it V may come. */
export const lastIndexOf = (fixed: Omit<FixedDraw, 'v'>): number =>
  Math.max(...[fixed.prelude, ...fixed.commits, ...fixed.acks].map(entry => entry.index))

function checkTrust(prelude: DrawPrelude, trusted: TrustedKeys | null): { broken: Finding[]; unproven: Finding[] } {
  if (trusted === null) return { broken: [], unproven: [finding('issuer', prelude.log), finding('issuer', prelude.witness)] }
  const broken: Finding[] = []
  if (!trusted.logs.includes(prelude.log)) broken.push(finding('log-key', prelude.log))
  if (!trusted.witnesses.includes(prelude.witness)) broken.push(finding('witness-key', prelude.witness))
  return { broken, unproven: [] }
}

function readEntries(fixed: Omit<FixedDraw, 'v'>) {
  const prelude = readSigned(fixed.prelude.payload, 'tbid/draw.prelude@1').msg
  const commits = fixed.commits.map(entry => readSigned(entry.payload, 'tbid/draw.commit@1').msg)
  const acks = fixed.acks.map(entry => readSigned(entry.payload, 'tbid/draw.ack@1').msg)
  return { prelude, commits, acks }
}

/** What stands before V is named: every entry, its proof, both checkpoints. The supervisor checks this before it names V. Throws when malformed. */
export function checkCommitted(fixed: Omit<FixedDraw, 'v'>, trusted: TrustedKeys | null): FixedVerdict {
  const { prelude, commits, acks } = readEntries(fixed)
  const at = treeOf(fixed.checkpoint)
  const trust = checkTrust(prelude, trusted)
  const line = cosignatureLine(at.note, prelude.witness)
  const broken = [
    ...trust.broken,
    ...[fixed.prelude, ...fixed.commits, ...fixed.acks].flatMap(entry => checkEntry(entry, prelude, at)),
    ...checkComplete(prelude, commits, acks),
    ...checkCheckpoints(fixed, prelude, at),
    ...(line === null ? [finding('cosignature')] : []),
  ]
  const proven = [finding('committed', String(lastIndexOf(fixed))), finding('witnessed', String(at.size))]
  const v = broken.length > 0 || line === null ? null : publicValue(at.root, line)
  return { broken, unproven: trust.unproven, proven: broken.length > 0 ? [] : proven, prelude, v }
}

/** As `checkCommitted`, and that the supervisor named exactly this checkpoint and the one before it. Every party checks this before it reveals. */
export function checkFixed(fixed: FixedDraw, trusted: TrustedKeys | null): FixedVerdict {
  const found = checkCommitted(fixed, trusted)
  const { msg } = readSigned(fixed.v, 'tbid/draw.v@1')
  const { prelude } = found
  const before = fixed.previous === null ? 0 : treeOf(fixed.previous).size
  const broken = [...found.broken]
  if (!isSameDraw(msg, prelude)) broken.push(finding('other-draw', msg.t))
  if (!isSignedBy(fixed.v, keysOf(prelude, prelude.supervisor).sign)) broken.push(finding('signature', msg.t))
  if (msg.checkpoint !== fixed.checkpoint) broken.push(finding('v-checkpoint'))
  if (msg.previousSize !== before) broken.push(finding('v-previous'))
  return { ...found, broken, v: broken.length > 0 ? null : found.v }
}
