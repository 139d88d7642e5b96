import type { SealScope } from './seal-client'

/** A sealed file kept in this browser until the platform has it: ciphertext, nothing that opens it. */
export interface KeptFile {
  /** Also its name in the store. */
  fileId: string
  role: string
  /** Bytes of the sealed file. */
  size: number
  /** RFC 9162 root of the sealed file, as the statement signs it. */
  root: string
  /** Its upload at the platform, once there is one. */
  uploadId: string | null
  /** Bytes the platform was last known to have. */
  sent: number
}

/**
 * A bid sealed and signed in this browser, on its way to the platform. It holds what the platform will get and no more: keys, prices
 * and names of files are forgotten with the worker that sealed it (crypto.md §10.2).
 */
export interface KeptBid {
  /** Random; names its folder in the store. */
  id: string
  lotId: string
  org: string
  suite: 'intl' | 'gm'
  /** Under what it was sealed: as the page's scope had it then. */
  policy: string
  deadline: string
  termsVersion: number
  /** Hash of the statement it follows, or null for the first. */
  prev: string | null
  statement: string
  statementHash: string
  cms: string
  /** ISO time of this machine's clock. */
  sealedAt: string
  files: KeptFile[]
}

/** Where a kept bid stands against the lot as it is now. Only `ready` and `delivered` may go on. */
export type KeptStanding = 'ready' | 'delivered' | 'other-organisation' | 'late' | 'policy' | 'terms' | 'replaced'

/** Judges a kept bid by the lot's page; the platform judges again when it is committed. */
export function keptStanding(kept: KeptBid, scope: SealScope, isOpen: boolean): KeptStanding {
  if (kept.org !== scope.org) return 'other-organisation'
  const former = scope.former?.statementHash ?? null
  // The answer was lost on its way: the same statement gets the same receipt.
  if (kept.statementHash === former) return 'delivered'
  if (!isOpen) return 'late'
  if (kept.policy !== scope.policy) return 'policy'
  if (kept.termsVersion !== scope.termsVersion || kept.deadline !== scope.deadline) return 'terms'
  return kept.prev === former ? 'ready' : 'replaced'
}

const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0)

/** Bytes of a kept bid: all of it, and what the platform was last known to have. */
export const keptBytes = ({ files }: KeptBid): { total: number; sent: number } => ({
  total: sum(files.map(file => file.size)),
  sent: sum(files.map(file => file.sent)),
})
