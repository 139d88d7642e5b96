// tbid-draw/1, what a party does: deal its secret, hold others' shares, reveal. Pure steps; who runs them keeps the keys (crypto.md §10.10).
import { randomBytes } from 'node:crypto'
import { joinShares, partyCommitment, shareHash } from './draw.ts'
import {
  type DrawAck,
  type DrawCommit,
  type DrawPrelude,
  type DrawScope,
  type DrawShare,
  keysOf,
  type Signed,
} from './draw-message.ts'
import { pointOfSpki } from './ec-key.ts'
import { hpkeOpen, hpkeSeal, type P256Key } from './hpke.ts'
import type { Random } from './suite.ts'

const info = Buffer.from('tbid-draw/1 share')

/** A party's own secret for one draw: what it must write to its disk before it commits. Shares in base64, by holder. */
export type DealtSecret = { drawId: string; party: string; shares: Record<string, string> }

const scopeOf = (prelude: DrawScope): DrawScope => ({
  platform: prelude.platform,
  project: prelude.project,
  lot: prelude.lot,
  round: prelude.round,
  drawId: prelude.drawId,
})

const others = (prelude: DrawPrelude, me: string) => prelude.parties.filter(({ party }) => party !== me)

/** Deals a fresh secret: one random 32-byte share to each other party; r is their XOR. */
export function dealSecret(prelude: DrawPrelude, me: string, random: Random = randomBytes): DealtSecret {
  keysOf(prelude, me)
  const shares = others(prelude, me).map(({ party }) => [party, Buffer.from(random(32)).toString('base64')])
  return { drawId: prelude.drawId, party: me, shares: Object.fromEntries(shares) }
}

const dealtShares = (secret: DealtSecret) => Object.values(secret.shares).map(share => Buffer.from(share, 'base64'))

/** The commit message for a dealt secret: c over r and each share wrapped to its holder's registered key. */
export async function commitOf(prelude: DrawPrelude, secret: DealtSecret, random: Random = randomBytes): Promise<DrawCommit> {
  const { drawId, party } = secret
  const shares: DrawCommit['shares'] = {}
  for (const holder of others(prelude, party)) {
    const share = Buffer.from(secret.shares[holder.party]!, 'base64')
    const { enc, ct } = await hpkeSeal(pointOf(holder.wrap), info, share, random)
    shares[holder.party] = {
      hash: shareHash(drawId, party, holder.party, share),
      enc: Buffer.from(enc).toString('base64'),
      ct: Buffer.from(ct).toString('base64'),
    }
  }
  return {
    ...scopeOf(prelude),
    t: 'tbid/draw.commit@1',
    party,
    c: partyCommitment(drawId, party, joinShares(dealtShares(secret))),
    shares,
  }
}

function pointOf(spki: string): Uint8Array {
  const key = pointOfSpki(Buffer.from(spki, 'base64'))
  if (key?.curve !== 'P-256') throw new Error('draw: a wrap key must be P-256')
  return key.point
}

/** The share another party dealt to me, or null when it does not open or does not fit its hash. */
export async function openShare(commit: DrawCommit, me: string, key: P256Key): Promise<Uint8Array | null> {
  const wrapped = commit.shares[me]
  if (!wrapped) return null
  const message = { enc: Buffer.from(wrapped.enc, 'base64'), ct: Buffer.from(wrapped.ct, 'base64') }
  const share = await hpkeOpen(key, info, message).catch(() => null)
  return share && shareHash(commit.drawId, commit.party, me, share) === wrapped.hash ? share : null
}

/** The holder's acknowledgement that its share fits; without all of them there is no draw. */
export const ackOf = (prelude: DrawPrelude, commit: DrawCommit, me: string): DrawAck => ({
  ...scopeOf(prelude),
  t: 'tbid/draw.ack@1',
  from: commit.party,
  to: me,
  hash: commit.shares[me]!.hash,
})

/** My own reveal: every share I dealt. */
export const revealOf = (prelude: DrawPrelude, secret: DealtSecret): DrawShare[] =>
  Object.entries(secret.shares).map(([to, share]) => ({
    ...scopeOf(prelude),
    t: 'tbid/draw.share@1',
    from: secret.party,
    to,
    by: secret.party,
    share,
  }))

/** A silent party's share, published by me who holds it: the same bytes, whoever opens. */
export const publishFor = (prelude: DrawPrelude, from: string, me: string, share: Uint8Array): DrawShare => ({
  ...scopeOf(prelude),
  t: 'tbid/draw.share@1',
  from,
  to: me,
  by: me,
  share: Buffer.from(share).toString('base64'),
})

/** What every party can see of a draw under way. */
export type DrawSight = {
  prelude: DrawPrelude
  commits: Signed<DrawCommit>[]
  acks: Signed<DrawAck>[]
  /** Set once V is fixed: seconds since then. */
  sinceV: number | null
  shares: Signed<DrawShare>[]
}

export type Duty =
  | { do: 'commit' }
  | { do: 'ack'; from: string }
  | { do: 'name-v' }
  | { do: 'reveal' }
  | { do: 'publish'; from: string }

/** Every commit and every acknowledgement is there, so that V may follow. */
export function isCommitted(sight: Pick<DrawSight, 'prelude' | 'commits' | 'acks'>): boolean {
  const names = sight.prelude.parties.map(({ party }) => party)
  const acked = new Set(sight.acks.map(({ msg }) => `${msg.from} ${msg.to}`))
  const hasCommitted = (party: string) => sight.commits.some(({ msg }) => msg.party === party)
  return names.every(from => hasCommitted(from) && names.every(to => to === from || acked.has(`${from} ${to}`)))
}

/** The share of `from` held by `to`, once anybody has published it. */
export const shareOf = (shares: Signed<DrawShare>[], from: string, to: string): Uint8Array | null => {
  const found = shares.find(({ msg }) => msg.from === from && msg.to === to)
  return found ? Buffer.from(found.msg.share, 'base64') : null
}

/** r of every party, once all its shares are out; null for a party that is still missing one. */
export function secretOf(prelude: DrawPrelude, shares: Signed<DrawShare>[], party: string): Uint8Array | null {
  const found = others(prelude, party).map(holder => shareOf(shares, party, holder.party))
  return found.every(share => share !== null) ? joinShares(found) : null
}

/** What this party owes next. Before V: commit, acknowledge; then the supervisor names V; then all reveal, and holders for the silent. */
export function dutiesOf(sight: DrawSight, me: string): Duty[] {
  const { prelude, commits, acks, sinceV, shares } = sight
  if (sinceV === null) {
    if (!commits.some(({ msg }) => msg.party === me)) return [{ do: 'commit' }]
    const open = commits.filter(
      ({ msg }) => msg.party !== me && !acks.some(ack => ack.msg.from === msg.party && ack.msg.to === me),
    )
    if (open.length > 0) return open.map(({ msg }) => ({ do: 'ack', from: msg.party }))
    return me === prelude.supervisor && isCommitted(sight) ? [{ do: 'name-v' }] : []
  }
  if (secretOf(prelude, shares, me) === null) return [{ do: 'reveal' }]
  if (sinceV < prelude.revealAfter) return []
  return others(prelude, me).flatMap(({ party }) => (shareOf(shares, party, me) ? [] : [{ do: 'publish' as const, from: party }]))
}
