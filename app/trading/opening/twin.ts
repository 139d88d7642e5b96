import type { TwinState } from '@/db/schema/trading/opening-act'
import { openingTermsOf } from '../lot/opening-terms'
import { type TwinRule, twinRules } from '../rules/twin'
import type { Failure } from './settle'

/** One file of a twin as it lies here: its bytes as an upload, the salt of its commitment in base64. */
export type TwinFile = {
  fileId: string
  role: string
  name: string
  type: string
  size: number
  uploadId: string
  twinSalt: string
}

type Settled = { state: string; reason: string | null }

/** Whether the tender document gives twin files (补录) as a remedy. */
export const givesTwins = (lot: { openingTerms: unknown }): boolean => openingTermsOf(lot).remedies.includes('twin')

/** The rule by which a twin may stand for a bid that failed; null where none can. */
export function twinRuleOf({ state, reason }: Settled): TwinRule | null {
  const isFailed = state === 'revoked' || state === 'withdrawn'
  return isFailed && reason ? (twinRules[reason as Failure] ?? null) : null
}

/** Whether the end of the reading has to ask for twins first. */
export const mayNeedTwins = (lot: { openingTerms: unknown }, bids: Settled[]): boolean =>
  givesTwins(lot) && bids.some(one => twinRuleOf(one) !== null)

type Failed = Settled & { id: string; no: number }

/** Of the failed bids: those whose twin waits for a decision, and those whose twin may still come. Numbers of the hall's list. */
export function twinsWaiting(bids: Failed[], twins: Map<string, TwinState>, isTaking: boolean) {
  const failed = bids.filter(one => twinRuleOf(one) !== null)
  return {
    handed: failed.filter(one => twins.get(one.id) === 'handed').map(one => one.no),
    awaited: failed.filter(one => isTaking && !twins.has(one.id) && twinRuleOf(one)!.until === 'after').map(one => one.no),
  }
}

/** Whether a twin of this bid is taken now: its key may yet be missing, or it failed and the time for twins runs. */
export function takesTwin(
  opening: { phase: string; releaseEndsAt: Date | null; twinEndsAt: Date | null; twinClosedAt: Date | null },
  bid: Settled,
  now: Date,
): boolean {
  const { phase, releaseEndsAt, twinEndsAt, twinClosedAt } = opening
  if (phase === 'releasing') return releaseEndsAt !== null && now < releaseEndsAt
  const isTaking = phase === 'reading' && twinEndsAt !== null && twinClosedAt === null && now < twinEndsAt
  return isTaking && twinRuleOf(bid)?.until === 'after'
}
