// The witness (见证): keeps what it last saw of the log, checks that it only grew, and cosigns. It never signs two histories (crypto.md §5).
import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import { unhex } from '@/crypto/bytes'
import { verifyConsistency } from '@/crypto/merkle'
import {
  cosignatureLine,
  cosignNote,
  ed25519OfSpki,
  noteHolds,
  noteKeyType,
  parseNote,
  readCheckpoint,
  verifierKeyOf,
} from '@/crypto/note'
import type { Api } from './api'
import type { Keep } from './store'

/** One cosigned checkpoint; `note` carries our line. The history decides which checkpoint came first after a commit (crypto.md §10.9). */
export type Cosigned = { size: number; root: string; note: string }

export const historyFile = 'cosigned.jsonl'
const pinFile = 'log.json'

export type WitnessKey = { name: string; vkey: string; publicKey: Uint8Array; key: KeyObject }

/** The witness's key in its folder, and the verifier key it registers. */
export function witnessKey(keep: Keep, name: string): WitnessKey {
  const key = keep.key('witness', 'ed25519')
  const publicKey = ed25519OfSpki(createPublicKey(key).export({ format: 'der', type: 'spki' }))
  return { name, key, publicKey, vkey: verifierKeyOf(name, publicKey, noteKeyType.cosignature) }
}

type Anchors = { log: { vkey: string } }

/** The log's verifier key: what anchors said at first use, pinned ever after. Throws when the platform now names another. */
export async function pinnedLog(api: Api, keep: Keep): Promise<string> {
  const pinned = keep.read<{ vkey: string }>(pinFile)
  if (pinned) return pinned.vkey
  const anchors = await api.getJson<Anchors>('/api/v1/anchors')
  if (!anchors) throw new Error('the platform serves no anchors')
  keep.write(pinFile, { vkey: anchors.log.vkey })
  return anchors.log.vkey
}

/** Registers the verifier key; the same key again is no error. What was cosigned last is handed in once more: the end may have come in between. */
export async function registerWitness(api: Api, keep: Keep, { vkey }: WitnessKey): Promise<void> {
  const { status, body } = await api.send('POST', '/api/v1/log/witnesses', { vkey })
  const code = (body as { code?: string } | null)?.code
  if (status >= 400 && code !== 'already-done') throw new Error(`registering the witness: ${status} ${code ?? ''}`)
  const last = keep.lines<Cosigned>(historyFile).at(-1)
  if (last) keep.write(unsentFile, [last.note])
}

const unsentFile = 'unsent.json'

/** Hands in what the platform has not taken yet: a cosignature once made is never made again with another time. */
async function handIn(api: Api, keep: Keep): Promise<void> {
  for (const note of keep.read<string[]>(unsentFile) ?? []) {
    const { status } = await api.send('POST', '/api/v1/log/cosignatures', { note })
    if (status >= 400) throw new Error(`handing in a cosignature: ${status}`)
  }
  keep.write(unsentFile, [])
}

/** Thrown when the log shows two histories: the witness stops, and says so, rather than vouch for either. */
export class SplitView extends Error {
  override name = 'SplitView'
}

async function checkGrowth(api: Api, last: Cosigned, seen: { size: number; root: string }): Promise<void> {
  const answer = await api.getJson<{ proof: string[] }>(`/api/v1/log/consistency?from=${last.size}&to=${seen.size}`)
  const trees = { size1: last.size, root1: unhex(last.root), size2: seen.size, root2: unhex(seen.root) }
  const proof = (answer?.proof ?? []).map(unhex)
  if (!verifyConsistency({ ...trees, proof })) throw new SplitView(`tree ${seen.size} does not continue tree ${last.size}`)
}

/**
 * One look at the log: a newer public checkpoint is checked against the pinned key and the last one, written down, then cosigned.
 * A checkpoint cosigned before but not taken by the platform is handed in again, the very same line. Returns the size cosigned, or null.
 */
export async function witnessStep(
  api: Api,
  keep: Keep,
  me: WitnessKey,
  log: string,
  now: () => number = Date.now,
): Promise<number | null> {
  if ((keep.read<string[]>(unsentFile) ?? []).length > 0) await handIn(api, keep)
  const note = await api.getText('/api/v1/log/checkpoint')
  if (note === null) return null
  const seen = readCheckpoint(note)
  if (!noteHolds(note, log)) throw new SplitView('the checkpoint is not signed by the pinned log key')
  const last = keep.lines<Cosigned>(historyFile).at(-1)
  if (last && seen.size < last.size) return null
  if (last && seen.size === last.size) {
    if (seen.root !== last.root) throw new SplitView(`two trees of size ${seen.size}`)
    if (cosignatureLine(note, me.vkey) === null) keep.write(unsentFile, [last.note])
    return null
  }
  if (last) await checkGrowth(api, last, seen)
  const { text, lines } = parseNote(note)
  const own = await cosignNote(text, me, BigInt(Math.floor(now() / 1000)), message => sign(null, message, me.key))
  const others = lines.filter(line => !line.startsWith(`— ${me.name} `))
  const cosigned = `${text}\n${[...others, own].join('\n')}\n`
  keep.append(historyFile, { size: seen.size, root: seen.root, note: cosigned } satisfies Cosigned)
  keep.write(unsentFile, [...(keep.read<string[]>(unsentFile) ?? []), cosigned])
  await handIn(api, keep)
  return seen.size
}
